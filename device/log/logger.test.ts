import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { createRateLimit, MAX_KINDS } from './rate-limit.ts';

test('createLogger() writes one JSON object per event at or above its level', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', write: (line) => lines.push(line), now: () => 0 });
  log.info('quiet');
  log.warn('loud', { topic: 'a\nb' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0])).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'loud',
    topic: 'a\nb',
  });
});

test('createRateLimit() lets one of a kind through per interval and counts the others', () => {
  let time = 0;
  const admit = createRateLimit({ intervalMs: 1000, now: () => time });
  expect([admit('a'), admit('a'), admit('b'), admit('a')]).toEqual([1, 0, 1, 0]);
  time = 1000;
  expect(admit('a')).toBe(3);
});

test('createRateLimit() keeps a bounded number of kinds', () => {
  const admit = createRateLimit({ intervalMs: 1000, now: () => 0 });
  for (let i = 0; i < MAX_KINDS; i++) expect(admit(`kind-${i}`)).toBe(1);
  expect([admit('late-1'), admit('late-2')]).toEqual([1, 0]);
});
