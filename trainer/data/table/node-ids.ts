// Node names of any kind → node numbers in order of appearance.
import type { Cell } from './table-source.ts';

export interface NodeIds {
  readonly size: number;
  /** @returns the new node's number, −1 where the id is taken. */
  add(id: string): number;
  /** @returns the node's number, −1 where there is none. */
  find(id: string): number;
  /** All ids in order of number. */
  names(): string[];
}

/** Whole numbers of a Parquet column read like the same digits of a CSV file. */
export function idText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell.trim() : String(cell);
}

export function createNodeIds(): NodeIds {
  const numbers = new Map<string, number>();
  return {
    get size() {
      return numbers.size;
    },
    add(id) {
      if (numbers.has(id)) return -1;
      const number = numbers.size;
      numbers.set(id, number);
      return number;
    },
    find: (id) => numbers.get(id) ?? -1,
    names: () => [...numbers.keys()],
  };
}
