// Which columns of a row come from which sensor: what a dead sensor takes away, and what moves
// when one drifts.
import type { FeatureSpec } from '@dandan/shared/features';

/** The columns of one sensor channel. */
export interface ChannelColumns {
  readonly name: string;
  /** Without the sensor these are missing. */
  readonly columns: readonly number[];
  /** Those of them that a constant offset of the sensor moves by as much. */
  readonly level: readonly number[];
}

/** Spreads, slopes and the like of x + c are those of x. */
const LEVEL: ReadonlySet<string> = new Set(['last', 'mean', 'minimum', 'maximum']);

interface Column {
  readonly channel: string;
  readonly level: boolean;
}

/** Columns in row order; those of a table say nothing of themselves: each is a sensor of its own. */
function columnsOf(spec: FeatureSpec): Column[] {
  if (spec.kind === 'table') {
    return Array.from({ length: spec.columns }, (_, j) => ({ channel: `x${j}`, level: true }));
  }
  return spec.channels.flatMap(({ name }) =>
    spec.statistics.map((statistic) => ({ channel: name, level: LEVEL.has(statistic) })),
  );
}

/** The channels of rows that `spec` describes, in the order of their first columns. */
export function channelColumns(spec: FeatureSpec): ChannelColumns[] {
  const channels = new Map<string, { name: string; columns: number[]; level: number[] }>();
  columnsOf(spec).forEach(({ channel: name, level }, j) => {
    const own = channels.get(name) ?? { name, columns: [], level: [] };
    channels.set(name, own);
    own.columns.push(j);
    if (level) own.level.push(j);
  });
  return [...channels.values()];
}
