// Fills the cells of a plan that are not on disk yet, several processes at a time.
import { join } from 'node:path';
import type { Cell, CellRecord } from './cell.ts';
import type { CellStore } from './cell-store.ts';
import { CHANGED_MARK } from './code-version.ts';
import type { Failure, GroupTask, Reply, Task, TaskCell } from './messages.ts';
import { type CellGroup, groupCells, type Place } from './plan.ts';
import { relevantOptions } from './relevant-options.ts';
import { runTasks } from './worker-pool.ts';

/** What whoever watches a table is told. */
export interface CellProgress {
  /**
   * How many cells the table has, which of them still have to run, and how many of the others
   * were computed by sources that no commit holds.
   */
  planned(plan: { cells: number; left: readonly Cell[]; uncommitted: number }): void;
  started(cell: Cell): void;
  /** What a running cell is at, in words. */
  at(cell: Cell, text: string): void;
  finished(record: CellRecord, left: readonly Cell[]): void;
  failed(cell: Cell, failure: Failure, left: readonly Cell[]): void;
}

export interface FailedCell {
  readonly cell: Cell;
  readonly failure: Failure;
}

export interface RunCellsOptions {
  readonly places: readonly Place[];
  readonly store: CellStore;
  pathOf(set: string): string;
  /** Folder for the teachers' logits. */
  readonly teachers: string;
  readonly workers: number;
  /** Computes cells again that are on disk. */
  readonly fresh: boolean;
  readonly progress: CellProgress;
  readonly signal?: AbortSignal | undefined;
}

/** A group under way: which of its cells are still to come. */
interface Underway {
  readonly group: CellGroup;
  readonly byId: ReadonlyMap<number, Cell>;
  readonly open: Set<number>;
  current: number | undefined;
}

/** Plots of where a method is right are made of the recommended settings only. */
const BREAKDOWN_VARIANT = 'default';

/**
 * Runs all cells that are missing; each is on disk as soon as it is done.
 *
 * @returns the cells that failed.
 * @throws the signal's reason when aborted.
 */
export async function runCells(options: RunCellsOptions): Promise<FailedCell[]> {
  const { places, store, pathOf, teachers, fresh, progress } = options;
  const all = groupCells(
    places.map(({ cell }) => cell),
    pathOf,
  );
  if (fresh) for (const { cells } of all) for (const cell of cells) await store.remove(cell);
  const withBreakdown = new Set(
    places.filter(({ variant }) => variant === BREAKDOWN_VARIANT).map(({ cell }) => cell),
  );
  const left = new Set<Cell>();
  const queue: CellGroup[] = [];
  for (const group of all) {
    const cells = group.cells.filter((cell) => store.find(cell) === undefined);
    for (const cell of cells) left.add(cell);
    if (cells.length > 0) queue.push({ ...group, cells });
  }
  const cells = all.flatMap((group) => group.cells);
  const uncommitted = cells.filter((cell) =>
    store.find(cell)?.codeVersion.endsWith(CHANGED_MARK),
  ).length;
  progress.planned({ cells: cells.length, left: [...left], uncommitted });

  const names = new Map<CellGroup, string>();
  for (const group of queue) names.set(group, await store.nameOf(group.teacher));
  const underway = new Map<Task, Underway>();
  const secondTry = new Set<CellGroup>();
  const failed: FailedCell[] = [];
  let lastId = 0;

  function next(): GroupTask | undefined {
    const group = queue.shift();
    if (!group) return undefined;
    const byId = new Map(group.cells.map((cell) => [++lastId, cell]));
    const { split, options: teacher } = group.teacher;
    const task: GroupTask = {
      kind: 'group',
      path: group.path,
      split,
      teacher,
      logits: join(teachers, names.get(group) ?? ''),
      fresh,
      cells: [...byId].map(
        ([id, cell]): TaskCell => ({
          id,
          method: cell.method,
          options: cell.options,
          breakdown: withBreakdown.has(cell),
          certified: cell.split === 'calibrated',
          ...(cell.measure && { measure: cell.measure }),
        }),
      ),
    };
    underway.set(task, { group, byId, open: new Set(byId.keys()), current: undefined });
    return task;
  }

  function fail({ byId, open }: Underway, id: number, failure: Failure): void {
    const cell = byId.get(id) as Cell;
    open.delete(id);
    left.delete(cell);
    failed.push({ cell, failure });
    progress.failed(cell, failure, [...left]);
  }

  async function onReply(task: Task, reply: Reply): Promise<void> {
    const state = underway.get(task) as Underway;
    if (reply.kind === 'started') {
      state.current = reply.id;
      progress.started(state.byId.get(reply.id) as Cell);
    } else if (reply.kind === 'at' && state.current !== undefined) {
      progress.at(state.byId.get(state.current) as Cell, reply.text);
    } else if (reply.kind === 'failed') {
      fail(state, reply.id, reply.failure);
    } else if (reply.kind === 'cell') {
      const cell = state.byId.get(reply.id) as Cell;
      const record: CellRecord = {
        ...cell,
        options: relevantOptions(cell.method, cell.options),
        result: reply.result,
        codeVersion: reply.codeVersion,
        finished: new Date().toISOString(),
      };
      await store.put(record);
      state.open.delete(reply.id);
      left.delete(cell);
      progress.finished(record, [...left]);
    } else if (reply.kind === 'done' && reply.failure) {
      for (const id of [...state.open]) fail(state, id, reply.failure);
    }
  }

  function onCrash(task: Task, failure: Failure): void {
    const state = underway.get(task) as Underway;
    const { current, open, byId, group } = state;
    // Before the first cell it was the graph: two that load at once may be too much, so one
    // more try is worth it.
    const again = current === undefined && !secondTry.has(group);
    const lost = current === undefined ? [...open] : [current];
    if (!again) for (const id of lost) if (open.has(id)) fail(state, id, failure);
    const cells = [...open].map((id) => byId.get(id) as Cell);
    if (cells.length === 0) return;
    const rest = { ...group, cells };
    names.set(rest, names.get(group) ?? '');
    if (again) secondTry.add(rest);
    queue.unshift(rest);
  }

  const workers = Math.max(1, Math.min(options.workers, queue.length));
  await runTasks({ workers, next, onReply, onCrash, signal: options.signal });
  return failed;
}
