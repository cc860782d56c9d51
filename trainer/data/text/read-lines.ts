// A text file, plain or gzip, as batches of lines: streamed, so that memory follows
// what is kept and not the size of the file.
import { InputError } from '@dandan/shared/error';
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
    for await (const chunk of openText(options)) {
      yield takeLines(decoder.decode(chunk as Uint8Array, { stream: true }));
    }
    const lines = takeLines(decoder.decode());
    if (rest !== '') lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
    yield lines;
  } catch (cause) {
    signal?.throwIfAborted();
    throw textRefusal(cause, name, line);
  }
}
