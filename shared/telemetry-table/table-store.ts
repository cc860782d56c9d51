// Where the files of a history lie. Trainer and gateway have one each, over their file systems.
import type { Cell } from './cell.ts';

export interface StoreEntry {
  readonly name: string;
  /** `outside`: a link that leads out of the folder. */
  readonly kind: 'file' | 'folder' | 'outside' | 'other';
  /** 0 for folders. */
  readonly bytes: number;
}

/** Some rows of a typed table, column by column. */
export interface RowGroup {
  readonly rows: number;
  /** By position of the column; those that were not asked for are missing. */
  readonly columns: readonly (ArrayLike<Cell> | undefined)[];
}

export interface TypedTable {
  readonly titles: readonly string[];
  readonly rows: number;
  /** By column: its dates show a wall clock, not an instant. */
  readonly wallClocks: readonly boolean[];
  /** The rows from the first on, in groups of bounded size. @throws {InputError} by file and column. */
  read(positions: readonly number[]): AsyncIterable<RowGroup>;
}

export interface TableStore {
  /** What a folder holds; `''` is the root. `undefined`: there is none. */
  list(folder: string): Promise<readonly StoreEntry[] | undefined>;
  /**
   * The bytes of a file, decompressed where its name ends in `.gz`. `onBytes` is told how many of
   * the file's own bytes were read. @throws {InputError} `data-missing`, `data-invalid`.
   */
  text(path: string, onBytes: (bytes: number) => void): AsyncIterable<Uint8Array>;
  /** @throws {InputError} `data-missing`, `data-invalid`. */
  parquet(path: string): Promise<TypedTable>;
}
