// The delimiter of a text table from its line of column names.
import { splitFields } from './split-fields.ts';

/** In the order in which they win where a line has as many of two. */
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Excel writes and reads a first line that says it. */
const EXCEL = /^sep=(.)$/i;

/** The delimiter that a line of its own declares, as `sep=;`. */
export function declaredDelimiter(line: string): string | undefined {
  return EXCEL.exec(line)?.[1];
}

/** The delimiter that splits `line` into most fields; the comma where none does. */
export function findDelimiter(line: string, decimalComma = false): string {
  const candidates = DELIMITERS.filter((each) => !(decimalComma && each === ','));
  const fields = candidates.map((each) => splitFields(line, each)?.length ?? 0);
  return candidates[fields.indexOf(Math.max(...fields))];
}
