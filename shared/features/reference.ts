// What each channel of an asset was like in the beginning, which its rows are then measured in: mean
// and deviation of its first readings, kept as they come and frozen once they are enough.
import * as z from 'zod';

/** As many as a window by count may hold. */
const MAX_REFERENCE_SAMPLES = 100_000;

/** The squares of so many readings up to it stay below the largest float64; no sensor has more. */
const MAX_REFERENCE_VALUE = 1e150;

export const referenceSpec = z.strictObject({
  /** Readings of a channel that make its beginning; of fewer than two nothing spreads. */
  samples: z.int().min(2).max(MAX_REFERENCE_SAMPLES),
});

export type ReferenceSpec = Readonly<z.infer<typeof referenceSpec>>;

export const referenceSnapshot = z.strictObject({
  hasBegun: z.boolean(),
  /** Of each channel: readings counted, their mean, the sum of the squares of what is off it. */
  channels: z.array(z.tuple([z.int().min(0), z.number(), z.number().min(0)])),
});

export type ReferenceSnapshot = z.infer<typeof referenceSnapshot>;

/** What a channel was like in the beginning. */
export interface ChannelScale {
  readonly mean: number;
  /** Population standard deviation; 1, the channel's own unit, where it stood still. */
  readonly deviation: number;
}

export interface AssetReference {
  /**
   * Whether there are rows: from the moment on at which every channel that had spoken by then had its
   * readings. A channel that speaks for the first time after it is missing until it has its own.
   */
  readonly hasBegun: boolean;
  /** Takes a reading that counts: the first of its channel and time, not outdated. */
  count(channel: number, value: number): void;
  /** `undefined` until the channel has its readings, the same ever after. */
  scaleOf(channel: number): ChannelScale | undefined;
  snapshot(): ReferenceSnapshot;
}

export interface AssetReferenceOptions {
  /** Readings of a channel that make its beginning. */
  readonly samples: number;
  readonly channels: number;
  readonly snapshot?: ReferenceSnapshot | undefined;
}

interface Beginning {
  count: number;
  mean: number;
  squares: number;
}

/**
 * Welford's recursion (1962): one division a reading and three numbers a channel, whatever N is, and
 * no cancellation on large offsets. Its bits depend on the order in which the readings come.
 */
function take(own: Beginning, value: number): void {
  own.count++;
  const offset = value - own.mean;
  own.mean += offset / own.count;
  own.squares += offset * (value - own.mean);
}

export function createAssetReference(options: AssetReferenceOptions): AssetReference {
  const { samples, snapshot } = options;
  const beginnings: Beginning[] =
    snapshot?.channels.map(([count, mean, squares]) => ({ count, mean, squares })) ??
    Array.from({ length: options.channels }, () => ({ count: 0, mean: 0, squares: 0 }));
  let hasBegun = snapshot?.hasBegun ?? false;

  function scaleFrom({ count, mean, squares }: Beginning): ChannelScale | undefined {
    if (count < samples) return undefined;
    const deviation = Math.sqrt(squares / count);
    return { mean, deviation: deviation > 0 ? deviation : 1 };
  }

  const scales = beginnings.map(scaleFrom);
  return {
    get hasBegun() {
      return hasBegun;
    },
    count(channel, value) {
      const own = beginnings[channel];
      if (own.count === samples || Math.abs(value) > MAX_REFERENCE_VALUE) return;
      take(own, value);
      if (own.count < samples) return;
      scales[channel] = scaleFrom(own);
      hasBegun ||= beginnings.every(({ count }) => count === 0 || count === samples);
    },
    scaleOf: (channel) => scales[channel],
    snapshot: () => ({
      hasBegun,
      channels: beginnings.map(({ count, mean, squares }) => [count, mean, squares]),
    }),
  };
}

/** Whether a snapshot is of so many channels, none with more readings than make a beginning. */
export function fitsReference(
  snapshot: ReferenceSnapshot | undefined,
  spec: ReferenceSpec | undefined,
  channels: number,
): boolean {
  if (snapshot === undefined || spec === undefined) return snapshot === spec;
  return (
    snapshot.channels.length === channels &&
    snapshot.channels.every(([count]) => count <= spec.samples)
  );
}
