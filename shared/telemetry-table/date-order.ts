// Whether day or month comes first in the dates of a file, looked for where its first ones do not say.
import { decodeLines } from './decode-lines.ts';
import type { DateOrder, TableLayout } from './layout.ts';
import { splitFields } from './split-fields.ts';
import { createHeaderFinder, type TextHeader } from './text-header.ts';
import { dateOrderOf } from './time/date-text.ts';

/** How dates of a column are written; `undefined` where none has a number above 12. */
export async function findDateOrder(options: {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly name: string;
  readonly layout: TableLayout;
  /** Title of the column. */
  readonly column: string;
}): Promise<DateOrder | undefined> {
  const { layout, column } = options;
  const finder = createHeaderFinder(layout);
  let header: TextHeader | undefined;
  const lines = decodeLines({ ...options, encoding: layout.encoding });
  for await (const batch of lines) {
    for (const text of batch) {
      if (header === undefined) {
        header = finder.push(text);
        continue;
      }
      const cell = splitFields(text, header.delimiter)?.[header.titles.indexOf(column)];
      const order = dateOrderOf(cell ?? '');
      if (order === 'day-month' || order === 'month-day') return order;
    }
  }
  return undefined;
}
