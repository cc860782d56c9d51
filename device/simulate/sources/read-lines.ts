// A text file, plain or gzip, as batches of lines; memory does not follow its size.
import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '@dandan/shared/error';

/** Ten thousand columns of a hundred characters. */
const MAX_LINE_CHARACTERS = 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

function open(file: string, signal: AbortSignal): Readable {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES, signal });
  if (!file.endsWith('.gz')) return stream;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either stream end the iteration over `gunzip`; the callback has nothing to add.
  pipeline(stream, gunzip, () => {});
  return gunzip;
}

function refusal(cause: unknown, name: string, line: number): unknown {
  if (cause instanceof InputError || !(cause instanceof Error)) return cause;
  const { code = '' } = cause as NodeJS.ErrnoException;
  const encoding = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
  if (encoding || code.startsWith('Z_')) {
    return new InputError('data-invalid', `${name} is not ${encoding ? 'UTF-8' : 'whole gzip'}`, {
      field: `${name}:${line}`,
      value: code,
      allowed: encoding ? 'UTF-8 text' : 'a complete gzip file',
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
 * The lines of a UTF-8 file in batches, without line ends. A byte-order mark and a missing final
 * line end are tolerated.
 *
 * @throws {InputError} `data-missing`, `data-invalid`, or the signal's reason.
 */
export async function* readLines(
  file: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<string[]> {
  signal.throwIfAborted();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 1;

  function take(text: string): string[] {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const longest = lines.reduce((most, { length }) => Math.max(most, length), rest.length);
    if (longest > MAX_LINE_CHARACTERS) {
      throw new InputError('data-invalid', `${name} has an overlong line`, {
        field: `${name}:${line}`,
        value: `${longest} characters`,
        allowed: `at most ${MAX_LINE_CHARACTERS} characters a line`,
      });
    }
    line += lines.length;
    return lines.map((each) => (each.endsWith('\r') ? each.slice(0, -1) : each));
  }

  try {
    for await (const chunk of open(file, signal)) {
      yield take(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
    const lines = take(decoder.decode());
    yield rest === '' ? lines : [...lines, rest.replace(/\r$/, '')];
  } catch (cause) {
    signal.throwIfAborted();
    throw refusal(cause, name, line);
  }
}
