import type { TelemetrySpec } from '@dandan/shared/features';
import { createPlant, PLANT_SPEC, plantRows } from '@dandan/shared/plant';
import { mergeSeries } from '@dandan/shared/telemetry-table';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Series, Telemetry } from '../telemetry.ts';
import { historyRows } from './history-rows.ts';

const CHANNELS = PLANT_SPEC.channels.map(({ name, unit }) => ({ name, unit }));

/** What a reader would make of a stretch of the embedded plant. */
function telemetryOf(seeds: readonly number[]): Telemetry {
  const plant = createPlant({ seed: 1, lines: 1, machinesPerLine: 3 });
  const series: Series[] = [];
  for (const [run, seed] of seeds.entries()) {
    const { samples } = plant.simulate({ seed, startTime: 0, durationMs: 2 * 3_600_000 });
    const lists = plant.assets.map(() => CHANNELS.map(() => [[], []] as [number[], number[]]));
    for (const { asset, channel, time, value } of samples) {
      const [times, values] =
        lists[plant.assets.indexOf(asset)][CHANNELS.findIndex(({ name }) => name === channel)];
      times.push(time);
      values.push(value);
    }
    lists.forEach((own, asset) => {
      own.forEach(([times, values], channel) => {
        const arrays = { times: Float64Array.from(times), values: Float64Array.from(values) };
        series.push({ run, asset, channel, ...arrays });
      });
    });
  }
  const runs = seeds.map((seed) => ({ name: `run-${seed}` }));
  return { assets: plant.assets, channels: CHANNELS, runs, series, intervals: [] };
}

test('historyRows() gives the rows that the plant gives, run by run', async () => {
  const plant = createPlant({ seed: 1, lines: 1, machinesPerLine: 3 });
  const rows = await historyRows({ telemetry: telemetryOf([1, 2]), spec: PLANT_SPEC });
  for (const [run, seed] of [1, 2].entries()) {
    const own = rows.filter((row) => row.run === run).map(({ run: _, ...row }) => row);
    const simulation = plant.simulate({ seed, startTime: 0, durationMs: 2 * 3_600_000 });
    const byAsset = (list: typeof own) => Object.groupBy(list, ({ asset }) => asset);
    expect(byAsset(own)).toEqual(byAsset([...plantRows(plant, simulation)]));
  }
});

test('historyRows() leaves out channels that the spec does not name', async () => {
  const spec: TelemetrySpec = { ...PLANT_SPEC, channels: PLANT_SPEC.channels.slice(1, 2) };
  const telemetry = telemetryOf([1]);
  const rows = await historyRows({ telemetry, spec });
  const alone = { ...telemetry, series: telemetry.series.filter(({ channel }) => channel === 1) };
  expect(rows.length).toBeGreaterThan(20);
  expect(rows).toEqual(await historyRows({ telemetry: alone, spec }));
});

test('historyRows() of nothing are none', async () => {
  const telemetry = { ...telemetryOf([1]), series: [] };
  expect(await historyRows({ telemetry, spec: PLANT_SPEC })).toEqual([]);
});

test('historyRows() stops when asked to and tells how far it is', async () => {
  const shares: number[] = [];
  const telemetry = telemetryOf([1]);
  await historyRows({ telemetry, spec: PLANT_SPEC, onProgress: (share) => shares.push(share) });
  expect(shares.length).toBeGreaterThan(0);
  const reason = new Error('stopped');
  const signal = AbortSignal.abort(reason);
  await expect(historyRows({ telemetry, spec: PLANT_SPEC, signal })).rejects.toBe(reason);
});

test('mergeSeries() gives every reading once, in the order of time and then of the list', () => {
  const ascending = fc
    .uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
    .map((times) => Float64Array.from(times).sort());
  fc.assert(
    fc.property(fc.array(ascending, { maxLength: 9 }), (lists) => {
      const series = lists.map((times, channel) => ({
        run: 0,
        asset: 0,
        channel,
        times,
        values: times,
      }));
      const merged = Array.from(mergeSeries(series), ({ series: { times, channel }, at }) => ({
        time: times[at],
        channel,
      }));
      const expected = series
        .flatMap(({ times, channel }) => Array.from(times, (time) => ({ time, channel })))
        .sort((a, b) => a.time - b.time || a.channel - b.channel);
      expect(merged).toEqual(expected);
    }),
  );
});

test('historyRows() begin the windows of every run anew', async () => {
  const telemetry = telemetryOf([1, 1]);
  const rows = await historyRows({ telemetry, spec: PLANT_SPEC });
  const [first, second] = [0, 1].map((run) => rows.filter((row) => row.run === run));
  expect(second.map(({ time }) => time)).toEqual(first.map(({ time }) => time));
});
