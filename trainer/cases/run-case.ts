// All cells of a worked case, one after the other.
import { join } from 'node:path';
import { readRun } from '../report/run/read-run.ts';
import { writeRunReport } from '../report/run/write-run-report.ts';
import { codeVersion } from '../reproduce/code-version.ts';
import type { Progress } from '../run/progress.ts';
import { writeRun } from '../run/write-run.ts';
import type { CaseCell } from './case-cell.ts';
import { cellPlace } from './case-store.ts';
import { measureCell } from './measure-cell.ts';
import type { LabelCount, OpenCase, WorkedCase } from './worked-case.ts';

export const RUN_REPORT = 'report.html';

export interface RunCaseOptions {
  readonly worked: WorkedCase;
  readonly open: OpenCase;
  readonly labels: readonly LabelCount[];
  readonly seeds: readonly number[];
  /** Folder of finished cells. */
  readonly dir: string;
  /** Computes cells again that are there. @default {false} */
  readonly fresh?: boolean | undefined;
  /** Of the training of a cell. */
  progressOf?(cell: { readonly labels: LabelCount; readonly seed: number }): Progress & Disposable;
  /** `folder` holds the bundle of the cell and its report. */
  onCell?(cell: CaseCell, folder: string): void;
  readonly signal?: AbortSignal | undefined;
}

/** What the bundle says of its run, as the report wants it. */
const provenanceOf = ({ data: dataSha256, figures }: CaseCell) => ({
  ...{ dataSha256, setting: figures.setting, split: figures.split, seed: figures.seed },
  figures: { quantised: figures.quantised },
});

/**
 * @returns by number of labels, then by seed.
 * @throws the signal's reason when aborted; finished cells, and finished phases of the one under
 * way, are kept.
 */
export async function runCase(options: RunCaseOptions): Promise<CaseCell[]> {
  const { worked, open, labels, seeds, dir, fresh = false, signal } = options;
  const version = codeVersion();
  const cells: CaseCell[] = [];
  for (const count of labels) {
    for (const seed of seeds) {
      signal?.throwIfAborted();
      const nodes = open.nodesOf(seed);
      const place = cellPlace({ dir, worked, nodes, labels: count, seed });
      if (fresh) await place.remove();
      let cell = await place.find();
      if (cell === undefined) {
        using progress = options.progressOf?.({ labels: count, seed });
        const { checkpoint, folder } = place;
        const measured = await measureCell({
          ...{ worked, open, nodes, seed, checkpoint, progress, signal },
          labels: count,
          codeVersion: version,
        });
        const { run, graph } = measured;
        ({ cell } = measured);
        await writeRun(folder, run, worked.name);
        await writeRunReport({
          files: await readRun(folder),
          data: { graph, split: graph.publicSplit, provenance: provenanceOf(cell) },
          out: join(folder, RUN_REPORT),
          normal: nodes.normal,
        });
        await place.keep(cell);
        await checkpoint.clear();
      }
      cells.push(cell);
      options.onCell?.(cell, place.folder);
    }
  }
  return cells;
}
