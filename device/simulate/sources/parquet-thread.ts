// Decodes Parquet in a thread of its own with limits on memory and time: a damaged or
// hostile page can make a decoder repeat one value two thousand million times.
import { Worker } from 'node:worker_threads';
import type { Cell } from '@dandan/shared/telemetry-table';
import { refuseParquet } from './parquet-file.ts';

export interface ParquetTable {
  readonly file: string;
  readonly name: string;
}

export interface ColumnRequest {
  readonly column: string;
  /** First row wanted. */
  readonly rowStart: number;
  /** The row behind the last one wanted. */
  readonly rowEnd: number;
}

export type ColumnAnswer =
  | { readonly kind: 'cells'; readonly cells: readonly Cell[] }
  | { readonly kind: 'failed'; readonly message: string };

export interface ParquetThread extends AsyncDisposable {
  /** One request at a time. @throws {InputError} `data-invalid` where pages cannot be decoded. */
  read(request: ColumnRequest): Promise<readonly Cell[]>;
}

/** What hyparquet and the thread need to run at all. */
const BASE_HEAP_MB = 128;

/** A text of 50 characters, its place in an array and the levels of a nullable column. */
const HEAP_BYTES_A_ROW = 256;

/** Two cores under load decode ten times as many. */
const MIN_ROWS_A_SECOND = 50_000;

/** For the start of the thread and the first page, on a machine that is busy. */
const BASE_TIMEOUT_MS = 10_000;

/** In the bundle, program and thread are one file, whose entry knows the main thread from others. */
const PROGRAM = import.meta.url.endsWith('.ts')
  ? new URL('./parquet-thread-main.ts', import.meta.url)
  : new URL(import.meta.url);

/** Starts a thread that reads `table`; disposing ends it. */
export function startParquetThread(options: {
  readonly table: ParquetTable;
  /** Rows of the largest row group. */
  readonly largestGroup: number;
  /** Time for a request beside that for its rows. @default {10 s, for a busy machine} */
  readonly baseTimeoutMs?: number;
  readonly signal: AbortSignal;
}): ParquetThread {
  const { table, largestGroup, baseTimeoutMs = BASE_TIMEOUT_MS, signal } = options;
  signal.throwIfAborted();
  const worker = new Worker(PROGRAM, {
    workerData: table,
    resourceLimits: {
      maxOldGenerationSizeMb: BASE_HEAP_MB + Math.ceil((largestGroup * HEAP_BYTES_A_ROW) / 1e6),
    },
  });
  // Errors are taken where a request waits; one between requests must not end the process.
  worker.on('error', () => {});

  function ask(request: ColumnRequest): Promise<ColumnAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ColumnAnswer>();
    const fail = (message: string) => resolve({ kind: 'failed', message });
    const onError = (error: Error) => fail(error.message);
    const onExit = () => fail('the decoder ended');
    const onAbort = () => reject(signal.reason);
    const rows = request.rowEnd - request.rowStart;
    const timeoutMs = baseTimeoutMs + (1000 * rows) / MIN_ROWS_A_SECOND;
    const timer = setTimeout(() => fail('pages that do not end'), timeoutMs);
    worker.once('message', resolve).once('error', onError).once('exit', onExit);
    signal.addEventListener('abort', onAbort);
    worker.postMessage(request);
    return promise.finally(() => {
      clearTimeout(timer);
      worker.off('message', resolve).off('error', onError).off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
    });
  }

  return {
    async read(request) {
      signal.throwIfAborted();
      const answer = await ask(request);
      if (answer.kind === 'cells') return answer.cells;
      const field = `${table.name}:${request.column}`;
      throw refuseParquet(field, answer.message, 'complete and sound Parquet pages');
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
