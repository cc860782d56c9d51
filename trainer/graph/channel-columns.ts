// Which columns of a row come from which sensor: what a dead sensor takes away, and what moves
// when one drifts.
import {
  columnNames,
  type FeatureColumn,
  type FeatureSpec,
  featureColumns,
  type Statistic,
} from '@dandan/shared/features';

/** The columns of one sensor channel. */
export interface ChannelColumns {
  readonly name: string;
  /** What the sensor's readings say: without it they are missing. */
  readonly columns: readonly number[];
  /** Those of them that a constant offset of the sensor moves by as much. */
  readonly level: readonly number[];
  /** Columns that are 1 where the sensor is silent, else 0. */
  readonly missing: readonly number[];
}

/** Spreads, slopes and the like of x + c are those of x; of its square nothing so simple holds. */
const LEVEL: readonly Statistic[] = ['last', 'mean', 'minimum', 'maximum'];

/** An offset of the sensor moves these as well, as it moves nothing upstream. */
const isLevel = ({ statistic }: FeatureColumn) =>
  statistic !== undefined && LEVEL.includes(statistic);

/**
 * The channels of rows that `spec` describes, in the order of their first columns. A table says
 * nothing of its columns: each is a sensor of its own. Positions are of no sensor.
 */
export function channelColumns(spec: FeatureSpec): ChannelColumns[] {
  if (spec.kind === 'table') {
    return columnNames(spec).map((name, j) => ({ name, columns: [j], level: [j], missing: [] }));
  }
  const columns = featureColumns(spec);
  const those = (wanted: (column: FeatureColumn) => boolean) =>
    columns.flatMap((column, j) => (wanted(column) ? [j] : []));
  return spec.channels.map(({ name }) => ({
    name,
    columns: those(({ channel, kind }) => channel === name && kind !== 'missing'),
    level: those((column) => column.channel === name && isLevel(column)),
    missing: those(({ channel, kind }) => channel === name && kind === 'missing'),
  }));
}
