// One table, text or typed, from its titles to what a summary tells of it.
import type { Cell } from './cell.ts';
import type { ChannelUnits } from './channel-units.ts';
import type { Collector } from './collector.ts';
import type { FileProblems } from './file-problems.ts';
import type { FileSummary } from './file-summary.ts';
import type { DateOrder, TableLayout } from './layout.ts';
import { createRowReader } from './row-reader.ts';
import { findColumns, type Placeholders, type TableColumns } from './table-columns.ts';
import { createTimeReader } from './time/time-reader.ts';

export interface TableContext {
  /** The file as errors call it. */
  readonly name: string;
  /** Position of the file among all, and of its source. */
  readonly file: number;
  readonly source: number;
  readonly layout: TableLayout;
  readonly placeholders: Placeholders;
  /** Of times without an offset. */
  readonly timeZone: string;
  readonly units: ChannelUnits;
  readonly collector: Collector;
  readonly problems: FileProblems;
  /** Takes the titles, and the tags of long tables, that were met in the source. */
  readonly seen: Set<string>;
}

export interface OpenTableOptions {
  readonly context: TableContext;
  readonly titles: readonly string[];
  /** Of the titles; `undefined` where the file has no lines. */
  readonly line: number | undefined;
  /** By column: units of a line below the titles. @default {none} */
  readonly unitsBelow?: readonly string[] | undefined;
  readonly dateOrder?: DateOrder | undefined;
  /** Dates of a typed table show a wall clock. @default {false} */
  readonly wallClock?: boolean;
}

export type TableSummary = Omit<
  FileSummary,
  'format' | 'delimiter' | 'encoding' | 'headerLine' | 'unitsLine' | 'duplicates'
>;

export interface OpenTable {
  readonly columns: TableColumns;
  /** Takes a row. @throws {FileGivenUp} */
  read(cells: readonly Cell[], line: number): void;
  summary(): TableSummary;
}

function withUnits(columns: TableColumns, unitsBelow: readonly string[] | undefined): TableColumns {
  if (unitsBelow === undefined) return columns;
  const uses = columns.uses.map((use, at) =>
    use.kind === 'channel' && use.unit === '' ? { ...use, unit: unitsBelow[at] ?? '' } : use,
  );
  return { ...columns, uses };
}

/** @throws {InputError} `data-invalid` where the titles do not fit. */
export function openTable(options: OpenTableOptions): OpenTable {
  const { context, titles, line, dateOrder, wallClock = false } = options;
  const { name, file, source, layout, placeholders, timeZone, units, collector } = context;
  const found = findColumns({ titles, name, line, layout, placeholders });
  const columns = withUnits(found, options.unitsBelow);
  const { everyMs, startTime } = layout;
  const time = createTimeReader({
    unit: columns.timeUnit,
    timeZone,
    dateOrder,
    wallClock,
    counter:
      everyMs === undefined || startTime === undefined
        ? undefined
        : { everyMs, startTime: Date.parse(startTime) },
  });
  const { problems, seen } = context;
  for (const title of titles) seen.add(title);
  const common = { layout, placeholders, units, collector, problems, seen };
  const rows = createRowReader({ ...common, columns, titles, time, file, line: line ?? 0 });
  const { tally } = rows;

  return {
    columns,
    read: rows.read,
    summary() {
      const read = Number.isFinite(tally.firstTime);
      return {
        name,
        source,
        layout: columns.values.kind,
        placeholders,
        columns: titles.map((title, at) => ({
          title,
          use: columns.uses[at],
          missing: tally.missing[at],
          refused: tally.refused[at],
        })),
        zoneAssumed: time.usedZone ? timeZone : undefined,
        dateOrder: time.usedOrder,
        rows: tally.rows,
        refusedRows: tally.refusedRows,
        readings: tally.readings,
        firstTime: read ? tally.firstTime : undefined,
        lastTime: read ? tally.lastTime : undefined,
        outOfOrder: tally.outOfOrder,
        secondTimes: time.secondTimes,
        doubts: columns.doubts,
      };
    },
  };
}
