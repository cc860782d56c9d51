// A text file, plain or gzip, as batches of lines; memory does not follow its size.
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import { decodeLines } from '@dandan/shared/telemetry-table';

const CHUNK_BYTES = 64 * 1024;

function open(file: string, signal: AbortSignal): Readable {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES, signal });
  if (!file.endsWith('.gz')) return stream;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration over `gunzip`; the callback has nothing to add.
  pipeline(stream, gunzip, () => {});
  return gunzip;
}

function refusal(cause: unknown, name: string): unknown {
  if (cause instanceof InputError || !(cause instanceof Error)) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code.startsWith('Z_')) {
    return new InputError('data-invalid', `${name} is not whole gzip`, {
      field: name,
      value: code,
      allowed: 'a complete gzip file',
      cause,
    });
  }
  return new InputError('data-missing', `Cannot read ${name}`, {
    field: name,
    value: code,
    allowed: 'a readable file',
    cause,
  });
}

/**
 * The bytes of a file, decompressed where its name ends in `.gz`.
 *
 * @throws {InputError} `data-missing`, `data-invalid`, or the signal's reason.
 */
export async function* readBytes(
  file: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  try {
    for await (const chunk of open(file, signal)) yield chunk as Uint8Array;
  } catch (cause) {
    signal.throwIfAborted();
    throw refusal(cause, name);
  }
}

/**
 * The lines of a UTF-8 file in batches, without line ends. A byte-order mark and a missing final
 * line end are tolerated.
 *
 * @throws {InputError} `data-missing`, `data-invalid`, or the signal's reason.
 */
export function readLines(
  file: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  return decodeLines({ chunks: readBytes(file, name, signal), name });
}
