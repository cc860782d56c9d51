// The line of titles of a text table, below whatever a logger wrote above it.
import { declaredDelimiter, findDelimiter } from './find-delimiter.ts';
import type { TableLayout } from './layout.ts';
import { splitFields } from './split-fields.ts';
import { fitsLayout } from './table-columns.ts';

export interface TextHeader {
  readonly titles: readonly string[];
  readonly delimiter: string;
  /** 1-based. */
  readonly line: number;
}

export interface HeaderFinder {
  /** Takes the next line. @returns the header once it was found. */
  push(text: string): TextHeader | undefined;
  /** The header of a file that ended, or whose first lines hold none that fits. */
  readonly best: TextHeader | undefined;
  /** Nothing that fits is looked for any longer. */
  readonly gaveUp: boolean;
}

/** Loggers write their settings above the table; this is a page of them. */
export const MAX_PREAMBLE_LINES = 60;

export const isComment = (text: string): boolean => text.startsWith('#');

export function createHeaderFinder(layout: TableLayout): HeaderFinder {
  let delimiter = layout.delimiter;
  let line = 0;
  /** The first line of several fields: what an error shows. */
  let best: TextHeader | undefined;
  return {
    get best() {
      return best;
    },
    get gaveUp() {
      return line >= MAX_PREAMBLE_LINES;
    },
    push(text) {
      line++;
      const declared = line === 1 ? declaredDelimiter(text) : undefined;
      if (declared !== undefined) {
        delimiter ??= declared;
        return undefined;
      }
      // A title may begin with the sign of a comment: "# time,value".
      const plain = isComment(text) ? text.replace(/^#+\s*/, '') : text;
      const by = delimiter ?? findDelimiter(plain, layout.decimalComma);
      const titles = splitFields(plain, by)?.map((title) => title.trim()) ?? [];
      if (titles.length < 2) return undefined;
      // A line that ends in a delimiter has no title behind it.
      const header = { titles, delimiter: by, line };
      if (fitsLayout(titles, layout)) return header;
      best ??= header;
      return undefined;
    },
  };
}
