// How the tables of one source are written: what trainer and gateway are told alike, so that both
// read a file the same way. The trainer adds which files.
import * as z from 'zod';
import { isTimeZone } from '../time-zone/index.ts';
import { LEVEL, LEVEL_WORDS } from '../wire/index.ts';

export const TIME_UNITS = ['auto', 'iso', 's', 'ms', 'us', 'ns'] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];

/** Which of the two comes first in 05/01/2026. */
export const DATE_ORDERS = ['day-month', 'month-day'] as const;

export type DateOrder = (typeof DATE_ORDERS)[number];

/** Of text files, as the platform's TextDecoder calls them. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'shift_jis', 'euc-jp', 'windows-1252'] as const;

export type Encoding = (typeof ENCODINGS)[number];

/** A month: samples that are further apart are a typing error. */
const MAX_EVERY_MS = 31 * 24 * 3_600_000;

/** A campaign, a batch of it, a repetition of that. */
const MAX_RUN_COLUMNS = 4;

/** A historian's export has a column for each tag; a table of more is no telemetry. */
export const MAX_COLUMNS = 10_000;

/** A channel of a bundle's feature spec has one of these names. */
export const CHANNEL_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
export const CHANNEL_WORDS = 'letters, digits, _ . - (1..64)';

const channelName = z.string().regex(CHANNEL_NAME, CHANNEL_WORDS);
const assetName = z.string().regex(LEVEL, LEVEL_WORDS);

/** Titles in files are whatever a historian wrote. */
const title = z.string().min(1).max(256);

/** A column, or a tag of a long table, that is a channel of another name, unit or asset. */
const columnSchema = z.strictObject({
  channel: channelName,
  /** Unit of the column, where it is not that of the channel. */
  unit: z.string().max(32).optional(),
  /** For a table whose columns are of several assets. */
  asset: assetName.optional(),
});

const columnsSchema = z
  .record(title, z.union([channelName, columnSchema]))
  .refine((columns) => Object.keys(columns).length <= MAX_COLUMNS, `at most ${MAX_COLUMNS}`);

/** The fields of a layout, to be spread into the schema of a section that has more of them. */
export const tableLayoutFields = {
  encoding: z.enum(ENCODINGS).default('utf-8'),
  /** One character. @default {found in the line of titles} */
  delimiter: z
    .string()
    .length(1)
    .refine((text) => text !== '"' && text !== '\n', 'no quote')
    .optional(),
  decimalComma: z.boolean().default(false),
  /** @default {the first of time, timestamp, datetime, date, t, ts} */
  timeColumn: title.optional(),
  /** A column with the date, where the time column holds the time of day alone. */
  dateColumn: title.optional(),
  timeUnit: z.enum(TIME_UNITS).default('auto'),
  /** Of times without an offset. @default {that of the plant, else UTC} */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone, e.g. Asia/Tokyo').optional(),
  /** Of dates as 05/01/2026. @default {as the files of the source show, where one has a day above 12} */
  dateOrder: z.enum(DATE_ORDERS).optional(),
  /** For a time column that counts samples: milliseconds between two of them. */
  everyMs: z.int().min(1).max(MAX_EVERY_MS).optional(),
  /** Time of sample 0, with `everyMs`. */
  startTime: z.iso.datetime({ offset: true }).optional(),
  /** @default {the first of asset, asset_id, machine, device, where the table has one} */
  assetColumn: title.optional(),
  /** The only asset of the files. */
  asset: assetName.optional(),
  /** Assets that the files call otherwise: name in the files → name in the project. */
  assets: z.record(title, assetName).optional(),
  /** A column whose values name runs, stretches that do not join; or several that do so together. */
  runColumn: z.union([title, z.array(title).min(1).max(MAX_RUN_COLUMNS)]).optional(),
  /** A column that says train, validation or test. */
  setColumn: title.optional(),
  /** A column with the class of every row; empty where nobody knows. */
  labelColumn: title.optional(),
  /** Classes that the label column calls otherwise: name in the files → class. */
  labelNames: z.record(z.string().max(256), z.string().max(128)).optional(),
  /** Given: a long table, one value a row. @default {tag, channel, … beside a column value} */
  channelColumn: title.optional(),
  valueColumn: title.optional(),
  unitColumn: title.optional(),
  /** By column of a wide table, or by tag of a long one: what it is where its title does not say. */
  columns: columnsSchema.optional(),
  /** What columns and tags are that `columns` does not list. */
  otherColumns: z.enum(['channels', 'ignore']).default('channels'),
  /** Columns, or tags, that are no channels. */
  ignore: z.array(title).default([]),
};

const layoutSchema = z.strictObject(tableLayoutFields);

export type TableLayout = Readonly<z.output<typeof layoutSchema>>;

/** A layout in which everything is found by the names in the wild. */
export const DEFAULT_LAYOUT: TableLayout = layoutSchema.parse({});

/** What fields say together; for `superRefine` of a section with {@linkcode tableLayoutFields}. */
export function checkTableLayout(layout: TableLayout, context: z.core.$RefinementCtx): void {
  const refuse = (field: keyof TableLayout, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, input: layout[field] });
  const { everyMs, startTime, asset, assetColumn, channelColumn } = layout;
  if ((everyMs === undefined) !== (startTime === undefined)) {
    refuse(
      everyMs === undefined ? 'startTime' : 'everyMs',
      'everyMs and startTime stand together: a time column that counts samples needs both',
    );
  }
  if (asset !== undefined && assetColumn !== undefined) {
    refuse('asset', 'either asset or assetColumn');
  }
  for (const field of ['valueColumn', 'unitColumn'] as const) {
    if (layout[field] === undefined || channelColumn !== undefined) continue;
    refuse(field, `${field} is of long tables: channelColumn stands beside it`);
  }
}

/** Fields of a layout that hold the title of one column. */
export const NAMED_COLUMNS = [
  'timeColumn',
  'dateColumn',
  'assetColumn',
  'setColumn',
  'labelColumn',
  'channelColumn',
  'valueColumn',
  'unitColumn',
] as const satisfies readonly (keyof TableLayout)[];

/** Titles of the columns that name runs together. */
export function runTitles({ runColumn }: TableLayout): readonly string[] {
  if (runColumn === undefined) return [];
  return typeof runColumn === 'string' ? [runColumn] : runColumn;
}
