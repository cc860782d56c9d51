// Which columns of a table are time, asset, run and channels: as the layout says, or by the names
// in the wild.
import { InputError } from '../error/index.ts';
import { channelColumns, chosenUse } from './channel-columns.ts';
import type { ColumnUse } from './column-use.ts';
import {
  MAX_COLUMNS,
  NAMED_COLUMNS,
  runTitles,
  type TableLayout,
  type TimeUnit,
} from './layout.ts';
import { splitTitle } from './title.ts';

/** Names in the wild, lower case; the first that a table has counts. */
const TIME = ['t', 'time', 'timestamp', 'ts', 'datetime', 'date_time', 'date time', 'date'];
const ASSET = ['asset', 'asset_id', 'machine', 'machine_id', 'device', 'unit_id', 'equipment'];
const TAG = ['channel', 'tag', 'tagname', 'tag_name', 'sensor', 'signal', 'variable', 'metric'];
const VALUE = ['value', 'val', 'reading', 'vvalue'];
const UNIT = ['unit', 'units', 'uom', 'eu', 'engunits'];

/** Columns of these names are mostly what a model shall predict; as channels they would tell it. */
const LABELS = /^(label|class|target|anomaly|fault|failure|is_?anomaly|active_?fault|y)s?$/i;

const TIME_UNIT_OF: ReadonlyMap<string, TimeUnit> = new Map([
  ['s', 's'],
  ['ms', 'ms'],
  ['us', 'us'],
  ['\u00b5s', 'us'],
  ['ns', 'ns'],
]);

/** What a file's name says of its rows. */
export interface Placeholders {
  readonly asset?: string;
  readonly run?: string;
  readonly set?: string;
}

export interface TableColumns {
  readonly time: number;
  readonly date: number | undefined;
  readonly timeUnit: TimeUnit;
  /** Its position, the only asset's name, or `undefined` where each channel states its own. */
  readonly asset: number | string | undefined;
  /** Those that name runs together. */
  readonly runs: readonly number[];
  readonly set: number | undefined;
  readonly label: number | undefined;
  readonly values:
    | {
        readonly kind: 'long';
        readonly channel: number;
        readonly value: number;
        readonly unit: number | undefined;
      }
    | { readonly kind: 'wide'; readonly channels: readonly number[] };
  /** By column. */
  readonly uses: readonly ColumnUse[];
  readonly doubts: readonly string[];
}

export interface FindColumnsOptions {
  readonly titles: readonly string[];
  /** The file as errors call it. */
  readonly name: string;
  /** Line of the titles; `undefined` for Parquet. */
  readonly line: number | undefined;
  readonly layout: TableLayout;
  readonly placeholders?: Placeholders;
  /** What a field of the layout is called where it is given. @default {its name} */
  readonly optionName?: (field: keyof TableLayout) => string;
}

const lowerName = (title: string) => splitTitle(title).name.toLowerCase();

function guess(titles: readonly string[], names: readonly string[]): number | undefined {
  const lower = titles.map(lowerName);
  return names.map((each) => lower.indexOf(each)).find((at) => at >= 0);
}

/** Whether a line of titles has the columns that the layout names, or at least one of times. */
export function fitsLayout(titles: readonly string[], layout: TableLayout): boolean {
  const named = [...NAMED_COLUMNS.map((field) => layout[field]), ...runTitles(layout)];
  if (!named.every((each) => each === undefined || titles.includes(each))) return false;
  return layout.timeColumn !== undefined || guess(titles, TIME) !== undefined;
}

/** Finds the columns. @throws {InputError} `data-invalid`, naming file, line and column. */
export function findColumns(options: FindColumnsOptions): TableColumns {
  const { titles, name, line, layout, placeholders = {}, optionName = (field) => field } = options;
  const place = line === undefined ? name : `${name}:${line}`;

  function refuse(column: string | undefined, value: string, allowed: string): never {
    const field = column === undefined ? place : `${place}:${column}`;
    throw new InputError('data-invalid', `${field} is not usable`, { field, value, allowed });
  }

  function missing(wanted: string, field: keyof TableLayout, otherwise = 'of another name'): never {
    const value = titles.slice(0, 8).join(',');
    return refuse(undefined, value, `a column ${wanted}, or ${optionName(field)} ${otherwise}`);
  }

  function named(field: (typeof NAMED_COLUMNS)[number]): number | undefined {
    const title = layout[field];
    return title === undefined ? undefined : byTitle(title, field);
  }

  function byTitle(title: string, field: keyof TableLayout): number {
    const at = titles.indexOf(title);
    return at >= 0 ? at : missing(`'${title}'`, field);
  }

  if (titles.length > MAX_COLUMNS) {
    refuse(undefined, `${titles.length} columns`, `at most ${MAX_COLUMNS} columns`);
  }
  const twice = titles.find(
    (each, at) => each !== '' && titles.indexOf(each) !== at && !layout.ignore.includes(each),
  );
  if (twice !== undefined) {
    refuse(twice, `${twice} twice`, `different names, or ${optionName('ignore')} with this one`);
  }

  const time =
    named('timeColumn') ??
    guess(titles, TIME) ??
    missing(TIME.join(' or '), 'timeColumn', 'with another name');
  const dateAt = guess(titles, ['date']);
  // A table with both has the time of day in the second one.
  const clock = dateAt === time ? undefined : dateAt;
  const date = named('dateColumn') ?? (layout.timeColumn === undefined ? clock : undefined);
  const assetAt = named('assetColumn') ?? guess(titles, ASSET);
  const asset = layout.asset ?? placeholders.asset ?? assetAt;
  const runs = runTitles(layout).map((title) => byTitle(title, 'runColumn'));
  const set = named('setColumn');
  const label = named('labelColumn');
  const others = [time, date, assetAt, ...runs, set, label];
  const free = titles.map((each, at) => (others.includes(at) ? '' : each));
  const channelAt = named('channelColumn') ?? guess(free, TAG);
  const valueAt = named('valueColumn') ?? guess(free, VALUE);
  const isLong = layout.channelColumn !== undefined || (channelAt ?? valueAt) !== undefined;
  const long = isLong && channelAt !== undefined && valueAt !== undefined;
  if (layout.channelColumn !== undefined && valueAt === undefined) {
    missing('value', 'valueColumn');
  }
  const unit = long ? (named('unitColumn') ?? guess(free, UNIT)) : undefined;
  const known = new Map<number | undefined, ColumnUse>([
    [time, { kind: 'time' }],
    [date, { kind: 'date' }],
    [
      assetAt,
      layout.asset === undefined && placeholders.asset === undefined
        ? { kind: 'asset' }
        : { kind: 'ignored', reason: 'the asset is given' },
    ],
    ...runs.map((at) => [at, { kind: 'run' }] as const),
    [set, { kind: 'set' }],
    [label, { kind: 'label' }],
  ]);
  if (long) {
    known.set(channelAt, { kind: 'channel-names' });
    known.set(valueAt, { kind: 'values' });
    known.set(unit, { kind: 'units' });
  }
  const uses = channelColumns({ titles, place, layout, known, long, optionName });
  const channels = [...uses.entries()].filter(([, { kind }]) => kind === 'channel');
  if (!long && channels.length === 0) missing('beside time and asset', 'columns', 'with one');
  const own = channels.every(([, use]) => 'asset' in use && use.asset !== undefined);
  const tags = Object.values(layout.columns ?? {});
  const ownTags = long && tags.some((each) => typeof each === 'object' && each.asset !== undefined);
  if (asset === undefined && !(long ? ownTags : own)) {
    missing(ASSET.join(' or '), 'asset', 'for a single one');
  }
  return {
    time,
    date,
    timeUnit: timeUnitOf(titles[time], layout),
    asset,
    runs,
    set,
    label,
    values: long
      ? { kind: 'long', channel: channelAt, value: valueAt, unit }
      : { kind: 'wide', channels: channels.map(([at]) => at) },
    uses,
    doubts: channels
      .map(([at]) => titles[at])
      .filter((title) => LABELS.test(title) && chosenUse(title, layout) === undefined)
      .map(
        (title) =>
          `The column ${title} is read as a channel; if it says what is wrong, name it as ${optionName('labelColumn')}, else in ${optionName('ignore')}.`,
      ),
  };
}

/** `time [ms]` says its unit. */
function timeUnitOf(title: string, { timeUnit }: TableLayout): TimeUnit {
  if (timeUnit !== 'auto') return timeUnit;
  return TIME_UNIT_OF.get(splitTitle(title).unit ?? '') ?? 'auto';
}
