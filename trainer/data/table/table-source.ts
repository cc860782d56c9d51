// A table with named columns, CSV or Parquet, value by value.
import type { IssueCollector } from '../issues.ts';

/** What a cell may hold: text of a CSV field, or a value of a Parquet column. */
export type Cell = string | number | bigint | boolean | null | undefined;

export interface ReadCellsOptions {
  /** Positions in `columns` of the columns wanted. */
  readonly positions: readonly number[];
  /**
   * Takes one cell: its row (0-based, without header), its place in `positions`, and
   * where it stands in the file (a line or a 1-based row, as {@linkcode TableSource.unit}
   * says). CSV comes row by row, Parquet column by column; rows always ascend within a column.
   */
  readonly onCell: (row: number, place: number, cell: Cell, line: number) => void;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

export interface TableSource {
  /** The file as errors call it. */
  readonly name: string;
  readonly unit: 'line' | 'row';
  readonly columns: readonly string[];
  /** Rows, where the file says so in advance. */
  readonly rows: number | undefined;
  /** Reads the cells of some columns; rows that are broken are reported and not counted. */
  read(options: ReadCellsOptions): Promise<void>;
}
