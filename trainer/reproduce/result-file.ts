// Result files for the repository: JSON Lines, one file per set, teacher and setting,
// one line per cell, options stated once. They hold all that a report needs.
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { CellRecord, JsonObject } from './cell.ts';

export interface ResultHeader {
  readonly table: string;
  readonly set: string;
  /** SHA-256 of the graph's content. */
  readonly data: string;
  /** The command that asked for these cells last. */
  readonly command: string;
}

/** First line of a file: what its cells share. */
interface Head extends ResultHeader {
  readonly format: typeof FORMAT;
  /** Option trees without the seed; cells name theirs by position. */
  readonly options: readonly JsonObject[];
}

type Line = Omit<CellRecord, 'set' | 'data' | 'options'> & {
  /** Position in the head's `options`. */
  readonly options: number;
  readonly seed: number;
};

const FORMAT = 'dandan-results-1';

/** Writes the cells, sorted by method, options and seed, so that files compare line by line. */
export async function writeResultFile(
  path: string,
  header: ResultHeader,
  records: readonly CellRecord[],
): Promise<void> {
  const options: string[] = [];
  const lines = records.map(({ set: _, data: __, options: own, ...record }): Line => {
    const { seed, ...rest } = own;
    const text = JSON.stringify(rest);
    if (!options.includes(text)) options.push(text);
    return { seed: seed as number, options: options.indexOf(text), ...record };
  });
  lines.sort(
    (a, b) => a.method.localeCompare(b.method) || a.options - b.options || a.seed - b.seed,
  );
  const head: Head = {
    format: FORMAT,
    ...header,
    options: options.map((text) => JSON.parse(text)),
  };
  await writeFileAtomic(
    path,
    `${[head, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
}

/** The cells of a file; lines that are damaged are left out, so that their cells run again. */
export async function readResultFile(path: string): Promise<CellRecord[]> {
  const parsed = (await readFile(path, 'utf8')).split('\n').map((line) => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  });
  const [head, ...lines] = parsed as [Head | undefined, ...(Line | undefined)[]];
  if (head?.format !== FORMAT) return [];
  return lines.flatMap((line) => {
    const shared = line && head.options[line.options];
    if (!line || !shared || !(line.result?.accuracy >= 0)) return [];
    const { seed, options: _, ...record } = line;
    return [{ ...record, set: head.set, data: head.data, options: { ...shared, seed } }];
  });
}
