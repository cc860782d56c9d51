// A text table line by line: preamble, titles, units, rows.
import { InputError } from '../error/index.ts';
import { decodeLines } from './decode-lines.ts';
import type { DateOrder } from './layout.ts';
import { type OpenTable, openTable, type TableContext } from './open-table.ts';
import { splitFields } from './split-fields.ts';
import { findColumns } from './table-columns.ts';
import { createHeaderFinder, isComment, type TextHeader } from './text-header.ts';
import { dateOrderOf } from './time/date-text.ts';
import { unitsBelow } from './units-line.ts';

/** What is told of the file beside its rows. */
export interface TextFile {
  table: OpenTable | undefined;
  header: TextHeader | undefined;
  unitsLine: number | undefined;
}

const SHOWN_CHARACTERS = 64;

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/** The cells of a row; one that ends in delimiters has no more of them. */
function cellsOf(text: string, { titles, delimiter }: TextHeader): string[] | undefined {
  const cells = splitFields(text, delimiter);
  if (cells === undefined || cells.length < titles.length) return undefined;
  return cells.slice(titles.length).every((cell) => cell.trim() === '') ? cells : undefined;
}

const isEmpty = (text: string, delimiter: string) => text.replaceAll(delimiter, '').trim() === '';

export interface ReadTextOptions {
  readonly context: TableContext;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How dates as 05/01/2026 are read, where the layout does not say. */
  readonly findOrder: (column: string) => Promise<DateOrder | undefined>;
  readonly signal?: AbortSignal | undefined;
  /** Filled as the file is read. */
  readonly told: TextFile;
}

/** Reads a file. @throws {InputError} where it is no table, {FileGivenUp} */
export async function readText(options: ReadTextOptions): Promise<void> {
  const { context, chunks, findOrder, signal, told } = options;
  const { name, layout, problems } = context;
  const finder = createHeaderFinder(layout);
  let line = 0;
  let first = true;

  /** Opens the table by its first row. @returns whether that was a line of units. */
  async function begin(header: TextHeader, cells: readonly string[]): Promise<boolean> {
    told.header = header;
    const { titles, line: at } = header;
    const columns = findColumns({ ...context, titles, line: at });
    const units = unitsBelow(cells, columns);
    if (units !== undefined) told.unitsLine = line;
    const dates = columns.date ?? columns.time;
    const written = dateOrderOf(cells[dates] ?? '');
    const ask = units !== undefined || written === 'either';
    const dateOrder = layout.dateOrder ?? (ask ? await findOrder(titles[dates]) : written);
    told.table = openTable({ context, titles, line: at, unitsBelow: units, dateOrder });
    return units !== undefined;
  }

  function row(text: string, header: TextHeader): readonly string[] | undefined {
    if (text === '' || isComment(text) || isEmpty(text, header.delimiter)) return undefined;
    const cells = cellsOf(text, header);
    if (cells !== undefined) return cells;
    const allowed = `${header.titles.length} fields split by '${header.delimiter}', quotes closed`;
    problems.tell({ line, value: shorten(text), allowed, message: 'the line is left out' });
    return undefined;
  }

  let header: TextHeader | undefined;
  const lines = decodeLines({ chunks, name, encoding: layout.encoding });
  for await (const batch of lines) {
    signal?.throwIfAborted();
    for (const text of batch) {
      line++;
      if (header === undefined) {
        header = finder.push(text) ?? (finder.gaveUp ? refuseHeader(finder.best) : undefined);
        continue;
      }
      const cells = row(text, header);
      if (cells === undefined) continue;
      if (first) {
        first = false;
        if (await begin(header, cells)) continue;
      }
      told.table?.read(cells, line);
    }
  }
  header ??= refuseHeader(finder.best);
  if (first) await begin(header, []);

  /** Titles that do not fit are told as those that come nearest. */
  function refuseHeader(best: TextHeader | undefined): TextHeader {
    if (best !== undefined) return best;
    throw new InputError('data-invalid', `${name} does not begin with a line of column names`, {
      field: `${name}:1`,
      value: line === 0 ? 'an empty file' : undefined,
      allowed: 'a line of different names, split by , ; tab or |',
    });
  }
}
