// Rows of one table into the series of the history, whatever its form.
import { type Cell, readName } from './cell.ts';
import { ASSET_WORDS, createRowPlaces, SET_WORDS } from './row-places.ts';
import { createRowTally, type RowTally } from './row-tally.ts';
import type { Placeholders, TableColumns } from './table-columns.ts';
import { moveStream } from './time/local-clock.ts';
import type { TimeReader } from './time/time-reader.ts';
import type { ValuesOptions } from './values.ts';
import { createLongValues } from './values-long.ts';
import { createWideValues } from './values-wide.ts';

export interface RowReaderOptions extends Omit<ValuesOptions, 'tally'> {
  readonly placeholders: Placeholders;
  readonly time: TimeReader;
  /** Of the titles; 0 where the file has no lines. */
  readonly line: number;
}

export interface RowReader {
  readonly tally: RowTally;
  /** Takes a row; `line` is where it stands in the file. @throws {FileGivenUp} */
  read(cells: readonly Cell[], line: number): void;
}

const TIME_OF_DAY = /^\s*\d{1,2}[:時h]/;

/** A date and a time of day stand in columns of their own; other texts are both. */
function timeCell(cells: readonly Cell[], { time, date }: TableColumns): Cell {
  const cell = cells[time];
  if (date === undefined || typeof cell !== 'string' || !TIME_OF_DAY.test(cell)) return cell;
  return `${cells[date]} ${cell}`;
}

export function createRowReader(options: RowReaderOptions): RowReader {
  const { columns, titles, layout, time, collector, problems } = options;
  const tally = createRowTally(titles.length);
  const places = createRowPlaces(options);
  const values =
    columns.values.kind === 'wide'
      ? createWideValues({ ...options, tally })
      : createLongValues({ ...options, at: columns.values, tally });

  function refuse(line: number, at: number | undefined, value: Cell, allowed: string): void {
    tally.refusedRows++;
    if (at !== undefined) tally.refused[at]++;
    const column = at === undefined ? undefined : titles[at];
    problems.tell({ line, column, value, allowed, message: 'the row is left out' });
  }

  function label(cells: readonly Cell[], run: string, asset: string | undefined, at: number): void {
    if (columns.label === undefined) return;
    const name = readName(cells[columns.label]);
    if (name === '') tally.missing[columns.label]++;
    const { labelNames } = layout;
    const known = labelNames !== undefined && Object.hasOwn(labelNames, name);
    collector.labels(run, asset).push(at, known ? labelNames[name] : name);
  }

  return {
    tally,
    read(cells, line) {
      tally.rows++;
      const run = places.run(cells);
      const asset = places.asset(cells);
      if (asset === null) {
        const at = typeof columns.asset === 'number' ? columns.asset : undefined;
        return refuse(line, at, at === undefined ? columns.asset : cells[at], ASSET_WORDS);
      }
      const set = places.set(cells);
      if (set === null || (set !== undefined && !collector.setOf(run, set))) {
        const value = columns.set === undefined ? options.placeholders.set : cells[columns.set];
        const allowed = set === null ? SET_WORDS : `one set for the whole run '${run}'`;
        return refuse(line, columns.set, value, allowed);
      }
      const place = values.place(cells, run, asset);
      const cell = timeCell(cells, columns);
      const at = time.read(cell, place.stream);
      if (at === undefined) return refuse(line, columns.time, cell, time.allowed);
      if (moveStream(place.stream, at)) tally.outOfOrder++;
      if (at < tally.firstTime) tally.firstTime = at;
      if (at > tally.lastTime) tally.lastTime = at;
      label(cells, run, asset, at);
      place.take(cells, at, line);
    },
  };
}
