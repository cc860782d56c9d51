// What a check tells of telemetry beside its series: how each file was read, and what each channel
// holds. Everything here is told, nothing of it was removed.
import type { FileSummary } from '@dandan/shared/telemetry-table';
import type { HistorySet, Telemetry } from '../telemetry.ts';

export type {
  ColumnSummary,
  ColumnUse,
  FileSummary,
} from '@dandan/shared/telemetry-table';

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
export interface TelemetryRead {
  readonly telemetry: Telemetry;
  readonly summary: TelemetrySummary;
}
