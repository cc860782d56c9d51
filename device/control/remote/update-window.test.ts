import { updateScheduleSchema } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createUpdateWindow } from './update-window.ts';

const schedule = updateScheduleSchema.parse({
  timeZone: 'Asia/Tokyo',
  windows: [
    { days: ['sat'], from: '22:00', to: '02:00' },
    { days: ['wed'], from: '03:00', to: '04:00' },
  ],
});

test.each([
  ['2026-11-28T12:59:59Z', false],
  ['2026-11-28T13:00:00Z', true],
  ['2026-11-28T16:59:59Z', true],
  ['2026-11-28T17:00:00Z', false],
  ['2026-11-24T18:30:00Z', true],
])('a window is open at %s: %s', (text, open) => {
  expect(createUpdateWindow(schedule).isOpen(Date.parse(text))).toBe(open);
});

test('nextChange() says when a window opens; without windows it is always open', () => {
  const at = Date.parse('2026-11-26T00:00:00Z');
  expect(createUpdateWindow(schedule).nextChange(at)).toBe(Date.parse('2026-11-28T13:00:00Z'));
  expect(createUpdateWindow(undefined).isOpen(at)).toBe(true);
  expect(createUpdateWindow(undefined).nextChange(at)).toBeUndefined();
});
