// What a check tells of telemetry beside its series: how each file was read, and what each channel
// holds. Everything here is told, nothing of it was removed.
import type { HistorySet, Telemetry } from '../telemetry.ts';

/** What a column became. */
export type ColumnUse =
  | { readonly kind: 'time' | 'date' | 'asset' | 'run' | 'set' | 'label' }
  /** Of a long table. */
  | { readonly kind: 'channel-names' | 'values' | 'units' }
  | {
      readonly kind: 'channel';
      readonly channel: string;
      /** As the configuration, the title or the line of units says; '' where none does. */
      readonly unit: string;
      /** Where the column is of an asset of its own. */
      readonly asset?: string;
    }
  /** Not read; `reason` is a short phrase, e.g. "ignored by the configuration". */
  | { readonly kind: 'ignored'; readonly reason: string };

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
  readonly placeholders: Readonly<Partial<Record<'asset' | 'run' | 'set', string>>>;
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
  readonly dateOrder: 'day-month' | 'month-day' | undefined;
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

/** A stretch of one series. */
export interface Stretch {
  readonly run: string;
  readonly asset: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** Something in the values that looks like a mistake of the sensor or of its unit. */
export type Suspicion =
  /** A value that loggers write for "no value", far from all others. */
  | {
      readonly kind: 'sentinel';
      readonly value: number;
      readonly count: number;
      readonly first: Stretch;
    }
  /** A stretch whose values would fit the others if they were in another unit. */
  | {
      readonly kind: 'unit';
      /** Unit that it seems to be in, or a factor such as '×1000'. */
      readonly looksLike: string;
      readonly count: number;
      readonly first: Stretch;
    };

export interface ChannelSummary {
  readonly name: string;
  readonly unit: string;
  /** Units that files stated, in the order found; those other than `unit` were converted. */
  readonly unitsFound: readonly string[];
  /** Assets that have it. */
  readonly assets: readonly string[];
  /** Readings in the series, each time once. */
  readonly count: number;
  /** Empty cells of its columns, as a share of all its cells, 0..1. */
  readonly missingShare: number;
  /** Readings that a later one of the same time replaced. */
  readonly duplicates: number;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
  /** Median time between two readings of a series, milliseconds; `undefined` for single readings. */
  readonly typicalIntervalMs: number | undefined;
  /** Times without a reading that are much longer than the typical interval. */
  readonly gaps: { readonly count: number; readonly longest: Stretch | undefined };
  /** Stretches of one value that are long for the channel. */
  readonly constant: {
    readonly count: number;
    /** Share of all readings that lie in them, 0..1; 1: the channel never moves. */
    readonly share: number;
    readonly longest: Stretch | undefined;
  };
  readonly suspicions: readonly Suspicion[];
}

/** One run as the files tell of it. */
export interface RunSummary {
  readonly name: string;
  readonly set: HistorySet | undefined;
  readonly readings: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Seconds of labelled stretches by class, from the files' label column. */
  readonly labelled: readonly { readonly class: string; readonly seconds: number }[];
}

export interface TelemetrySummary {
  /** In the order they were read, which is that of the sections, then of the names. */
  readonly files: readonly FileSummary[];
  /** In the order of `Telemetry.channels`. */
  readonly channels: readonly ChannelSummary[];
  /** In the order of `Telemetry.runs`. */
  readonly runs: readonly RunSummary[];
  /** Channels that files hold and `channels` of the project does not list. */
  readonly unlisted: readonly string[];
}

/** Telemetry with what a check tells of it. */
export interface TelemetryRead extends Telemetry {
  readonly summary: TelemetrySummary;
}
