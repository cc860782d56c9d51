// Finished cells on disk, one folder each, so that a stopped command goes on where it was.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryNodes } from '../history/history-graph.ts';
import { type Checkpoint, folderCheckpoint } from '../run/checkpoint.ts';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { CaseCell } from './case-cell.ts';
import { caseOptions } from './measure-cell.ts';
import type { LabelCount, WorkedCase } from './worked-case.ts';

export interface CellPlace {
  /** Folder of the run: bundle, answers, report. */
  readonly folder: string;
  readonly checkpoint: Checkpoint;
  find(): Promise<CaseCell | undefined>;
  keep(cell: CaseCell): Promise<void>;
  remove(): Promise<void>;
}

export interface CellPlaceOptions {
  readonly dir: string;
  readonly worked: WorkedCase;
  readonly nodes: HistoryNodes;
  readonly labels: LabelCount;
  readonly seed: number;
}

const CELL_FILE = 'cell.json';

/** All that fixes a cell but the code, which the cell names. */
function identityOf({ worked, nodes, labels, seed }: CellPlaceOptions): string {
  const { spec, graph, split, topology, places, features, runs = [] } = nodes;
  const hash = createHash('sha256');
  const choices = { ...split, ...worked.splitOf(labels) };
  hash.update(
    JSON.stringify([caseOptions(worked, seed), spec, graph, choices, topology, places.kinds, runs]),
  );
  for (const array of [features.values, nodes.labels, places.asset, places.run, places.time]) {
    hash.update(`${array.byteLength};`).update(array);
  }
  return hash.digest('hex').slice(0, 16);
}

export function cellPlace(options: CellPlaceOptions): CellPlace {
  const { dir, worked, labels, seed } = options;
  const identity = identityOf(options);
  const folder = join(dir, worked.name, `labels-${labels}-seed-${seed}-${identity}`);
  const file = join(folder, CELL_FILE);
  return {
    folder,
    checkpoint: folderCheckpoint(join(folder, 'checkpoint'), identity),
    async find() {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as CaseCell);
    },
    keep: (cell) => writeFileAtomic(file, `${JSON.stringify(cell)}\n`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
