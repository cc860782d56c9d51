// Bytes as lines of text, in batches: memory does not follow the size of a file.
import { InputError } from '../error/index.ts';
import type { Encoding } from './layout.ts';

/** Ten thousand columns of a hundred characters. */
export const MAX_LINE_CHARACTERS = 1024 * 1024;

export interface DecodeLinesOptions {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The file as errors call it. */
  readonly name: string;
  /** @default {'utf-8', or UTF-16 where the file begins with its mark} */
  readonly encoding?: Encoding;
  /** Longest line. @default {1,048,576} */
  readonly maxCharacters?: number;
}

/** How the file begins where Excel saved it as "Unicode text". */
const UTF_16_MARK = [0xff, 0xfe];

/** The line of the first byte that is no text, from the line its chunk begins in. */
function badLine(chunk: Uint8Array, encoding: Encoding, line: number): number {
  const text = new TextDecoder(encoding).decode(chunk);
  const at = text.indexOf('\ufffd');
  return line + (at < 0 ? 0 : text.slice(0, at).split('\n').length - 1);
}

interface BadText {
  readonly name: string;
  readonly line: number;
  readonly encoding: Encoding;
  /** Whether whoever reads the file can say how it is written. */
  readonly canBeStated: boolean;
  readonly cause: unknown;
}

function refuseText({ name, line, encoding, canBeStated, cause }: BadText): InputError {
  const called = encoding === 'utf-8' ? 'UTF-8' : encoding;
  const plain = `${called} text; a spreadsheet saves it as "CSV UTF-8"`;
  return new InputError('data-invalid', `${name} holds bytes that are not ${called}`, {
    field: `${name}:${line}`,
    allowed: canBeStated ? `${plain}, or encoding: shift_jis and its like` : plain,
    cause,
  });
}

/**
 * Yields the lines in batches, without line ends (LF or CRLF). A byte-order mark and a missing
 * final line end are tolerated.
 *
 * @throws {InputError} `data-invalid` for bytes that are no text and for overlong lines.
 */
export async function* decodeLines(options: DecodeLinesOptions): AsyncGenerator<string[]> {
  const { chunks, name, maxCharacters = MAX_LINE_CHARACTERS } = options;
  let decoder: TextDecoder | undefined;
  let encoding = options.encoding ?? 'utf-8';
  let rest = '';
  let line = 1;

  function decode(chunk: Uint8Array | undefined): string {
    const [first, second] = chunk ?? [];
    if (decoder === undefined && first === UTF_16_MARK[0] && second === UTF_16_MARK[1]) {
      encoding = 'utf-16le';
    }
    decoder ??= new TextDecoder(encoding, { fatal: true });
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      const at = badLine(chunk ?? new Uint8Array(), encoding, line);
      const canBeStated = options.encoding !== undefined;
      throw refuseText({ name, line: at, encoding, canBeStated, cause });
    }
  }

  function take(text: string): string[] {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (let i = 0; i < lines.length; i++) {
      if (lines[i].endsWith('\r')) lines[i] = lines[i].slice(0, -1);
      if (lines[i].length > maxCharacters) refuseLength(line + i);
    }
    line += lines.length;
    if (rest.length > maxCharacters) refuseLength(line);
    return lines;
  }

  function refuseLength(at: number): never {
    throw new InputError('data-invalid', `${name} has an overlong line`, {
      field: `${name}:${at}`,
      value: `more than ${maxCharacters} characters`,
      allowed: `at most ${maxCharacters} characters a line`,
    });
  }

  for await (const chunk of chunks) yield take(decode(chunk));
  const lines = take(decode(undefined));
  if (rest !== '') lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
  yield lines;
}
