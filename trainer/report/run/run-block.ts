// What a run's report has beside the blocks of all reports.
import type { Block, TableCell } from '../document.ts';

/** A figure to see from across the room. */
export interface Tile {
  readonly value: string;
  readonly name: string;
  readonly note: string;
}

export type RunBlock =
  | Block
  | {
      readonly kind: 'section';
      readonly id: string;
      readonly title: string;
      /** A part holds the sections after it. @default {'section'} */
      readonly opens?: 'part' | 'section';
    }
  | { readonly kind: 'tiles'; readonly tiles: readonly Tile[] }
  /** Things to know before trusting the model. */
  | { readonly kind: 'notes'; readonly title: string; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, text: string])[] };

export const section = (id: string, title: string): RunBlock => ({ kind: 'section', id, title });

export const cell = (text: string, note?: string): TableCell => ({ text, note });
