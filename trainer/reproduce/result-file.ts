// Result files for the repository: JSON Lines, one file per set, teacher and setting,
// one line per cell, options stated once. They hold all that a report needs.
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { CellMethod, CellRecord, CellSplit, JsonObject } from './cell.ts';

export interface ResultHeader {
  readonly table: string;
  readonly set: string;
  readonly teacher: string;
  readonly setting: string;
  /** SHA-256 of the graph's content. */
  readonly data: string;
  readonly split: CellSplit;
  /** SHA-256 of the public split; empty for random ones. */
  readonly splitSha256: string;
  readonly nodes: number;
  readonly edges: number;
  readonly features: number;
  readonly classes: readonly string[];
  /** The command that wrote the file last. */
  readonly command: string;
}

/** A cell and its place in the table. */
export interface ResultEntry {
  /** The column's method; the cell's own differs where a variant runs another. */
  readonly column: CellMethod;
  readonly variant: string;
  readonly record: CellRecord;
}

export interface ResultFile {
  readonly header: ResultHeader;
  readonly entries: readonly ResultEntry[];
}

/** First line of a file: what its cells share. */
interface Head extends ResultHeader {
  readonly format: typeof FORMAT;
  /** Option trees without the seed; cells name theirs by position. */
  readonly options: readonly JsonObject[];
}

/** What the head says for all cells of a file. */
type Shared = 'set' | 'data' | 'split' | 'splitSha256';

type Line = Omit<CellRecord, Shared | 'options'> & {
  readonly column: CellMethod;
  readonly variant: string;
  readonly seed: number;
  /** Position in the head's `options`. */
  readonly options: number;
};

const FORMAT = 'dandan-results-1';

const orderOf = ({ column, variant, options, seed }: Line) =>
  [column, variant, options, seed].map((part) => String(part).padStart(6)).join(' ');

/** Writes the cells sorted by method, variant and seed, so that versions compare line by line. */
export async function writeResultFile(path: string, file: ResultFile): Promise<void> {
  const options: string[] = [];
  const lines = file.entries.map(({ column, variant, record }): Line => {
    const { set: _, data: __, split: ___, splitSha256: ____, options: own, ...rest } = record;
    const { seed, ...shared } = own;
    const text = JSON.stringify(shared);
    if (!options.includes(text)) options.push(text);
    return { column, variant, seed: seed as number, options: options.indexOf(text), ...rest };
  });
  lines.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const trees = options.map((text): JsonObject => JSON.parse(text));
  const head: Head = { format: FORMAT, ...file.header, options: trees };
  const text = [head, ...lines].map((line) => JSON.stringify(line)).join('\n');
  await writeFileAtomic(path, `${text}\n`);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Reads a file that `writeResultFile` wrote. Damaged lines are left out, so that their cells
 * run again.
 *
 * @returns `undefined` when there is no such file, or when it is something else.
 */
export async function readResultFile(path: string): Promise<ResultFile | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const parsed = text.split('\n').map(parseLine);
  const [head, ...lines] = parsed as [Head | undefined, ...(Line | undefined)[]];
  if (head?.format !== FORMAT) return undefined;
  const { format: _, options, ...header } = head;
  const entries = lines.flatMap((line): ResultEntry[] => {
    const shared = line && options[line.options];
    if (!line || !shared || !(line.result?.accuracy >= 0)) return [];
    const { seed, options: __, column, variant, ...rest } = line;
    const { set, data, split, splitSha256 } = header;
    const common = { set, data, split, splitSha256, options: { ...shared, seed } };
    return [{ column, variant, record: { ...rest, ...common } }];
  });
  return { header, entries };
}
