// A published table on the data at hand: find the sets, plan the cells, run the missing
// ones, write the results.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { SplitName } from '../data/load-data.ts';
import type { Setting, TeacherChoice } from '../run/train-options.ts';
import type { CellMethod } from './cell.ts';
import { openCellStore } from './cell-store.ts';
import { describeSets } from './describe-sets.ts';
import { findSets } from './find-sets.ts';
import { type Place, type PlanRequest, planPlaces } from './plan.ts';
import { type CellProgress, type FailedCell, runCells } from './run-cells.ts';
import { readSettings } from './settings.ts';
import { splitOfTable, TABLE_DEFINITIONS, type TableName } from './tables.ts';
import { timeInference } from './time-inference.ts';
import type { Variant } from './variants.ts';
import { tableFolder, writeResults } from './write-results.ts';

export interface ReproduceOptions {
  readonly table: TableName;
  /** Graphs, or folders with graphs in sub-folders; or the embedded plant by name. @default {the table's} */
  readonly data?: readonly string[] | undefined;
  /** @default {all sets of the data} */
  readonly sets?: readonly string[] | undefined;
  /** @default {the table's} */
  readonly teachers?: readonly TeacherChoice[] | undefined;
  /** @default {the table's} */
  readonly methods?: readonly CellMethod[] | undefined;
  /** @default {the table's} */
  readonly settings?: readonly Setting[] | undefined;
  /** @default {the table's} */
  readonly variants?: readonly Variant[] | undefined;
  readonly seeds: readonly number[];
  /** @default {the table's} */
  readonly split?: SplitName | undefined;
  readonly workers: number;
  /** Folder of cells and teacher logits. */
  readonly work: string;
  /** Folder of result files, with a sub-folder per table. */
  readonly out: string;
  readonly fresh: boolean;
  /** False writes results and report of what there is and runs nothing. @default {true} */
  readonly run?: boolean | undefined;
  /** The command as a person would type it, for the result files. */
  readonly command: string;
  /** Folder of recommended settings. @default {those of the package} */
  readonly settingsDir?: string | undefined;
  progress(nodesOf: (set: string) => number): CellProgress;
  readonly signal?: AbortSignal | undefined;
}

export interface Reproduced {
  readonly request: PlanRequest;
  readonly places: readonly Place[];
  readonly failed: readonly FailedCell[];
  /** Folder of the table's result files. */
  readonly dir: string;
}

function dataOf(table: TableName, asked: readonly string[] | undefined): readonly string[] {
  const data = asked ?? TABLE_DEFINITIONS[table].data;
  if (data) return data;
  throw new InputError(
    'option-invalid',
    "required option '--data <path...>' not specified: this table has no data of its own",
    {
      field: '--data',
      value: undefined,
      allowed: 'graphs, or folders with graphs in sub-folders',
    },
  );
}

function checkSplit({ sets, split }: PlanRequest): void {
  const without = sets.find(({ publicSplitSha256 }) => publicSplitSha256 === '');
  if (split !== 'public' || without === undefined) return;
  throw new InputError('option-invalid', `${without.name} comes without a public split`, {
    field: '--split',
    value: split,
    allowed: 'random, or --sets with those that have one',
  });
}

/**
 * Runs a table. Finished cells are on disk at once; what an interrupted run has done is in the
 * result files too.
 *
 * @throws {InputError} for data, settings or options that cannot be used; the signal's reason
 * when aborted.
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduced> {
  const { table, seeds, workers, work, command, signal } = options;
  const definition = TABLE_DEFINITIONS[table];
  const split = splitOfTable(table, options.split);
  const dir = tableFolder(options.out, table, split);
  const sets = await describeSets({
    sets: await findSets(dataOf(table, options.data), options.sets),
    memory: join(work, 'sets.json'),
    workers,
    signal,
  });
  const methods = options.methods ?? definition.methods;
  const request: PlanRequest = {
    sets,
    teachers: options.teachers ?? definition.teachers,
    // Students need their teacher; its accuracy stands beside theirs in every table.
    methods: methods.includes('teacher') ? methods : ['teacher', ...methods],
    settings: options.settings ?? definition.settings,
    seeds,
    split,
    variants: options.variants ?? definition.variants,
    measure: definition.measure,
    recommended: await readSettings(options.settingsDir),
  };
  checkSplit(request);
  const places = planPlaces(request);
  const store = await openCellStore({ dir: join(work, 'cells'), results: options.out });
  const setOf = (name: string) => sets.find((set) => set.name === name) as (typeof sets)[number];
  const write = () => writeResults({ table, request, store, dir, command });
  try {
    if (options.run === false) return { request, places, failed: [], dir };
    const failed = await runCells({
      places,
      store,
      pathOf: (set) => setOf(set).path,
      teachers: join(work, 'teachers'),
      workers,
      fresh: options.fresh,
      progress: options.progress((set) => setOf(set).nodes),
      signal,
    });
    if (table === 'table4') await timeInference({ request, dir, fresh: options.fresh, signal });
    return { request, places, failed, dir };
  } finally {
    await write();
  }
}
