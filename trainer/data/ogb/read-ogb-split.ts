// split/NAME/train.csv, valid.csv and test.csv: the node numbers of each set.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type IssueCollector, reportLine } from '../issues.ts';
import { NO_SPLIT, TEST, TRAIN, VALIDATION } from '../split-codes.ts';
import { findTable } from '../text/find-table.ts';
import { readNumberRows } from '../text/read-number-rows.ts';

const SETS = [
  ['train.csv', TRAIN],
  ['valid.csv', VALIDATION],
  ['test.csv', TEST],
] as const;

export interface OgbSplit {
  /** int32 [nodes]: codes of `split-codes.ts`. */
  readonly splits: Int32Array;
  readonly notes: readonly string[];
}

/** Names of the folder's splits in alphabetical order. */
async function splitNames(dir: string): Promise<string[]> {
  const entries = await readdir(join(dir, 'split'), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads the folder's split; all 0 where it has none. Of several, the first by name is
 * taken and a note says so.
 */
export async function readOgbSplit(options: {
  readonly dir: string;
  /** int32 [nodes], −1 where unknown. */
  readonly labels: Int32Array;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<OgbSplit> {
  const { dir, labels, issues, signal } = options;
  const splits = new Int32Array(labels.length).fill(NO_SPLIT);
  const [split, ...others] = await splitNames(dir);
  if (split === undefined) return { splits, notes: [] };
  const refusal = (node: number): { message: string; allowed: string } | undefined => {
    if (!(Number.isInteger(node) && node >= 0 && node < labels.length)) {
      return { message: 'no such node', allowed: `0..${labels.length - 1}` };
    }
    if (splits[node] !== NO_SPLIT) {
      return { message: 'the node is in a set already', allowed: 'every node once in the split' };
    }
    return labels[node] < 0
      ? { message: 'the node has no label', allowed: 'nodes with a label' }
      : undefined;
  };
  for (const [file, code] of SETS) {
    const found = await findTable(join(dir, 'split', split), file);
    if (found === undefined) continue;
    const name = `split/${split}/${found.name}`;
    const onRow = ([node]: Float64Array, line: number) => {
      const wrong = refusal(node);
      if (wrong === undefined) splits[node] = code;
      else reportLine(issues, name, line, { column: 'node', value: `${node}`, ...wrong });
    };
    await readNumberRows({ ...found, name, columns: 1, maxColumns: 1, issues, signal, onRow });
  }
  const notes =
    others.length === 0
      ? []
      : [
          `The folder has ${1 + others.length} splits; '${split}' is used, not ${others.join(', ')}.`,
        ];
  return { splits, notes };
}
