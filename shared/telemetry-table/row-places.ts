// Whose reading a row is: its run, asset and set, from columns or from the file's name.
import { LEVEL, LEVEL_WORDS } from '../wire/index.ts';
import { type Cell, readName } from './cell.ts';
import type { TableLayout } from './layout.ts';
import type { Placeholders, TableColumns } from './table-columns.ts';
import { HISTORY_SETS, type HistorySet } from './telemetry.ts';

/** What files call the sets, in lower case. */
const SETS: ReadonlyMap<string, HistorySet> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['valid', 'validation'],
  ['val', 'validation'],
  ['validation', 'validation'],
  ['dev', 'validation'],
  ['test', 'test'],
  ['testing', 'test'],
]);

export const SET_WORDS = HISTORY_SETS.join(', ');

export interface RowPlaces {
  run(cells: readonly Cell[]): string;
  /** `null`: the cell holds no set; `undefined`: nothing says one. */
  set(cells: readonly Cell[]): HistorySet | null | undefined;
  /** `null`: the cell holds no asset; `undefined`: channels state their own. */
  asset(cells: readonly Cell[]): string | null | undefined;
}

export const ASSET_WORDS = `${LEVEL_WORDS}, or the name in the project by assets`;

/** `layout.assets` renames what columns and names of files call an asset. */
export function assetName(text: string, { assets }: TableLayout): string | null {
  const name = assets !== undefined && Object.hasOwn(assets, text) ? assets[text] : text;
  return LEVEL.test(name) ? name : null;
}

export function createRowPlaces(options: {
  readonly columns: TableColumns;
  readonly layout: TableLayout;
  readonly placeholders: Placeholders;
}): RowPlaces {
  const { columns, layout, placeholders } = options;
  const known = new Map<string, string | null>();

  function checked(text: string): string | null {
    let name = known.get(text);
    if (name === undefined) {
      name = assetName(text, layout);
      known.set(text, name);
    }
    return name;
  }

  const setOf = (text: string) =>
    text === '' ? undefined : (SETS.get(text.toLowerCase()) ?? null);
  const { runs, set, asset } = columns;
  const givenSet = setOf(placeholders.set ?? '');
  const givenRun = placeholders.run ?? '';
  const givenAsset = typeof asset === 'string' ? checked(asset) : undefined;
  return {
    run(cells) {
      let name = givenRun;
      for (const at of runs) {
        const part = readName(cells[at]);
        name = name === '' ? part : `${name}/${part}`;
      }
      return name;
    },
    set: (cells) => (set === undefined ? givenSet : setOf(readName(cells[set]))),
    asset: (cells) => (typeof asset === 'number' ? checked(readName(cells[asset])) : givenAsset),
  };
}
