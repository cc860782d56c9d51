// The values of a row of a wide table: one column for each channel.
import { InputError } from '../error/index.ts';
import type { ReadingList } from './reading-list.ts';
import { createStream } from './time/local-clock.ts';
import { createValueReader, type ValueReader } from './value-reader.ts';
import type { ValuePlace, Values, ValuesOptions } from './values.ts';

/** @param options.line Line of the titles, for units that cannot be converted. */
export function createWideValues(options: ValuesOptions & { readonly line: number }): Values {
  const { columns, titles, layout, units, collector, file, problems, tally } = options;
  const { decimalComma } = layout;
  const places = new Map<string, Map<string | undefined, ValuePlace>>();

  function readerOf(at: number): { at: number; reader: ValueReader } | undefined {
    const use = columns.uses[at];
    if (use.kind !== 'channel') return undefined;
    try {
      return { at, reader: createValueReader({ use, units, decimalComma }) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { code, message, value = use.unit, allowed = '' } = error;
      const cell = String(value);
      problems.tell({
        line: options.line,
        column: titles[at],
        code,
        message,
        value: cell,
        allowed,
      });
      return undefined;
    }
  }

  const readers = titles.map((_, at) => readerOf(at)).filter((each) => each !== undefined);

  function createPlace(run: string, asset: string | undefined): ValuePlace {
    const lists: (ReadingList | undefined)[] = new Array(readers.length).fill(undefined);
    return {
      stream: createStream(),
      take(cells, time, line) {
        let taken = 0;
        for (let i = 0; i < readers.length; i++) {
          const { at, reader } = readers[i];
          const value = reader.read(cells[at]);
          if (typeof value !== 'number') {
            tally.refused[at]++;
            problems.tell({ line, column: titles[at], ...value });
          } else if (Number.isNaN(value)) {
            tally.missing[at]++;
          } else {
            const { channel, asset: own = asset ?? '' } = reader.use;
            lists[i] ??= collector.at(run, own).list(channel);
            lists[i]?.push(time, value, file);
            taken++;
          }
        }
        tally.readings += taken;
        collector.count(taken);
      },
    };
  }

  return {
    place(_, run, asset) {
      let byAsset = places.get(run);
      if (byAsset === undefined) {
        byAsset = new Map();
        places.set(run, byAsset);
      }
      let place = byAsset.get(asset);
      if (place === undefined) {
        place = createPlace(run, asset);
        byAsset.set(asset, place);
      }
      return place;
    },
  };
}
