// Where each number of a row stands, worked out once for all rows of a spec.
import type { BandOptions } from './band-levels.ts';
import type { ChannelSpec, Statistic } from './channel-spec.ts';
import { featureColumns } from './columns.ts';
import { hasCountWindows, type TelemetrySpec } from './spec.ts';

export interface ChannelLayout {
  readonly statistics: readonly Statistic[];
  /** Of its first statistic. */
  readonly column: number;
  readonly holdMs: number | undefined;
  /** Levels of its bands, from `column + statistics.length` on. */
  readonly bands: BandOptions | undefined;
  /** −1: there is none. */
  readonly missingColumn: number;
  /** Whether it asks what the value was before the window. */
  readonly followsChanges: boolean;
}

/** A column that is the difference of another from its like upstream. */
export interface UpstreamLayout {
  /** Where the row holds the value itself. */
  readonly source: number;
  readonly column: number;
}

export interface RowLayout {
  readonly width: number;
  readonly channels: readonly ChannelLayout[];
  /** From `upstreamColumn` on. */
  readonly upstream: readonly UpstreamLayout[];
  readonly upstreamColumn: number;
  /** Coordinates by asset, from `positionColumn` on. */
  readonly positions: ReadonlyMap<string, readonly number[]>;
  readonly positionColumn: number;
}

function bandsOf(spec: TelemetrySpec, { bands, sampleMs }: ChannelSpec): BandOptions | undefined {
  if (bands === undefined || sampleMs === undefined) return undefined;
  const samples = hasCountWindows(spec)
    ? spec.windowSamples
    : Math.max(1, Math.floor(spec.windowMs / sampleMs));
  return { bands, sampleMs, samples };
}

export function createRowLayout(spec: TelemetrySpec): RowLayout {
  const columns = featureColumns(spec);
  let next = 0;
  const channels = spec.channels.map((channel): ChannelLayout => {
    const { statistics = spec.statistics, holdMs } = channel;
    const bands = bandsOf(spec, channel);
    const column = next;
    next += statistics.length + (bands?.bands.length ?? 0);
    const missingColumn = spec.missing === 'indicate' ? next++ : -1;
    const followsChanges = statistics.includes('sinceChange');
    return { statistics, column, holdMs, bands, missingColumn, followsChanges };
  });
  const upstreamColumn = next;
  const upstream = (spec.upstream?.columns ?? []).map(({ channel, statistic }): UpstreamLayout => {
    const source = columns.findIndex(
      (own) => own.kind === 'statistic' && own.channel === channel && own.statistic === statistic,
    );
    return { source, column: next++ };
  });
  const positions = new Map(Object.entries(spec.positions?.assets ?? {}));
  return {
    width: columns.length,
    channels,
    upstream,
    upstreamColumn,
    positions,
    positionColumn: next,
  };
}
