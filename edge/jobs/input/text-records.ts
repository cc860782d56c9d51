// The records of a chunk of a text file, each with its line for whoever must complain.
import { InputError } from '@dandan/shared/error';
import type { PlannedChunk } from '../job.ts';
import { RowError } from './chunk-rows.ts';
import { createRecordEnds, isBlank, linesOf, trimmedEnd } from './record-end.ts';

export interface TextRecord {
  /** Index in the chunk. */
  readonly row: number;
  /** 1-based line of the file. */
  readonly line: number;
  readonly bytes: Uint8Array;
  /** Of the record in the bytes, without its line end. */
  readonly begin: number;
  readonly end: number;
  /** Text of a part of it. @default {the whole record} */
  textOf(begin?: number, end?: number): string;
}

/** Names and ids of a plant; a result carries them on. */
const MAX_ID_LENGTH = 256;

/**
 * Calls `read` with every record; what it throws is given row and line.
 *
 * @throws {RowError}
 */
export function eachRecord(
  bytes: Uint8Array,
  { place }: Pick<PlannedChunk, 'place'>,
  options: { readonly quoted: boolean; readonly read: (record: TextRecord) => void },
): void {
  const { quoted, read } = options;
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const ends = createRecordEnds(bytes, { quoted, last: true });
  let row = 0;
  let line = place;
  for (let at = 0; at < bytes.byteLength; ) {
    const end = ends.after(at);
    if (!isBlank(bytes, at, end)) {
      try {
        const begin = at;
        const behind = trimmedEnd(bytes, at, end);
        const textOf = (from = begin, to = behind) => decoder.decode(bytes.subarray(from, to));
        read({ row, line, bytes, begin, end: behind, textOf });
      } catch (error) {
        throw toRowError(error, row, line);
      }
      row++;
    }
    line += linesOf(bytes, at, end);
    at = end;
  }
}

function toRowError(error: unknown, row: number, line: number): unknown {
  if (error instanceof InputError) return new RowError(error, row, line);
  if (!(error instanceof TypeError)) return error;
  const allowed = 'UTF-8';
  return new RowError(
    new InputError('rows-malformed', 'The line is not UTF-8', { allowed }),
    row,
    line,
  );
}

/** @throws {InputError} `rows-malformed` for an id that is too long. */
export function checkedId(id: string): string {
  if (id.length <= MAX_ID_LENGTH) return id;
  throw new InputError('rows-malformed', 'The id is too long', {
    field: 'id',
    value: id,
    allowed: `at most ${MAX_ID_LENGTH} characters`,
  });
}
