// The rows of an NDJSON chunk: `[…]`, `{"id": …, "row": […]}` or `{"id": …, "indices": […], "values": […]}`.
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import { readDense, readSparse } from '../../inference/json-rows.ts';
import type { PlannedChunk } from '../job.ts';
import { type ChunkRows, RowError } from './chunk-rows.ts';
import type { InputSource } from './input-source.ts';
import { checkedId, eachRecord } from './text-records.ts';

interface Entry {
  readonly id: string | null;
  /** An array of numbers, or an object of indices and values; checked later, all together. */
  readonly row: unknown;
}

function malformed(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('rows-malformed', message, { field, value, allowed });
}

function readId(id: unknown): string | null {
  if (id === undefined || id === null) return null;
  if (typeof id === 'string' || typeof id === 'number') return checkedId(String(id));
  return malformed("'id' is not usable", 'id', id, 'text or a number');
}

function readEntry(text: string): Entry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    malformed('The line is not JSON', 'line', text, 'one JSON value a line');
  }
  if (Array.isArray(json)) return { id: null, row: json };
  if (typeof json !== 'object' || json === null) {
    malformed('The line is no row', 'line', text, 'an array, or an object with row or indices');
  }
  const { id, row, ...sparse } = json as Record<string, unknown>;
  if (row === undefined) return { id: readId(id), row: sparse };
  for (const key of Object.keys(sparse))
    malformed(`'${key}' is unknown`, key, sparse[key], 'id, row');
  return { id: readId(id), row };
}

/** `rows[3].values[2]` of the readers for requests → line of row 3, field `values[2]`. */
function withLine(error: unknown, lines: readonly number[]): unknown {
  if (!(error instanceof InputError)) return error;
  const match = /^rows\[(\d+)\]\.?(.*)$/.exec(error.field ?? '');
  if (match === null) return error;
  const [, index, rest] = match;
  const row = Number(index);
  const { code, value, allowed } = error;
  const field = rest.startsWith('[') || rest === '' ? `row${rest}` : rest;
  const detail = new InputError(code, `'${field}' is not usable`, { field, value, allowed });
  return new RowError(detail, row, lines[row]);
}

/** @throws {RowError} naming line and field. */
export async function readNdjsonRows(options: {
  readonly source: InputSource;
  readonly chunk: PlannedChunk;
  readonly cascade: Pick<Cascade, 'input' | 'quantise'>;
}): Promise<ChunkRows> {
  const { source, chunk, cascade } = options;
  const entries: Entry[] = [];
  const lines: number[] = [];
  eachRecord(await source.read(chunk.begin, chunk.bytes), chunk, {
    quoted: false,
    read({ textOf, line }) {
      entries.push(readEntry(textOf()));
      lines.push(line);
    },
  });
  const rows = entries.map(({ row }) => row);
  const { width, sparse } = cascade.input;
  try {
    // Either form for all rows of a chunk would depend on where chunks end: each row has its own.
    const dense = rows.every(Array.isArray);
    const floats =
      dense || !sparse
        ? { count: rows.length, width, values: readDense(rows, width) }
        : readSparse(
            rows.map((row, i) => (Array.isArray(row) ? nonZeros(row, i, width) : row)),
            width,
          );
    const ids = entries.some(({ id }) => id !== null) ? entries.map(({ id }) => id) : undefined;
    const codes = cascade.quantise(floats);
    return ids === undefined ? { rows: codes } : { rows: codes, ids };
  } catch (error) {
    throw withLine(error, lines);
  }
}

/** A dense row among sparse ones; what is no number is left for their reader to refuse. */
function nonZeros(row: readonly unknown[], i: number, width: number) {
  if (row.length !== width) {
    throw new InputError('rows-wrong-width', `The row has ${row.length} features`, {
      field: `rows[${i}]`,
      value: row.length,
      allowed: `${width}`,
    });
  }
  const indices: number[] = [];
  row.forEach((value, column) => {
    if (value !== 0) indices.push(column);
  });
  return { indices, values: indices.map((column) => row[column]) };
}
