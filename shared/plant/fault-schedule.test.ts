import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../random/index.ts';
import { createFaultSchedule } from './fault-schedule.ts';
import { LABEL_SEVERITY, NORMAL, severityAt } from './faults.ts';

const HOUR_MS = 3_600_000;

test('createFaultSchedule() never has two faults at once and knows the one it has', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const schedule = createFaultSchedule({
        random: createRandom(seed),
        from: 0,
        until: 48 * HOUR_MS,
      });
      const { episodes } = schedule;
      for (let e = 1; e < episodes.length; e++) {
        expect(episodes[e].begin).toBeGreaterThan(episodes[e - 1].end);
      }
      for (const episode of episodes) {
        expect(schedule.at((episode.begin + episode.end) / 2)).toBe(episode);
        expect(schedule.at(episode.begin)).toBeUndefined();
        expect(schedule.at(episode.end)).toBeUndefined();
      }
    }),
    { numRuns: 50 },
  );
});

test('truth() turns at the labelled severity', () => {
  const schedule = createFaultSchedule({ random: createRandom(1), from: 0, until: 24 * HOUR_MS });
  const [episode] = schedule.episodes;
  const turn = episode.begin + (LABEL_SEVERITY / episode.peak) * episode.rampMs;
  expect(schedule.truth(turn - 1)).toBe(NORMAL);
  expect(schedule.truth(turn + 1)).toBe(episode.fault);
  expect(schedule.truth(episode.end)).toBe(NORMAL);
});

test('createFaultSchedule() brings up all kinds equally often', () => {
  const { episodes } = createFaultSchedule({
    random: createRandom(2),
    from: 0,
    until: 1000 * HOUR_MS,
  });
  const counts = [1, 2, 3, 4, 5].map(
    (kind) => episodes.filter(({ fault }) => fault === kind).length,
  );
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

test('severityAt() ramps from 0 to the peak and ends with the repair', () => {
  const episode = { fault: 1, begin: 100, rampMs: 50, peak: 0.8, end: 300 };
  const severities = [99, 100, 125, 150, 299, 300].map((time) => severityAt(episode, time));
  expect(severities).toEqual([0, 0, 0.4, 0.8, 0.8, 0]);
});
