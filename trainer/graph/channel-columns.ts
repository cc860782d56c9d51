// Which columns of a row come from which sensor: what a dead sensor takes away, and what moves
// when one drifts.
import { columnNames, type FeatureSpec } from '@dandan/shared/features';

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

/** Spreads, slopes and the like of x + c are those of x. */
const LEVEL = ['last', 'mean', 'minimum', 'maximum'];
/** Ending of the differences from the assets upstream, which an own offset moves as well. */
const UPSTREAM = '-upstream';
const MISSING = 'missing';

interface Column {
  readonly channel: string;
  readonly what: 'level' | 'other' | 'missing';
}

/** Name of the channel that a column's name begins with: the longest, as a name may hold dots. */
function channelOf(column: string, channels: readonly string[]): string | undefined {
  return channels
    .filter((name) => column.startsWith(name) && '.@'.includes(column[name.length] ?? '?'))
    .sort((a, b) => b.length - a.length)[0];
}

/** A column by its name, e.g. `current.mean`; `undefined` for one of no channel, as positions are. */
function readColumn(name: string, channels: readonly string[]): Column | undefined {
  const channel = channelOf(name, channels);
  if (channel === undefined) return undefined;
  const rest = name.slice(channel.length + 1);
  if (rest === MISSING) return { channel, what: 'missing' };
  const statistic = rest.endsWith(UPSTREAM) ? rest.slice(0, -UPSTREAM.length) : rest;
  return { channel, what: LEVEL.includes(statistic) ? 'level' : 'other' };
}

/**
 * The channels of rows that `spec` describes, in the order of their first columns. A table says
 * nothing of its columns: each is a sensor of its own.
 */
export function channelColumns(spec: FeatureSpec): ChannelColumns[] {
  const names = columnNames(spec);
  if (spec.kind === 'table') {
    return names.map((name, j) => ({ name, columns: [j], level: [j], missing: [] }));
  }
  const known = spec.channels.map(({ name }) => name);
  const channels = new Map<string, ChannelColumns>();
  names.forEach((columnName, j) => {
    const column = readColumn(columnName, known);
    if (!column) return;
    const { channel: name, what } = column;
    const own = channels.get(name) ?? { name, columns: [], level: [], missing: [] };
    channels.set(name, {
      name,
      columns: what === 'missing' ? own.columns : [...own.columns, j],
      level: what === 'level' ? [...own.level, j] : own.level,
      missing: what === 'missing' ? [...own.missing, j] : own.missing,
    });
  });
  return [...channels.values()];
}
