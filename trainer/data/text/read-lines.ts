// A text file, plain or gzip, as batches of lines: streamed, so that memory follows
// what is kept and not the size of the file.
import { decodeLines } from '@dandan/shared/telemetry-table';
import { MAX_LINE_CHARACTERS } from '../limits.ts';
import { type OpenTextOptions, openText, textRefusal } from './open-text.ts';

export interface ReadLinesOptions extends OpenTextOptions {
  /** The file as errors call it. */
  readonly name: string;
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
  const chunks = openText(options) as AsyncIterable<Uint8Array>;
  let line = 1;
  try {
    for await (const lines of decodeLines({ chunks, name, maxCharacters: MAX_LINE_CHARACTERS })) {
      line += lines.length;
      yield lines;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw textRefusal(cause, name, line);
  }
}
