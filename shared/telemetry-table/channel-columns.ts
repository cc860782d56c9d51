// What the columns of a table are that are neither time nor place: channels, or nothing to read.
import { InputError } from '../error/index.ts';
import type { ChannelUse, ColumnUse } from './column-use.ts';
import { CHANNEL_WORDS, type TableLayout } from './layout.ts';
import { plainName, splitTitle } from './title.ts';

/** pandas writes its index as a column of one of these names. */
const INDEX = /^(unnamed: \d+|__index_level_\d+__)?$/i;

export interface ChannelColumnsOptions {
  readonly titles: readonly string[];
  /** The line of titles as errors call it. */
  readonly place: string;
  readonly layout: TableLayout;
  /** Columns that are something else, by position. */
  readonly known: ReadonlyMap<number | undefined, ColumnUse>;
  /** The table has one value a row. */
  readonly long: boolean;
}

/** What the layout says a column or a tag is. */
export function chosenUse(
  title: string,
  { columns }: TableLayout,
): (Partial<ChannelUse> & { readonly channel: string }) | undefined {
  const chosen =
    columns !== undefined && Object.hasOwn(columns, title) ? columns[title] : undefined;
  if (typeof chosen !== 'object') return chosen === undefined ? undefined : { channel: chosen };
  const { channel, unit, asset } = chosen;
  return { channel, ...(unit !== undefined && { unit }), ...(asset !== undefined && { asset }) };
}

/**
 * What a column, or a tag of a long table, is by the layout and its own name.
 *
 * @returns `undefined` where its name can be no channel's.
 */
export function channelUse(title: string, layout: TableLayout): ColumnUse | undefined {
  const ignored = (reason: string): ColumnUse => ({ kind: 'ignored', reason });
  if (layout.ignore.includes(title)) return ignored('ignored by the configuration');
  const chosen = chosenUse(title, layout);
  if (chosen === undefined && layout.otherColumns === 'ignore') {
    return ignored('not among the columns of the configuration');
  }
  const parts = splitTitle(title);
  const channel = chosen?.channel ?? plainName(parts.name);
  if (channel === undefined) return undefined;
  const unit = chosen?.unit ?? parts.unit ?? '';
  return { kind: 'channel', channel, unit, ...(chosen?.asset && { asset: chosen.asset }) };
}

/** What every column is. @throws {InputError} `data-invalid`, naming file, line and column. */
export function channelColumns(options: ChannelColumnsOptions): ColumnUse[] {
  const { titles, place, layout, known, long } = options;
  const taken = new Map<string, string>();

  function refuse(title: string, value: string, allowed: string): never {
    const field = `${place}:${title}`;
    throw new InputError('data-invalid', `${field} is not usable`, { field, value, allowed });
  }

  function other(title: string): ColumnUse {
    if (INDEX.test(title) && chosenUse(title, layout) === undefined) {
      return { kind: 'ignored', reason: title === '' ? 'no title' : 'an index' };
    }
    if (long) return { kind: 'ignored', reason: 'the table has one value a row' };
    const use = channelUse(title, layout);
    if (use === undefined) {
      const allowed = `${CHANNEL_WORDS}; name the channel by columns`;
      return refuse(title, title, allowed);
    }
    if (use.kind !== 'channel') return use;
    const key = `${use.asset ?? ''}/${use.channel}`;
    const first = taken.get(key);
    if (first !== undefined) {
      const allowed = `another channel than '${first}' by columns`;
      return refuse(title, use.channel, allowed);
    }
    taken.set(key, title);
    return use;
  }

  return titles.map((title, at) => known.get(at) ?? other(title));
}
