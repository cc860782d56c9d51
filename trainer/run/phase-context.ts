// What every phase of a run works with.
import type { Bundle } from '@dandan/shared/bundle';
import type { Random } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { PreparedData } from './prepare.ts';
import type { Progress } from './progress.ts';
import type { TrainOptions } from './train-options.ts';

export interface PhaseContext {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly options: TrainOptions;
  /** float32 [N, C]; only with teacher `file`. */
  readonly teacherLogits?: Float32Array | undefined;
  /** Training nodes without neighbours: students learn their label, and no teacher is asked. */
  readonly corrections?: Int32Array | undefined;
  /** Bundle whose weights the students start from. */
  readonly champion?: Bundle | undefined;
  readonly random: Random;
  readonly checkpoint: Checkpoint;
  readonly progress: Progress;
  /** What trains: `undefined` is one thread of the CPU. */
  readonly engine?: Engine | undefined;
  readonly signal: AbortSignal | undefined;
}
