// A whole training run, as `dandan train` does it: teacher, plain MLP, GLNN, students,
// quantisation, certificate, bundle.
import { cpuEngine } from '../../../trainer/autodiff/index.ts';
import packageJson from '../../../trainer/package.json' with { type: 'json' };
import type { Checkpoint } from '../../../trainer/run/checkpoint.ts';
import { silentProgress } from '../../../trainer/run/progress.ts';
import type { TrainOptions } from '../../../trainer/run/train-options.ts';
import { trainRun } from '../../../trainer/run/train-run.ts';
import { type GraphSource, openGraph } from '../graph-source.ts';
import { cpuSeconds, peakRssMb, serve } from './worker.ts';

export interface TrainGraphTask {
  readonly source: GraphSource;
  readonly options: TrainOptions;
  readonly threads: number;
}

export interface PhaseFigures {
  readonly epochs: number;
  readonly seconds: number;
}

export interface TrainGraphResult {
  /** From the graph in memory to the bundle in memory. */
  readonly seconds: number;
  /** Processor time of the same: unlike the seconds it does not grow when others use the machine. */
  readonly cpuSeconds: number;
  /** Reading or drawing the graph. */
  readonly loadSeconds: number;
  readonly peakRssMb: number;
  /** By phase: `teacher`, `mlp`, `glnn`, `stage-1`, … */
  readonly phases: Readonly<Record<string, PhaseFigures>>;
  /** Test accuracies, percent. */
  readonly accuracy: Readonly<Record<string, number>>;
}

await serve(async ({ source, options, threads }: TrainGraphTask): Promise<TrainGraphResult> => {
  const begin = performance.now();
  const { graph, split, splitName } = await openGraph(source);
  const loaded = performance.now();
  const cpuLoaded = cpuSeconds();
  const phases: Record<string, PhaseFigures> = {};
  let epochs = 0;
  let phaseBegin = loaded;
  // A phase ends when its result is saved; nothing is kept, so nothing is restored.
  const watch: Checkpoint = {
    load: async () => undefined,
    async save(phase) {
      const now = performance.now();
      phases[phase] = { epochs, seconds: (now - phaseBegin) / 1000 };
      phaseBegin = now;
    },
    clear: async () => {},
  };
  const { figures } = await trainRun({
    graph,
    split,
    splitName,
    options,
    model: 'bench',
    version: '1',
    created: '2026-01-01T00:00:00Z',
    codeVersion: packageJson.version,
    engine: cpuEngine({ threads }),
    checkpoint: watch,
    progress: {
      ...silentProgress,
      epoch: (report) => {
        epochs = report.epoch;
      },
    },
  });
  const { teacher, mlp, glnn, stages, output } = figures;
  return {
    seconds: (performance.now() - loaded) / 1000,
    cpuSeconds: cpuSeconds() - cpuLoaded,
    loadSeconds: (loaded - begin) / 1000,
    peakRssMb: peakRssMb(),
    phases,
    accuracy: { teacher, mlp, glnn, lastStage: stages.at(-1)?.accuracy ?? 0, output },
  };
});
