// A whole training run, teacher to bundle, beside the same training in PyTorch Geometric.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProcessFailure } from '../../trainer/process/process-failure.ts';
import type { TrainOptions } from '../../trainer/run/train-options.ts';
import type { CaseFigures } from '../benchmark.ts';
import { notMeasured, summarise } from '../figures.ts';
import type { GraphSource } from './graph-source.ts';
import { type TrainCase, type TrainContext, takeTurns, withPeer } from './train-case.ts';
import { runWorker } from './workers/run-worker.ts';
import type { TrainGraphResult, TrainGraphTask } from './workers/train-graph.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GRAPHS = join(resolve(ROOT, process.env.DANDAN_DATA ?? '../shared/data'), 'graphs');

/** A public graph of `DANDAN_DATA`. */
export const folderSource = (set: string): GraphSource => ({
  kind: 'folder',
  dir: join(GRAPHS, set),
  seed: 1,
});

export interface WholeRunCase {
  readonly name: string;
  readonly summary: string;
  readonly optIn?: boolean;
  readonly source: GraphSource;
  readonly options: TrainOptions;
  readonly repetitions: number;
  /** Epochs per phase that the peer really runs, the rest being extrapolated; `null`: all. */
  readonly peerCap: number | null;
  readonly withMemory: boolean;
  readonly notes: readonly string[];
}

interface PeerResult
  extends Pick<TrainGraphResult, 'seconds' | 'cpuSeconds' | 'peakRssMb' | 'accuracy'> {
  readonly phases: Readonly<Record<string, { readonly seconds: number }>>;
}

const EQUAL_WORK =
  'the peer trains teacher, plain MLP, GLNN and the students for as many epochs as ours took, each with an evaluation on the validation nodes; reading the data and imports are on neither clock; quantisation, certificate and bundle are on ours only';

function notesOf({ notes, peerCap }: WholeRunCase, note: string): string[] {
  const capped =
    peerCap === null
      ? []
      : [`the peer ran ${peerCap} epochs of each phase, its seconds are scaled to all epochs`];
  return [...notes, note, ...(note.startsWith('no peer') ? [] : [EQUAL_WORK, ...capped])];
}

async function measure(bench: WholeRunCase, context: TrainContext): Promise<CaseFigures[]> {
  const { name, source, options, peerCap } = bench;
  const { signal, threads } = context;
  const task: TrainGraphTask = { source, options, threads };
  const { teacherDropout, teacherHidden: units, batch } = options;
  const timed = batch === 0 ? { units, teacherDropout } : undefined;
  const script = batch === 0 ? 'train_graph.py' : 'train_batches.py';
  const turns = await withPeer({ context, source, timed }, (peer) =>
    takeTurns<TrainGraphResult, PeerResult>({
      context,
      name,
      repetitions: context.repetitions ?? bench.repetitions,
      peer,
      ours: () => runWorker<TrainGraphResult>({ program: 'train-graph.ts', task, signal }),
      theirs: ({ phases }, run) => {
        const epochs = Object.fromEntries(
          Object.entries(phases).map(([phase, each]) => [phase, each.epochs]),
        );
        return run<PeerResult>(script, { options, epochs, cap: peerCap });
      },
      describe: ({ seconds, cpuSeconds, peakRssMb }) =>
        `${seconds.toFixed(2)} s (CPU ${cpuSeconds.toFixed(2)} s), peak ${peakRssMb.toFixed(0)} MB`,
    }),
  );
  const [first] = turns.ours;
  const [peer] = turns.theirs;
  const seconds = summarise({
    name,
    unit: 's',
    ours: turns.ours.map((run) => run.seconds),
    peers: { pyg: turns.theirs.map((run) => run.seconds) },
    notes: notesOf(bench, turns.note),
    details: { ours: first, ...(peer && { pyg: peer }) },
  });
  if (!bench.withMemory) return [seconds];
  const memory = summarise({
    name: `${name} rss`,
    unit: 'MB',
    ours: turns.ours.map((run) => run.peakRssMb),
    peers: { pyg: turns.theirs.map((run) => run.peakRssMb) },
    notes: ['peak resident memory of the whole process, reading the data included'],
  });
  return [seconds, memory];
}

/** A case of a whole run; without its data it says so instead of failing. */
export function wholeRunCase(bench: WholeRunCase): TrainCase {
  const { name, summary, optIn = false, source } = bench;
  return {
    name,
    summary,
    optIn,
    async run(context) {
      if (source.kind === 'folder' && !existsSync(source.dir)) {
        const why = `DANDAN_DATA names no folder that holds graphs/${source.dir.split('/').at(-1)}`;
        context.line(`${name}: ${why}`);
        return [notMeasured({ name, unit: 's' }, why)];
      }
      try {
        return await measure(bench, context);
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof ProcessFailure)) throw error;
        context.line(`${name}: ${error.message}\n${error.output}`);
        return [notMeasured({ name, unit: 's' }, `ours failed: ${error.message}`, true)];
      }
    },
  };
}
