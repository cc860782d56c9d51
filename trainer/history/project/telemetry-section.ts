// `telemetry` of plant.yaml: which files hold readings, and what their columns are.
import * as z from 'zod';
import { columnName, durationMs, MAX_CHANNELS, name, relativePath, timeZone } from './fields.ts';

/** One for each kind of export a plant has. */
const MAX_SOURCES = 32;

/** A column that is a channel of another name, unit or asset than the table says. */
const columnSpec = z.strictObject({
  channel: name,
  /** Unit of the column, where it is not that of the channel. */
  unit: z.string().max(32).optional(),
  /** For a table whose columns are of several assets. */
  asset: name.optional(),
});

const source = z
  .strictObject({
    /**
     * Files relative to plant.yaml; `*` stands for any characters, `{asset}`, `{run}` and `{set}`
     * for a part of the name that says so. .csv, .csv.gz, .tsv, .parquet.
     */
    files: z.union([relativePath, z.array(relativePath).min(1)]),
    /** One character. @default {found in the first line} */
    delimiter: z.string().length(1).optional(),
    decimalComma: z.boolean().default(false),
    /** @default {the first of time, timestamp, datetime, date, t, ts} */
    timeColumn: columnName.optional(),
    timeUnit: z.enum(['auto', 'iso', 's', 'ms', 'us', 'ns']).default('auto'),
    /** Of times without an offset. @default {that of the plant} */
    timeZone: timeZone.optional(),
    /** For a time column that counts samples: milliseconds between two of them. */
    everyMs: durationMs.optional(),
    /** Time of sample 0, with `everyMs`. */
    startTime: z.iso.datetime({ offset: true }).optional(),
    assetColumn: columnName.optional(),
    /** The only asset of the files. */
    asset: name.optional(),
    /** A column whose values name runs: stretches that do not join. */
    runColumn: columnName.optional(),
    /** A column that says train, validation or test. */
    setColumn: columnName.optional(),
    /** A column with the class of every row; empty where nobody knows. */
    labelColumn: columnName.optional(),
    /** Given: a long table, one value a row. */
    channelColumn: columnName.optional(),
    valueColumn: columnName.optional(),
    unitColumn: columnName.optional(),
    /** Of a wide table, by column. @default {every other column is a channel of its own name} */
    columns: z
      .record(columnName, z.union([name, columnSpec]))
      .refine((columns) => Object.keys(columns).length <= MAX_CHANNELS * 16)
      .optional(),
    /** Columns that are no channels. */
    ignore: z.array(columnName).default([]),
  })
  .refine(({ everyMs, startTime }) => (everyMs === undefined) === (startTime === undefined), {
    message: 'everyMs and startTime go together',
    path: ['everyMs'],
  });

export const telemetrySection = z.array(source).min(1).max(MAX_SOURCES);

export type TelemetryFiles = z.output<typeof source>;
