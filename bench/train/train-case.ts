// What the cases of this benchmark share: their context, the peer's files, the taking of turns.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchContext, CaseFigures, CaseSummary } from '../benchmark.ts';
import type { GraphSource } from './graph-source.ts';
import { type Pyg, reasonOf } from './peers/pyg.ts';
import type { ExportedGraph, ExportGraphTask } from './workers/export-graph.ts';
import { runWorker } from './workers/run-worker.ts';

export interface TrainContext extends BenchContext {
  readonly pyg: Pyg;
  /** Threads of ours, and the most that the peer may use: the cores of the machine. */
  readonly threads: number;
}

export interface TrainCase extends CaseSummary {
  run(context: TrainContext): Promise<readonly CaseFigures[]>;
}

/** The fastest ways to hold this graph in PyTorch, and threads to use, from choose_layouts.py. */
export interface Layouts {
  readonly threads: number;
  readonly teacherFeatures: string;
  readonly studentFeatures: string;
  readonly adjacency: string;
}

/** The peer with its graph on disk, or why there is none. */
export type Peer =
  | {
      readonly kind: 'ready';
      readonly layouts: Layouts;
      run<T>(script: string, task: object): Promise<T>;
    }
  | { readonly kind: 'absent'; readonly reason: string };

export interface PeerOptions {
  readonly context: TrainContext;
  readonly source: GraphSource;
  /** Width and dropout on which the layouts are timed; `undefined` where there is no choice. */
  readonly timed: { readonly units: number; readonly teacherDropout: number } | undefined;
}

/** What train_batches.py uses: anything else would not fit. */
const batchLayouts = (threads: number): Layouts => ({
  threads,
  teacherFeatures: 'dense',
  studentFeatures: 'dense',
  adjacency: 'csr',
});

/** Writes the graph for the peer, has it choose its layouts, and removes the files afterwards. */
export async function withPeer<T>(
  options: PeerOptions,
  use: (peer: Peer) => Promise<T>,
): Promise<T> {
  const { context, source, timed } = options;
  const { pyg, signal, threads } = context;
  if (pyg.kind === 'absent') return use(pyg);
  const folder = await mkdtemp(join(tmpdir(), 'dandan-bench-'));
  try {
    const task: ExportGraphTask = { source, folder };
    const size = await runWorker<ExportedGraph>({ program: 'export-graph.ts', task, signal });
    const base = { folder, size, threads };
    let layouts = batchLayouts(threads);
    try {
      if (timed) layouts = await pyg.run('choose_layouts.py', { ...base, ...timed }, signal);
    } catch (error) {
      signal.throwIfAborted();
      return await use({ kind: 'absent', reason: reasonOf(error) });
    }
    return await use({
      kind: 'ready',
      layouts,
      run: (script, more) =>
        pyg.run(script, { ...base, threads: layouts.threads, layouts, ...more }, signal),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface TurnsOptions<Ours, Theirs> {
  readonly context: TrainContext;
  readonly name: string;
  readonly repetitions: number;
  readonly peer: Peer;
  ours(): Promise<Ours>;
  /** Given our latest result, so that the same work can be asked for. */
  theirs(ours: Ours, run: Extract<Peer, { kind: 'ready' }>['run']): Promise<Theirs>;
  /** A result in words. */
  describe(result: Ours | Theirs): string;
}

export interface Turns<Ours, Theirs> {
  readonly ours: readonly Ours[];
  readonly theirs: readonly Theirs[];
  /** Why the peer has no results, or which layouts it used. */
  readonly note: string;
}

/**
 * Runs both sides in turns, so that a change of the machine's mood meets both. A peer that
 * fails once is left out; its reason is noted.
 *
 * @throws when ours fails.
 */
export async function takeTurns<Ours, Theirs>(
  options: TurnsOptions<Ours, Theirs>,
): Promise<Turns<Ours, Theirs>> {
  const { context, name, repetitions, peer, describe } = options;
  const ours: Ours[] = [];
  let theirs: Theirs[] = [];
  let failure = peer.kind === 'absent' ? peer.reason : undefined;
  for (let turn = 1; turn <= repetitions; turn++) {
    const result = await options.ours();
    ours.push(result);
    context.line(`${name}  ours ${turn}/${repetitions}: ${describe(result)}`);
    if (peer.kind === 'absent' || failure !== undefined) continue;
    try {
      const answer = await options.theirs(result, peer.run);
      theirs.push(answer);
      context.line(`${name}  pyg  ${turn}/${repetitions}: ${describe(answer)}`);
    } catch (error) {
      context.signal.throwIfAborted();
      failure = reasonOf(error);
      theirs = [];
    }
  }
  if (failure !== undefined || peer.kind === 'absent') {
    return { ours, theirs, note: `no peer: ${failure}` };
  }
  const { threads, teacherFeatures, studentFeatures, adjacency } = peer.layouts;
  return {
    ours,
    theirs,
    note: `PyTorch ran with threads ${threads}, adjacency ${adjacency}, features ${teacherFeatures} (teacher) and ${studentFeatures} (students)`,
  };
}
