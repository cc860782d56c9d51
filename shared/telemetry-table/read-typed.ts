// A typed table, as Parquet is, in groups of rows.
import type { Cell } from './cell.ts';
import { type OpenTable, openTable, type TableContext } from './open-table.ts';
import { findColumns } from './table-columns.ts';
import type { TypedTable } from './table-store.ts';

export interface ReadTypedOptions {
  readonly context: TableContext;
  readonly typed: TypedTable;
  readonly signal?: AbortSignal | undefined;
  onRows(rows: number): void;
  /** Filled as the file is read. */
  readonly told: { table: OpenTable | undefined };
}

/** Rows between two looks at the signal. */
const ROWS_A_TURN = 10_000;

/** Reads a table. @throws {InputError} where its columns do not fit, {FileGivenUp} */
export async function readTyped(options: ReadTypedOptions): Promise<void> {
  const { context, typed, signal, onRows, told } = options;
  const { titles, wallClocks } = typed;
  const layout = { ...context.layout, decimalComma: false };
  const common = { context: { ...context, layout }, titles, line: undefined };
  const { time } = findColumns({ ...common.context, titles, line: undefined });
  const table = openTable({
    ...common,
    wallClock: wallClocks[time] ?? false,
    dateOrder: layout.dateOrder,
  });
  told.table = table;
  const positions = [...titles.keys()].filter((at) => table.columns.uses[at].kind !== 'ignored');
  const cells: Cell[] = new Array(titles.length).fill(undefined);
  let row = 0;
  for await (const { rows, columns } of typed.read(positions)) {
    for (let at = 0; at < rows; at++) {
      if (at % ROWS_A_TURN === 0) signal?.throwIfAborted();
      for (const position of positions) cells[position] = columns[position]?.[at];
      table.read(cells, ++row);
    }
    onRows(row);
  }
}
