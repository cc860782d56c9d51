// Headless CSV of numbers, as OGB's raw folders hold: parsed from bytes, streamed.
import { InputError } from '@dandan/shared/error';
import { type IssueCollector, shorten } from '../issues.ts';
import { MAX_LINE_CHARACTERS } from '../limits.ts';
import { openText, textRefusal } from './open-text.ts';
import { parseNumber } from './parse-number.ts';

export interface NumberRowsOptions {
  readonly path: string;
  /** The file as errors call it. */
  readonly name: string;
  /** Fields of a row; `undefined` takes the number of the first row. */
  readonly columns?: number | undefined;
  readonly maxColumns: number;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
  /** `values` is overwritten by the next row; NaN where a field is empty. `line` is 1-based. */
  readonly onRow: (values: Float64Array, line: number) => void;
}

const NEWLINE = 10;
const RETURN = 13;
const COMMA = 44;

/** Whole lines out of chunks that end anywhere. */
async function* wholeLines(options: NumberRowsOptions): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of openText(options)) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    // A copy, because the stream may use the chunk's memory again.
    rest = Buffer.from(bytes.subarray(end));
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new InputError('data-invalid', `${options.name} has an overlong line`, {
        field: options.name,
        value: `more than ${MAX_LINE_CHARACTERS} bytes`,
        allowed: `at most ${MAX_LINE_CHARACTERS} bytes a line`,
      });
    }
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length > 0) yield Buffer.concat([rest, Buffer.of(NEWLINE)]);
}

/** Fields of the line at `begin..end)`. */
function countFields(bytes: Buffer, begin: number, end: number): number {
  let fields = 1;
  for (let at = begin; at < end; at++) if (bytes[at] === COMMA) fields++;
  return fields;
}

/**
 * Reads rows of numbers. Empty lines are skipped. Problems go to `issues`; where it
 * returns, reading goes on with the next line.
 */
export async function readNumberRows(options: NumberRowsOptions): Promise<void> {
  const { name, maxColumns, issues, signal, onRow } = options;
  let columns = options.columns;
  let values = new Float64Array(columns ?? 0);
  let line = 0;

  function refuse(column: number | undefined, value: string, allowed: string): void {
    const where = column === undefined ? `${line}` : `${line}:${column + 1}`;
    issues.report({
      code: 'data-invalid',
      message: `${name} line ${line} is not a row of numbers`,
      field: `${name}:${where}`,
      value: shorten(value),
      allowed,
    });
  }

  /** Reads one line; false where it was refused. */
  function parseLine(bytes: Buffer, begin: number, end: number): boolean {
    if (columns === undefined) {
      const found = countFields(bytes, begin, end);
      if (found > maxColumns) {
        refuse(undefined, `${found} fields`, `at most ${maxColumns} fields`);
        return false;
      }
      columns = found;
      values = new Float64Array(found);
    }
    let column = 0;
    for (let at = begin; at <= end; column++) {
      // A loop: fields are short, and a call of indexOf() costs as much as 50 bytes.
      let stop = at;
      while (stop < end && bytes[stop] !== COMMA) stop++;
      if (column < columns) {
        const value = parseNumber(bytes, at, stop);
        if (value === undefined) {
          refuse(column, bytes.toString('latin1', at, Math.min(stop, at + 200)), 'a number');
          return false;
        }
        values[column] = value;
      }
      at = stop + 1;
    }
    if (column === columns) return true;
    refuse(undefined, `${column} fields`, `${columns} comma-separated fields`);
    return false;
  }

  try {
    for await (const bytes of wholeLines(options)) {
      for (let begin = 0; begin < bytes.length; ) {
        const newline = bytes.indexOf(NEWLINE, begin);
        const end = newline > begin && bytes[newline - 1] === RETURN ? newline - 1 : newline;
        line++;
        if (end > begin && parseLine(bytes, begin, end)) onRow(values, line);
        begin = newline + 1;
      }
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const error = textRefusal(cause, name, line);
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = name, value, allowed = '' } = error;
    issues.report({ code, message, field, value, allowed, cause: error.cause });
  }
}
