// One epoch of a GCN on a random graph: a training step and an evaluation, on both sides.
import { ProcessFailure } from '../../trainer/process/process-failure.ts';
import { notMeasured, summarise } from '../figures.ts';
import type { RandomGraphOptions } from './random-graph.ts';
import { type TrainCase, takeTurns, withPeer } from './train-case.ts';
import type { GcnEpochsResult, GcnEpochsTask, GcnShape } from './workers/gcn-epochs.ts';
import { runWorker } from './workers/run-worker.ts';

/** Epochs before the clock: they pay for compilation and caches. */
const WARM_UP = 2;
const MEASURED = 5;
const REPETITIONS = 3;

export interface GcnEpochCase {
  readonly name: string;
  readonly summary: string;
  readonly graph: RandomGraphOptions;
  readonly model: GcnShape;
}

/** Median over the repetitions of the mean epoch after the warm-up. */
export function gcnEpochCase({ name, summary, graph, model }: GcnEpochCase): TrainCase {
  return {
    name,
    summary,
    optIn: false,
    async run(context) {
      const { signal, threads } = context;
      const task: GcnEpochsTask = { graph, model, warmUp: WARM_UP, measured: MEASURED, threads };
      const source = { kind: 'random', options: graph } as const;
      const timed = { units: model.hidden, teacherDropout: model.dropout };
      try {
        const turns = await withPeer({ context, source, timed }, (peer) =>
          takeTurns({
            context,
            name,
            repetitions: context.repetitions ?? REPETITIONS,
            peer,
            ours: () => runWorker<GcnEpochsResult>({ program: 'gcn-epochs.ts', task, signal }),
            theirs: (_, run) =>
              run<GcnEpochsResult>('gcn_epochs.py', { model, warmUp: WARM_UP, measured: MEASURED }),
            describe: ({ secondsPerEpoch, cpuSecondsPerEpoch, peakRssMb }) =>
              `${secondsPerEpoch.toFixed(3)} s an epoch (CPU ${cpuSecondsPerEpoch.toFixed(3)} s), peak ${peakRssMb.toFixed(0)} MB`,
          }),
        );
        return [
          summarise({
            name,
            unit: 's',
            ours: turns.ours.map((run) => run.secondsPerEpoch),
            peers: { pyg: turns.theirs.map((run) => run.secondsPerEpoch) },
            notes: [
              `an epoch is a training step and an evaluation; mean of ${MEASURED} after ${WARM_UP} that do not count`,
              turns.note,
            ],
            details: {
              ours: turns.ours[0],
              ...(turns.theirs[0] && { pyg: turns.theirs[0] }),
            },
          }),
        ];
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof ProcessFailure)) throw error;
        context.line(`${name}: ${error.message}\n${error.output}`);
        return [notMeasured({ name, unit: 's' }, `ours failed: ${error.message}`, true)];
      }
    },
  };
}
