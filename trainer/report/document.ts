// A report before it is HTML or Markdown: headings, sentences, tables and charts.
import type { Chart } from './svg.ts';

export interface TableCell {
  readonly text: string;
  /** Second, smaller line. */
  readonly note?: string | undefined;
  /** Best of its column. */
  readonly best?: boolean;
  readonly missing?: boolean;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly string[];
      readonly rows: readonly { readonly name: string; readonly cells: readonly TableCell[] }[];
    }
  | { readonly kind: 'charts'; readonly charts: readonly Chart[] };

export interface Report {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly summary: string;
  readonly blocks: readonly Block[];
  /** How it was made: command, seeds, code; last lines of the report. */
  readonly provenance: readonly string[];
}

export const heading = (text: string, level: 2 | 3 = 2): Block => ({
  kind: 'heading',
  level,
  text,
});
export const text = (sentence: string): Block => ({ kind: 'text', text: sentence });
