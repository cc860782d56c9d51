// What reads the values of a row, whatever the form of its table.
import type { Cell } from './cell.ts';
import type { ChannelUnits } from './channel-units.ts';
import type { Collector } from './collector.ts';
import type { FileProblems } from './file-problems.ts';
import type { TableLayout } from './layout.ts';
import type { RowTally } from './row-tally.ts';
import type { TableColumns } from './table-columns.ts';
import type { TimeStream } from './time/local-clock.ts';

export interface ValuesOptions {
  readonly columns: TableColumns;
  readonly titles: readonly string[];
  readonly layout: TableLayout;
  readonly units: ChannelUnits;
  readonly collector: Collector;
  /** Position of the file among all. */
  readonly file: number;
  readonly problems: FileProblems;
  /** Takes the titles, and the tags of long tables, that were met. */
  readonly seen: Set<string>;
  readonly tally: RowTally;
}

/** Where the values of rows of one series, or of the series of one asset, go. */
export interface ValuePlace {
  /** What their times are read by. */
  readonly stream: TimeStream;
  take(cells: readonly Cell[], time: number, line: number): void;
}

export interface Values {
  /** The same object for rows whose times follow each other. */
  place(cells: readonly Cell[], run: string, asset: string | undefined): ValuePlace;
}
