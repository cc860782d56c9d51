// Gathers rows of assets that report together, so that they run as one batch.
import type { FeatureRow } from '@dandan/shared/features';

/** Far below any stride, long enough for the messages of one network packet. */
const DELAY_MS = 5;

/** 256 rows run in about a millisecond. */
const MAX_ROWS = 256;

export interface RowBatcher {
  add(rows: readonly FeatureRow[]): void;
  /** Hands on what waits, without delay. */
  flush(): void;
}

/** A batcher that calls `onBatch` with 1..{@linkcode MAX_ROWS} rows or a few more, in order. */
export function createRowBatcher(onBatch: (rows: FeatureRow[]) => void): RowBatcher {
  let waiting: FeatureRow[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const rows = waiting;
    waiting = [];
    onBatch(rows);
  }

  return {
    add(rows) {
      for (const row of rows) waiting.push(row);
      if (waiting.length >= MAX_ROWS) flush();
      else if (waiting.length > 0) timer ??= setTimeout(flush, DELAY_MS);
    },
    flush,
  };
}
