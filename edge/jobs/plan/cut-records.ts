// Cuts a window of a text file into chunks that begin and end with a record.

import { createRecordEnds, isBlank, linesOf, type RecordOptions } from '../input/record-end.ts';
import type { PlannedChunk } from '../job.ts';

export interface CutRecordsOptions extends RecordOptions {
  /** Records of a chunk. */
  readonly rows: number;
  readonly maxBytes: number;
  readonly maxChunks: number;
  /** 1-based line at which the window begins. */
  readonly line: number;
  /** Byte of the file at which it does. */
  readonly offset: number;
}

export interface CutRecords {
  readonly chunks: readonly PlannedChunk[];
  /** Bytes of the window that are done with. */
  readonly taken: number;
  /** Line at which the rest begins. */
  readonly line: number;
}

interface OpenChunk {
  readonly begin: number;
  readonly line: number;
  rows: number;
}

/**
 * The window begins with a record. A chunk that it cuts off is left for the next window, which begins
 * with it, unless it is the only one.
 */
export function cutRecords(window: Uint8Array, options: CutRecordsOptions): CutRecords {
  const { rows, maxBytes, maxChunks, offset, last } = options;
  const chunks: PlannedChunk[] = [];
  let open: OpenChunk = { begin: 0, line: options.line, rows: 0 };
  const ends = createRecordEnds(window, options);
  let at = 0;
  let line = options.line;
  const close = () => {
    const { begin } = open;
    if (open.rows > 0) {
      chunks.push({ rows: open.rows, place: open.line, begin: offset + begin, bytes: at - begin });
    }
    open = { begin: at, line, rows: 0 };
  };
  while (at < window.byteLength) {
    const end = ends.after(at);
    if (end < 0) break;
    const full = open.rows === rows || end - open.begin > maxBytes;
    if (full && open.rows > 0) close();
    if (chunks.length === maxChunks) break;
    if (!isBlank(window, at, end)) open.rows++;
    line += linesOf(window, at, end);
    at = end;
  }
  const whole = last && at === window.byteLength;
  if (whole || (chunks.length === 0 && open.rows > 0)) close();
  // Blank lines alone are done with, too.
  else if (open.rows === 0) open = { begin: at, line, rows: 0 };
  return { chunks, taken: open.begin, line: open.line };
}
