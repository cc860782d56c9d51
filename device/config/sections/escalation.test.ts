import { expect, test } from 'vitest';
import { edgeVia, escalationSection } from './escalation.ts';

/** Path of the first issue. */
const refusal = (input: unknown) =>
  escalationSection.safeParse(input).error?.issues[0].path.join('.');

test('escalationSection limits nothing by default but the age of rows', () => {
  expect(escalationSection.parse({})).toEqual({
    maxAgeMs: 28_800_000,
    breaker: { failures: 3, failureShare: 0.5, windowRequests: 20 },
    budget: { timeZone: 'UTC', whenSpent: 'wait' },
    bridge: {},
  });
  expect(edgeVia.parse(undefined)).toBe('https');
});

test.each([
  [{ budget: { timeZone: 'Osaka' } }, 'budget.timeZone'],
  [{ budget: { timeZone: '+09:00' } }, 'budget.timeZone'],
  [{ budget: { rowsPerDay: 0 } }, 'budget.rowsPerDay'],
  [{ budget: { bytesPerMinute: 1000 } }, 'budget.bytesPerMinute'],
  [{ budget: { whenSpent: 'sometimes' } }, 'budget.whenSpent'],
  [{ breaker: { failures: 0 } }, 'breaker.failures'],
  [{ breaker: { failureShare: 0 } }, 'breaker.failureShare'],
  [{ maxAgeMs: 10 }, 'maxAgeMs'],
  [{ bridge: { secretEnv: 'A', secretFile: 'b' } }, 'bridge'],
  [{ bridge: { secret: 'in the file' } }, 'bridge'],
])('escalationSection refuses %j and names the place', (input, path) => {
  expect(refusal(input)).toBe(path);
});
