// Random telemetry with every fault of the field, for property tests.
import fc from 'fast-check';
import { type FeatureRow, type Sample, STATISTICS, type TelemetrySpec } from '../index.ts';

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

const firstSpec = fc.oneof(timeSpec, countSpec);

const list = <T>(values: readonly T[], minLength: number) =>
  fc
    .subarray([...values], { minLength })
    .chain((chosen) => fc.shuffledSubarray(chosen, { minLength: chosen.length }));

/** Halves of the rates up to Nyquist's; the windows below are long enough for every one. */
const bands = fc.subarray(
  [
    { fromHz: 0, toHz: 20 },
    { fromHz: 20, toHz: 40 },
    { fromHz: 12.5, toHz: 50 },
  ],
  { minLength: 1 },
);

function richChannel(name: string) {
  return fc
    .record({
      holdMs,
      statistics: fc.option(list(STATISTICS, 1), { nil: undefined }),
      bands: fc.option(bands, { nil: undefined }),
    })
    .map((own) => ({
      name,
      unit: 'V',
      ...(own.holdMs === undefined ? {} : { holdMs: own.holdMs }),
      ...(own.statistics === undefined ? {} : { statistics: own.statistics }),
      ...(own.bands === undefined ? {} : { bands: own.bands, sampleMs: 10 }),
    }));
}

/** Every asset may be fed by any other, circles included. */
const upstreamAssets = fc.record({
  pump: fc.subarray(['fan', 'press', 'nowhere']),
  fan: fc.subarray(['pump', 'press']),
  press: fc.subarray(['pump']),
});

/** Specs with everything that a spec may have. */
export const richSpec: fc.Arbitrary<TelemetrySpec> = fc
  .record({
    channels: fc.tuple(richChannel('a'), richChannel('b')),
    statistics: list(STATISTICS, 1),
    window: fc.oneof(
      fc
        .tuple(fc.integer({ min: 100, max: 300 }), fc.integer({ min: 20, max: 100 }))
        .map(([windowMs, strideMs]) => ({ windowMs, strideMs })),
      fc
        .tuple(fc.integer({ min: 10, max: 20 }), fc.integer({ min: 1, max: 10 }))
        .map(([windowSamples, strideSamples]) => ({ windowSamples, strideSamples })),
    ),
    indicates: fc.boolean(),
    upstream: fc.option(upstreamAssets, { nil: undefined }),
    position: fc.boolean(),
    // So few that rows follow; a channel of a stream has some thirty readings.
    reference: fc.option(fc.integer({ min: 2, max: 8 }), { nil: undefined, freq: 2 }),
  })
  .map(({ channels: own, statistics, window, indicates, upstream, position, reference }) => {
    const columns = own.flatMap(({ name, statistics: its = statistics }) =>
      its.slice(0, 2).map((statistic) => ({ channel: name, statistic })),
    );
    return {
      kind: 'telemetry' as const,
      channels: own,
      statistics,
      ...window,
      ...(indicates ? { missing: 'indicate' as const } : {}),
      ...(upstream === undefined || 'windowSamples' in window
        ? {}
        : { upstream: { assets: upstream, columns } }),
      ...(reference === undefined ? {} : { reference: { samples: reference } }),
      ...(position ? { positions: { dimensions: 2, assets: { fan: [0.1, -3] } } } : {}),
    };
  });

export const anySpec = fc.oneof(firstSpec, richSpec);

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
