// A text file, plain or gzip, as batches of lines: streamed, so that memory follows
// what is kept and not the size of the file.
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import { MAX_LINE_CHARACTERS } from '../limits.ts';

export interface ReadLinesOptions {
  /** A name that ends in `.gz` is decompressed. */
  readonly path: string;
  /** The file as errors call it. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer, larger chunks: 64 KB chunks cost a third more time on a 250,000-line file. */
const CHUNK_BYTES = 256 * 1024;

function openStream({ path, signal }: ReadLinesOptions): Readable {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) });
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration over `gunzip`; the callback has nothing to add.
  pipeline(file, gunzip, () => {});
  return gunzip;
}

function refusal(cause: unknown, name: string, line: number): unknown {
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
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new InputError('data-invalid', `${name} holds bytes that are not UTF-8`, {
      field: `${name}:${line}`,
      allowed: 'UTF-8 text',
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
 * Yields the lines of a UTF-8 file in batches, without line ends (LF or CRLF). A
 * byte-order mark and a missing final line end are tolerated.
 *
 * @throws {InputError} `data-missing` when it cannot be read; `data-invalid` for
 * broken gzip, bytes that are not UTF-8 (near the line named) and overlong lines.
 */
export async function* readLines(options: ReadLinesOptions): AsyncGenerator<string[]> {
  const { name, signal } = options;
  signal?.throwIfAborted();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 1;

  function takeLines(text: string): string[] {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (let i = 0; i < lines.length; i++) {
      if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1);
    }
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new InputError('data-invalid', `${name} has an overlong line`, {
        field: `${name}:${line + lines.length}`,
        value: `more than ${MAX_LINE_CHARACTERS} characters`,
        allowed: `at most ${MAX_LINE_CHARACTERS} characters a line`,
      });
    }
    line += lines.length;
    return lines;
  }

  try {
    for await (const chunk of openStream(options)) {
      yield takeLines(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
    const lines = takeLines(decoder.decode());
    if (rest !== '') lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
    yield lines;
  } catch (cause) {
    signal?.throwIfAborted();
    throw refusal(cause, name, line);
  }
}
