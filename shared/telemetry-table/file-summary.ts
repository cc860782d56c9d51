// What a check tells of how one file was read. Everything here is told, nothing of it was removed.
import type { ColumnUse } from './column-use.ts';
import type { DateOrder } from './layout.ts';
import type { Placeholders } from './table-columns.ts';

export interface ColumnSummary {
  /** As the file has it; '' for a column without a title. */
  readonly title: string;
  readonly use: ColumnUse;
  /** Cells without a value. */
  readonly missing: number;
  /** Cells that hold something else than they should; reported as issues and left out. */
  readonly refused: number;
}

/** How one file was read. */
export interface FileSummary {
  /** Relative to the project, with `/`. */
  readonly name: string;
  /** Position in the project's `telemetry`. */
  readonly source: number;
  readonly format: 'csv' | 'parquet';
  /** `undefined`: the file could not be opened or has no header that fits; see the issues. */
  readonly layout: 'wide' | 'long' | undefined;
  /** What the file's name says, by `{asset}`, `{run}` and `{set}`. */
  readonly placeholders: Placeholders;
  readonly columns: readonly ColumnSummary[];
  /** Of text files. */
  readonly delimiter: string | undefined;
  readonly encoding: string;
  /** 1-based; 0 for Parquet. Lines before it are a preamble that was skipped. */
  readonly headerLine: number;
  /** 1-based line of units below the header, where there is one. */
  readonly unitsLine: number | undefined;
  /** Zone of times without an offset; `undefined` where every time of the file has one or is a number. */
  readonly zoneAssumed: string | undefined;
  /** How `05/01/2026` was read, where the file has such dates. */
  readonly dateOrder: DateOrder | undefined;
  /** Rows below the header, without comments and empty lines. */
  readonly rows: number;
  /** Rows that were left out whole; each is an issue. */
  readonly refusedRows: number;
  /** Readings that were taken, before repeated times were told apart. */
  readonly readings: number;
  /** Milliseconds since the epoch; `undefined` where no row was read. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** Readings of this file that replaced one of the same asset, channel and time. */
  readonly duplicates: number;
  /** Rows that go back in time behind the row before them of the same series. */
  readonly outOfOrder: number;
  /** Times that exist twice, clocks being set back, and were taken as the second. */
  readonly secondTimes: number;
  /** What may be a mistake though it could be read, in whole sentences. */
  readonly doubts: readonly string[];
}
