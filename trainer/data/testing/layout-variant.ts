// What a writer of one layout gives the contract suite.
import type { LayoutName } from '../graph-reader.ts';
import type { PlainGraph } from './plain-graph.ts';

/** Files by path in the folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface LayoutVariant {
  readonly layout: LayoutName;
  /** In words, for the test's title. */
  readonly title: string;
  /** The one file that is the graph; the folder where there are several. */
  readonly file?: string;
  files(graph: PlainGraph): Files;
}

/** CSV without quoting. */
export const lines = (rows: readonly (readonly (string | number)[])[]) =>
  rows.map((row) => `${row.join(',')}\n`).join('');
