// The faults that were injected, as NDJSON: what a test judges a gateway by.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import type { TellTruth } from './faults/fault.ts';
import { FAULTS, type FaultKind } from './faults/index.ts';

export interface TruthLog extends AsyncDisposable {
  readonly tell: TellTruth;
  /** How often each fault was injected. */
  readonly counts: Readonly<Partial<Record<FaultKind, number>>>;
  /** Resolves when the file has taken what it was given. */
  settle(): Promise<void>;
}

/** Opens the log; without a file it only counts. @throws {InputError} `output-unwritable`. */
export async function openTruthLog(file: string | undefined): Promise<TruthLog> {
  const counts: Partial<Record<FaultKind, number>> = {};
  const handle = await (file === undefined ? undefined : open(file, 'w'))?.catch((cause) => {
    throw new InputError('output-unwritable', `Cannot write ${file}`, {
      field: '--truth',
      value: file,
      allowed: 'a file in a folder that can be written',
      cause,
    });
  });
  const stream = handle && createWriteStream('', { fd: handle });
  let failure: unknown;
  stream?.on('error', (error) => {
    failure = error;
  });
  const check = () => {
    if (failure === undefined) return;
    throw new InputError('output-unwritable', `Cannot write ${file}`, {
      field: '--truth',
      value: (failure as NodeJS.ErrnoException).code,
      allowed: 'a disk with room',
      cause: failure,
    });
  };
  return {
    get counts() {
      // In the order of the pipeline, whatever came first.
      const told = FAULTS.filter((fault) => counts[fault] !== undefined);
      return Object.fromEntries(told.map((fault) => [fault, counts[fault]]));
    },
    tell(truth) {
      counts[truth.fault] = (counts[truth.fault] ?? 0) + 1;
      stream?.write(`${JSON.stringify(truth)}\n`);
    },
    async settle() {
      check();
      if (stream?.writableNeedDrain) await once(stream, 'drain').catch(() => {});
      check();
    },
    async [Symbol.asyncDispose]() {
      if (stream === undefined) return;
      await new Promise<void>((resolve) => stream.end(() => resolve()));
      await handle?.close().catch(() => {});
    },
  };
}
