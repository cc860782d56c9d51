// Splits what is to be written into transactions that the log has room for.
import { TRANSACTION_BYTES, TRANSACTION_ROWS } from './storage-budget.ts';

export interface RowChunk<T> {
  readonly items: readonly T[];
  readonly bytes: number;
}

/** In order; only an item that alone is larger than a transaction makes one of its own. */
export function* toChunks<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
): Generator<RowChunk<T>> {
  let chunk: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const full = chunk.length === TRANSACTION_ROWS || bytes + size > TRANSACTION_BYTES;
    if (full && chunk.length > 0) {
      yield { items: chunk, bytes };
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) yield { items: chunk, bytes };
}
