// Where the records of a text file end. Found on bytes: a line end inside a quoted CSV field ends none.

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * Longest quoted field, in bytes. A quote that nobody closes would make the rest of the file one
 * field; beyond this its record ends with its line, and is refused where it is read.
 */
export const MAX_FIELD_BYTES = 64 * 1024;

export interface RecordOptions {
  /** Whether fields may be quoted, as in CSV. */
  readonly quoted: boolean;
  /** Whether the file ends where `bytes` do. */
  readonly last: boolean;
}

/** Index behind the quote that closes the one at `open`, or -1 where there is none in the bytes. */
function closingQuote(bytes: Uint8Array, open: number): number {
  let at = bytes.indexOf(QUOTE, open + 1);
  while (at >= 0 && bytes[at + 1] === QUOTE) at = bytes.indexOf(QUOTE, at + 2);
  return at < 0 ? -1 : at + 1;
}

export interface RecordEnds {
  /**
   * Index behind the record that begins at `begin`, its line end included; -1 where it ends beyond
   * the bytes. The last record of a file needs no line end. To be asked from front to back.
   */
  after(begin: number): number;
}

export function createRecordEnds(bytes: Uint8Array, options: RecordOptions): RecordEnds {
  const { quoted, last } = options;
  const size = bytes.byteLength;
  const open = last ? size : -1;
  // Looked for once: most files have no quote, and each record would search the rest for one.
  let nextQuote = -1;
  const quoteFrom = (at: number) => {
    if (nextQuote < at) {
      const found = bytes.indexOf(QUOTE, at);
      nextQuote = found < 0 ? size : found;
    }
    return nextQuote;
  };

  /** Whether a quoted field from `quote` to `end` is none: nobody closes it near by. */
  const isStray = (quote: number, end: number) =>
    end < 0 ? last || size - quote > MAX_FIELD_BYTES : end - quote > MAX_FIELD_BYTES;

  return {
    after(begin) {
      const ownLine = bytes.indexOf(LINE_FEED, begin);
      if (!quoted) return ownLine < 0 ? open : ownLine + 1;
      let line = ownLine;
      for (let at = begin; ; ) {
        const quote = quoteFrom(at);
        if (quote === size || (line >= 0 && quote > line)) break;
        // Elsewhere than at the beginning of a field a quote opens nothing.
        const opens = quote === begin || bytes[quote - 1] === COMMA;
        const end = opens ? closingQuote(bytes, quote) : quote + 1;
        if (opens && isStray(quote, end)) return ownLine < 0 ? open : ownLine + 1;
        // The last quote of the bytes may be the first half of an escaped one.
        if (end < 0 || (end === size && !last)) return -1;
        at = end;
        if (line >= 0 && line < at) line = bytes.indexOf(LINE_FEED, at);
      }
      return line < 0 ? open : line + 1;
    },
  };
}

/** Whether a record holds nothing: such lines are passed over. */
export function isBlank(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) {
    if (bytes[at] !== LINE_FEED && bytes[at] !== RETURN) return false;
  }
  return true;
}

/** Lines that end within a record. */
export function linesOf(bytes: Uint8Array, begin: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED, begin); at >= 0 && at < end; ) {
    lines++;
    at = bytes.indexOf(LINE_FEED, at + 1);
  }
  return lines;
}

/** Without its line end. */
export function trimmedEnd(bytes: Uint8Array, begin: number, end: number): number {
  let at = end;
  if (at > begin && bytes[at - 1] === LINE_FEED) at--;
  if (at > begin && bytes[at - 1] === RETURN) at--;
  return at;
}
