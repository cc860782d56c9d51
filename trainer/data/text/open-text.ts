// A file as a stream of bytes, decompressed where it is gzip, and what its failures mean.
import { createReadStream, type ReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@dandan/shared/error';

export interface OpenTextOptions {
  /** A name that ends in `.gz` is decompressed. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer, larger chunks: 64 KB chunks cost a third more time on a 250,000-line file. */
const CHUNK_BYTES = 256 * 1024;

/** Opens a file; it fails while it is read, see {@linkcode textRefusal}. */
export function openText(options: OpenTextOptions): Readable {
  return openCounted(options).text;
}

/** Like {@linkcode openText}; `file` knows how many of its own bytes were read. */
export function openCounted({ path, signal }: OpenTextOptions): {
  readonly file: ReadStream;
  readonly text: Readable;
} {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
  if (!path.endsWith('.gz')) return { file, text: file };
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration over `gunzip`; the callback has nothing to add.
  pipeline(file, gunzip, () => {});
  return { file, text: gunzip };
}

/** The error of a stream as users should see it; `line` is the last line known. */
export function textRefusal(cause: unknown, name: string, line: number): unknown {
  if (cause instanceof InputError || !(cause instanceof Error)) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (cause.name === 'AbortError') return cause;
  if (code.startsWith('Z_')) {
    return new InputError('data-invalid', `${name} is not a whole gzip file`, {
      field: `${name}:${line}`,
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
