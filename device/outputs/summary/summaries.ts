// Telemetry in few bytes: count, mean, min, max and last of each channel, asset and minute. A function
// of the samples and their order alone; it reads no clock.
import type { Sample } from '@dandan/shared/features';
import type { ChannelSummary, TelemetrySummary } from '@dandan/shared/wire';

/** A minute: the finest that a person looks at after an outage of days, 1,440 messages an asset and day. */
export const SUMMARY_MS = 60_000;

/** As many as a gateway has windows for. */
export const MAX_SUMMARY_ASSETS = 10_000;

/** Channels of one asset and minute; a summary of all of them is 25 kB. */
export const MAX_SUMMARY_CHANNELS = 256;

/** The minute of an asset's latest sample and the one before it take samples; older ones are closed. */
const OPEN_MINUTES = 2;

interface ChannelState extends ChannelSummary {
  /** Time of `last`. */
  readonly lastAt: number;
}

/** Channels by name, minutes by their start, oldest first. */
type AssetState = Map<number, Map<string, ChannelState>>;

/** Open minutes as plain data: asset, start of the minute, channel, its numbers so far. */
export type SummariesSnapshot = readonly (readonly [string, number, string, ChannelState])[];

export interface Summaries {
  /**
   * Takes a sample; returns the minutes it closes, oldest first. A minute is closed by a sample of its
   * asset that is two minutes or more later, so that stragglers of up to a minute still count.
   */
  push(sample: Sample): TelemetrySummary[];
  /** Closes minutes that ended a whole minute before `time`, of all assets: those that fell silent. */
  flush(time: number): TelemetrySummary[];
  /** Samples that came too late for their minute. */
  readonly late: number;
  /** Samples of assets or channels beyond the limits. */
  readonly dropped: number;
  snapshot(): SummariesSnapshot;
}

export interface SummariesOptions {
  /** What an earlier process had open. @default {nothing} */
  readonly snapshot?: SummariesSnapshot | undefined;
  /** @default {MAX_SUMMARY_ASSETS} */
  readonly maxAssets?: number;
  /** Of one asset and minute. @default {MAX_SUMMARY_CHANNELS} */
  readonly maxChannels?: number;
}

function join(state: ChannelState | undefined, { value, time }: Sample): ChannelState {
  if (state === undefined) {
    return { count: 1, mean: value, min: value, max: value, last: value, lastAt: time };
  }
  const count = state.count + 1;
  return {
    count,
    // Neither sum nor difference: both may overflow where every value is finite.
    mean: state.mean + (value / count - state.mean / count),
    min: Math.min(state.min, value),
    max: Math.max(state.max, value),
    ...(time >= state.lastAt
      ? { last: value, lastAt: time }
      : { last: state.last, lastAt: state.lastAt }),
  };
}

function close(asset: string, t: number, states: ReadonlyMap<string, ChannelState>) {
  const channels = [...states].map(
    ([channel, { lastAt, ...summary }]): [string, ChannelSummary] => [channel, summary],
  );
  return {
    id: `${asset}/${t}`,
    asset,
    t,
    durationMs: SUMMARY_MS,
    channels: Object.fromEntries(channels),
  } satisfies TelemetrySummary;
}

/** Summaries with nothing open, or with what `snapshot` had. */
export function createSummaries(options: SummariesOptions = {}): Summaries {
  const { maxAssets = MAX_SUMMARY_ASSETS, maxChannels = MAX_SUMMARY_CHANNELS } = options;
  const assets = new Map<string, AssetState>();
  let late = 0;
  let dropped = 0;

  function minuteOf(asset: string, start: number): Map<string, ChannelState> {
    const minutes = assets.get(asset) ?? new Map();
    assets.set(asset, minutes);
    const found = minutes.get(start) ?? new Map();
    minutes.set(start, found);
    return found;
  }

  for (const [asset, start, channel, state] of options.snapshot ?? []) {
    minuteOf(asset, start).set(channel, state);
  }

  /** Closes minutes of an asset that start before `before`. */
  function closeBefore(asset: string, before: number): TelemetrySummary[] {
    const minutes = assets.get(asset);
    if (minutes === undefined) return [];
    const starts = [...minutes.keys()].filter((start) => start < before).toSorted((a, b) => a - b);
    const closed = starts.map((start) => close(asset, start, minutes.get(start) ?? new Map()));
    for (const start of starts) minutes.delete(start);
    if (minutes.size === 0) assets.delete(asset);
    return closed;
  }

  return {
    get late() {
      return late;
    },
    get dropped() {
      return dropped;
    },
    push(sample) {
      const { asset, channel, time } = sample;
      const start = Math.floor(time / SUMMARY_MS) * SUMMARY_MS;
      const minutes = assets.get(asset);
      const latest = minutes === undefined ? start : Math.max(...minutes.keys());
      if (start <= latest - OPEN_MINUTES * SUMMARY_MS) {
        late++;
        return [];
      }
      const states = minutes?.get(start);
      const full =
        minutes === undefined
          ? assets.size >= maxAssets
          : states !== undefined && !states.has(channel) && states.size >= maxChannels;
      if (full) {
        dropped++;
        return [];
      }
      const open = minuteOf(asset, start);
      open.set(channel, join(open.get(channel), sample));
      return closeBefore(asset, start - (OPEN_MINUTES - 1) * SUMMARY_MS);
    },
    flush(time) {
      const before = time - OPEN_MINUTES * SUMMARY_MS;
      // A minute that starts at `before` ended a whole minute before `time`.
      return [...assets.keys()].flatMap((asset) => closeBefore(asset, before + 1));
    },
    snapshot: () =>
      [...assets].flatMap(([asset, minutes]) =>
        [...minutes].flatMap(([start, states]) =>
          [...states].map(([channel, state]) => [asset, start, channel, state] as const),
        ),
      ),
  };
}
