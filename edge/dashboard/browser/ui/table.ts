// A table that scrolls sideways by itself on a phone.
import { type Children, h } from '../dom.ts';

export interface Column<T> {
  readonly title: string;
  /** @default {false} */
  readonly numeric?: boolean;
  /** Whether it holds sentences, which are not to be squeezed. @default {false} */
  readonly words?: boolean;
  cell(row: T): Children[number];
}

export function table<T>(options: {
  /** What the table shows, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
}): HTMLElement {
  const { label, columns, rows } = options;
  const classOf = ({ numeric, words }: Column<T>) => {
    if (numeric) return 'numeric';
    return words ? 'words' : undefined;
  };
  return h(
    'div',
    // Focusable, so that a keyboard can scroll it.
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) =>
            // A column of buttons says by itself what it is; an empty header says nothing.
            column.title === ''
              ? h('td', {})
              : h('th', { scope: 'col', class: classOf(column) }, column.title),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            {},
            columns.map((column) => h('td', { class: classOf(column) }, column.cell(row))),
          ),
        ),
      ),
    ),
  );
}
