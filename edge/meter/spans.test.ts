import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addTally, createTally, type Tally } from '../metrics/tally.ts';
import { meterOf } from '../testing/meter.ts';
import { someSeries, tallies } from '../testing/tallies.ts';
import { DAY_MS, HOUR_MS, periodStart } from './periods.ts';
import { addSeries, changedSpans, closeHours, settleSpans } from './spans.ts';

/** Runs on the real storage of a meter of its own. */
const withSql = <R>(name: string, run: (sql: SqlStorage) => R) =>
  runInDurableObject(meterOf(name), (_, { storage }) => run(storage.sql));

const START = Date.UTC(2026, 4, 1, 12);

test('what comes while D1 is being told is told next, though its hour is over', async () => {
  const nodes = await withSql('late', (sql) => {
    addSeries(sql, [someSeries(1)], START);
    const told = changedSpans(sql);
    addSeries(sql, [someSeries(2)], START + 1);
    settleSpans(sql, told);
    closeHours(sql, START + HOUR_MS);
    return changedSpans(sql).map(({ span, tally }) => [span, tally.nodes]);
  });
  expect(nodes).toEqual([
    ['hour', 3],
    ['day', 3],
    ['total', 3],
  ]);
});

/** Flushes, roll-ups that reach D1 or not, and time that passes. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('flush' as const), tally: tallies }),
    fc.record({ kind: fc.constant('told' as const) }),
    fc.record({ kind: fc.constant('lost' as const) }),
    fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.integer({ min: 1, max: 20 * HOUR_MS }),
    }),
  ),
  { maxLength: 25 },
);

test('whatever fails and whenever, what D1 was told last is the sum of its time', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const { told, added } = await withSql(`property-${++runs}`, (sql) => {
        const known = new Map<string, Tally>();
        const sums = new Map<string, Tally>();
        let now = START;
        const tell = () => {
          const changed = changedSpans(sql);
          for (const { span, start, tally } of changed) known.set(`${span} ${start}`, tally);
          settleSpans(sql, changed);
          closeHours(sql, now);
        };
        for (const step of list) {
          if (step.kind === 'wait') now += step.ms;
          else if (step.kind === 'lost') changedSpans(sql);
          else if (step.kind === 'told') tell();
          else {
            addSeries(sql, [{ ...someSeries(0), tally: step.tally }], now);
            const places = [
              `hour ${periodStart(now, HOUR_MS)}`,
              `day ${periodStart(now, DAY_MS)}`,
              'total 0',
            ];
            for (const place of places) {
              sums.set(place, addTally(sums.get(place) ?? createTally(), step.tally));
            }
          }
        }
        tell();
        return { told: Object.fromEntries(known), added: Object.fromEntries(sums) };
      });
      expect(told).toEqual(added);
    }),
    { numRuns: 60 },
  );
});
