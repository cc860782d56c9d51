// The columns of a row in their order: what everyone asks who must know what a number means.
import { bandName, type Statistic } from './channel-spec.ts';
import type { FeatureSpec, TelemetrySpec } from './spec.ts';

/** One number of a telemetry row. */
export interface FeatureColumn {
  readonly name: string;
  /** Absent for positions, which are of an asset. */
  readonly channel?: string;
  readonly kind: 'statistic' | 'band' | 'missing' | 'upstream' | 'position';
  /** Of the columns of kind statistic and upstream. */
  readonly statistic?: Statistic;
}

/**
 * Channel by channel its statistics, its bands and whether it is missing; then the differences from
 * upstream; then the position. No two names are the same: @ is in no channel's name, and what
 * follows the last dot tells the other kinds apart.
 */
export function featureColumns(spec: TelemetrySpec): FeatureColumn[] {
  const own = spec.channels.flatMap(({ name: channel, statistics, bands = [] }) => [
    ...(statistics ?? spec.statistics).map(
      (statistic): FeatureColumn => ({
        name: `${channel}.${statistic}`,
        channel,
        kind: 'statistic',
        statistic,
      }),
    ),
    ...bands.map(
      (band): FeatureColumn => ({ name: `${channel}@${bandName(band)}`, channel, kind: 'band' }),
    ),
    ...(spec.missing === 'indicate'
      ? [{ name: `${channel}.missing`, channel, kind: 'missing' } as const]
      : []),
  ]);
  const upstream = (spec.upstream?.columns ?? []).map(
    ({ channel, statistic }): FeatureColumn => ({
      name: `${channel}.${statistic}-upstream`,
      channel,
      kind: 'upstream',
      statistic,
    }),
  );
  const position = Array.from(
    { length: spec.positions?.dimensions ?? 0 },
    (_, i): FeatureColumn => ({ name: `position.${i}`, kind: 'position' }),
  );
  return [...own, ...upstream, ...position];
}

/** Number of columns d of the rows that `spec` describes. */
export function rowWidth(spec: FeatureSpec): number {
  return spec.kind === 'table' ? spec.columns : featureColumns(spec).length;
}

/** Column names in row order, for reports and errors. */
export function columnNames(spec: FeatureSpec): string[] {
  if (spec.kind === 'table') return Array.from({ length: spec.columns }, (_, j) => `x${j}`);
  return featureColumns(spec).map(({ name }) => name);
}
