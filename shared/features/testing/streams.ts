// Random telemetry with every fault of the field, for property tests.
import fc from 'fast-check';
import type { FeatureRow, Sample, TelemetrySpec } from '../index.ts';

/** Rows as text that differs where a single bit does. */
export function rowBits(rows: readonly FeatureRow[]): string[] {
  return rows.map(
    ({ asset, time, values }) => `${asset}@${time} ${new Uint32Array(values.buffer)}`,
  );
}

const COMMON = {
  kind: 'telemetry',
  statistics: ['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum'],
} as const;

const holdMs = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined });
const channels = fc.tuple(holdMs, holdMs).map(([a, b]) => [
  { name: 'a', unit: 'V', ...(a === undefined ? {} : { holdMs: a }) },
  { name: 'b', unit: 'K', ...(b === undefined ? {} : { holdMs: b }) },
]);

const twoLengths = (max: number) =>
  fc
    .tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }))
    .map(([x, y]) => [Math.max(x, y), Math.min(x, y)] as const);

export const timeSpec: fc.Arbitrary<TelemetrySpec> = fc
  .tuple(channels, twoLengths(120))
  .map(([list, [windowMs, strideMs]]) => ({
    ...COMMON,
    statistics: [...COMMON.statistics],
    channels: list,
    windowMs,
    strideMs,
  }));

export const countSpec: fc.Arbitrary<TelemetrySpec> = fc
  .tuple(channels, twoLengths(12))
  .map(([list, [windowSamples, strideSamples]]) => ({
    ...COMMON,
    statistics: [...COMMON.statistics],
    channels: list,
    windowSamples,
    strideSamples,
  }));

export const anySpec = fc.oneof(timeSpec, countSpec);

/** What an asset's clock does between two of its samples, milliseconds. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
  // Out of order.
  { weight: 3, arbitrary: fc.integer({ min: -60, max: -1 }) },
  // A gap, and a clock that is set ahead or back.
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 5000 }) },
  { weight: 1, arbitrary: fc.constantFrom(1e9, -1e9, -400) },
);

const reading = fc.record({
  asset: fc.constantFrom('pump', 'fan', 'press'),
  channel: fc.constantFrom('a', 'a', 'b', 'b', 'unknown'),
  step,
  value: fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, -0, 1, Number.NaN),
  ),
  historical: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
  /** Sent once more, as after an acknowledgement that was lost. */
  twice: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

/** Samples of three assets, each with a clock of its own. */
export function stream(length: number): fc.Arbitrary<Sample[]> {
  return fc.array(reading, { minLength: 1, maxLength: length, size: 'max' }).map((readings) => {
    const clocks = new Map<string, number>();
    return readings.flatMap(({ asset, channel, step: ms, value, historical, twice }) => {
      const time = (clocks.get(asset) ?? 1_767_225_600_000) + ms;
      clocks.set(asset, time);
      const sample: Sample = {
        asset,
        channel,
        time,
        value,
        ...(historical ? { historical } : {}),
      };
      return twice ? [sample, sample] : [sample];
    });
  });
}
