// The value of a row of a long table: a column names its channel.
import { InputError } from '../error/index.ts';
import { type Cell, readName } from './cell.ts';
import { channelUse } from './channel-columns.ts';
import type { ColumnUse } from './column-use.ts';
import { CHANNEL_WORDS } from './layout.ts';
import type { ReadingList } from './reading-list.ts';
import type { TableColumns } from './table-columns.ts';
import { createStream } from './time/local-clock.ts';
import { createValueReader, type ValueReader } from './value-reader.ts';
import type { ValuePlace, Values, ValuesOptions } from './values.ts';

export type LongColumns = Extract<TableColumns['values'], { readonly kind: 'long' }>;

/** What a tag with a unit is: how to read it, nothing where it is ignored, or why it is refused. */
type Tag =
  | { readonly kind: 'channel'; readonly reader: ValueReader }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused' };

export function createLongValues(options: ValuesOptions & { readonly at: LongColumns }): Values {
  const { titles, layout, units, collector, file, problems, seen, tally, at } = options;
  const { decimalComma } = layout;
  const tags = new Map<string, Tag>();
  const places = new Map<string, ValuePlace>();

  function refuseTag(line: number, tag: string, message: string, allowed: string): Tag {
    tally.refused[at.channel]++;
    problems.tell({ line, column: titles[at.channel], value: tag, message, allowed });
    return { kind: 'refused' };
  }

  function withUnit(use: ColumnUse & { kind: 'channel' }, unit: string, line: number): Tag {
    const own = { ...use, unit: use.unit === '' ? unit : use.unit };
    try {
      return { kind: 'channel', reader: createValueReader({ use: own, units, decimalComma }) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return refuseTag(line, own.unit, error.message, error.allowed ?? '');
    }
  }

  /** Told of once for each tag: a long table repeats it. */
  function readTag(tag: string, unit: string, line: number): Tag {
    seen.add(tag);
    const use = tag === '' ? undefined : channelUse(tag, layout);
    if (use === undefined) {
      return refuseTag(line, tag, 'no name of a channel', `${CHANNEL_WORDS}, or columns with it`);
    }
    return use.kind === 'channel' ? withUnit(use, unit, line) : { kind: 'ignored' };
  }

  function createPlace(tag: string, run: string, asset: string | undefined): ValuePlace {
    let list: ReadingList | undefined;

    function take(cell: Cell, time: number, line: number, { use, read }: ValueReader): void {
      const value = read(cell);
      const own = use.asset ?? asset;
      if (typeof value !== 'number') {
        tally.refused[at.value]++;
        problems.tell({ line, column: titles[at.value], ...value });
      } else if (Number.isNaN(value)) {
        tally.missing[at.value]++;
      } else if (own === undefined) {
        const allowed = 'asset, assetColumn, or the asset of the tag in columns';
        refuseTag(line, tag, 'nothing says whose channel it is', allowed);
      } else {
        list ??= collector.at(run, own).list(use.channel);
        list.push(time, value, file);
        tally.readings++;
        collector.count(1);
      }
    }

    return {
      stream: createStream(),
      take(cells, time, line) {
        const unit = at.unit === undefined ? '' : readName(cells[at.unit]);
        const key = `${unit}\0${tag}`;
        let known = tags.get(key);
        if (known === undefined) {
          known = readTag(tag, unit, line);
          tags.set(key, known);
        }
        if (known.kind === 'channel') take(cells[at.value], time, line, known.reader);
      },
    };
  }

  return {
    place(cells, run, asset) {
      const tag = readName(cells[at.channel]);
      const key = `${run}\0${asset ?? ''}\0${tag}`;
      let place = places.get(key);
      if (place === undefined) {
        place = createPlace(tag, run, asset);
        places.set(key, place);
      }
      return place;
    },
  };
}
