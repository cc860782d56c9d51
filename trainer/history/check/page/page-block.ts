// What a check's page is made of, beside the blocks of all reports.
import type { Block } from '../../../report/document.ts';

export interface Tile {
  readonly value: string;
  readonly name: string;
}

export type PageBlock =
  | Block
  | { readonly kind: 'section'; readonly id: string; readonly title: string }
  | { readonly kind: 'tiles'; readonly tiles: readonly Tile[] }
  | {
      readonly kind: 'notes';
      readonly title: string;
      readonly items: readonly string[];
      /** What stops training, and what is only doubtful. */
      readonly tone: 'problem' | 'note';
    };
