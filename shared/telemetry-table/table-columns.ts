// Which columns of a table are time, asset, run and channels: as the layout says, or by the names
// in the wild.
import { channelColumns, chosenUse } from './channel-columns.ts';
import type { ColumnUse } from './column-use.ts';
import { NAMED_COLUMNS, runTitles, type TableLayout, type TimeUnit } from './layout.ts';
import { splitTitle } from './title.ts';
import { guessColumn, lookUpTitles, type Titles } from './titles.ts';

/** Names in the wild, lower case; the first that a table has counts. */
const TIME = ['t', 'time', 'timestamp', 'ts', 'datetime', 'date_time', 'date time', 'date'];
const ASSET = ['asset', 'asset_id', 'machine', 'machine_id', 'device', 'unit_id', 'equipment'];
const TAG = ['channel', 'tag', 'tagname', 'tag_name', 'sensor', 'signal', 'variable', 'metric'];
const VALUE = ['value', 'val', 'reading', 'vvalue'];
const UNIT = ['unit', 'units', 'uom', 'eu', 'engunits'];

/** Columns of these names are mostly what a model shall predict; as channels they would tell it. */
const LABELS = /^(label|class|target|anomaly|fault|failure|is_?anomaly|active_?fault|y)s?$/i;

const GIVEN = 'the asset is given';

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
}

/** Whether a line of titles has the columns that the layout names, or at least one of times. */
export function fitsLayout(titles: readonly string[], layout: TableLayout): boolean {
  const named = [...NAMED_COLUMNS.map((field) => layout[field]), ...runTitles(layout)];
  if (!named.every((each) => each === undefined || titles.includes(each))) return false;
  return layout.timeColumn !== undefined || guessColumn(titles, layout, TIME) !== undefined;
}

/** The columns of a long table; `undefined` for a wide one. */
function findLong(
  titles: Titles,
  { channelColumn }: TableLayout,
  taken: readonly (number | undefined)[],
): Extract<TableColumns['values'], { readonly kind: 'long' }> | undefined {
  const channel = titles.named('channelColumn') ?? titles.guess(TAG, taken);
  const value = titles.named('valueColumn') ?? titles.guess(VALUE, taken);
  if (channel === undefined) return undefined;
  if (value === undefined) {
    return channelColumn === undefined ? undefined : titles.missing('value', 'valueColumn');
  }
  const unit = titles.named('unitColumn') ?? titles.guess(UNIT, taken);
  return { kind: 'long', channel, value, unit };
}

/** Whether every channel says itself whose it is. */
function haveAssets(uses: readonly ColumnUse[], { columns = {} }: TableLayout, long: boolean) {
  // Which tags a long table holds shows when it is read.
  if (long) return Object.values(columns).some((each) => typeof each === 'object' && each.asset);
  return uses.every((use) => use.kind !== 'channel' || use.asset !== undefined);
}

function doubtsOf(title: string): string {
  return `The column ${title} is read as a channel; if it says what is wrong, name it as labelColumn, else in ignore.`;
}

/** Finds the columns. @throws {InputError} `data-invalid`, naming file, line and column. */
export function findColumns(options: FindColumnsOptions): TableColumns {
  const { titles, layout, placeholders = {} } = options;
  const found = lookUpTitles(options);
  const time =
    found.named('timeColumn') ??
    found.guess(TIME) ??
    found.missing(TIME.join(' or '), 'timeColumn', 'with another name');
  // A table with a time and a date has the time of day in the first one.
  const guessed = layout.timeColumn === undefined ? found.guess(['date'], [time]) : undefined;
  const date = found.named('dateColumn') ?? guessed;
  const assetAt = found.named('assetColumn') ?? found.guess(ASSET);
  const given = layout.asset ?? placeholders.asset;
  const runs = found.runs();
  const set = found.named('setColumn');
  const label = found.named('labelColumn');
  const long = findLong(found, layout, [time, date, assetAt, ...runs, set, label]);
  const known = new Map<number | undefined, ColumnUse>([
    [time, { kind: 'time' }],
    [date, { kind: 'date' }],
    [assetAt, given === undefined ? { kind: 'asset' } : { kind: 'ignored', reason: GIVEN }],
    ...runs.map((at) => [at, { kind: 'run' }] as const),
    [set, { kind: 'set' }],
    [label, { kind: 'label' }],
    [long?.channel, { kind: 'channel-names' }],
    [long?.value, { kind: 'values' }],
    [long?.unit, { kind: 'units' }],
  ]);
  const uses = channelColumns({ titles, place: found.place, layout, known, long: !!long });
  const channels = [...uses.keys()].filter((at) => uses[at].kind === 'channel');
  if (long === undefined && channels.length === 0) {
    found.missing('beside time and asset', 'columns', 'with one');
  }
  const asset = given ?? assetAt;
  if (asset === undefined && !haveAssets(uses, layout, long !== undefined)) {
    found.missing(ASSET.join(' or '), 'asset', 'for a single one');
  }
  const doubtful = (title: string) => LABELS.test(title) && chosenUse(title, layout) === undefined;
  return {
    time,
    date,
    timeUnit: timeUnitOf(titles[time], layout),
    asset,
    runs,
    set,
    label,
    values: long ?? { kind: 'wide', channels },
    uses,
    doubts: channels
      .map((at) => titles[at])
      .filter(doubtful)
      .map(doubtsOf),
  };
}

/** `time [ms]` says its unit. */
function timeUnitOf(title: string, { timeUnit }: TableLayout): TimeUnit {
  if (timeUnit !== 'auto') return timeUnit;
  return TIME_UNIT_OF.get(splitTitle(title).unit ?? '') ?? 'auto';
}
