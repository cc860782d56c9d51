// The teacher of a group: trained once, its logits kept on disk for the methods of this
// sitting and the next.
import { createRandom } from '@dandan/shared/random';
import { percent } from '../../evaluate/figures.ts';
import type { EpochReport } from '../../fit/fit.ts';
import type { GraphData } from '../../graph/graph-data.ts';
import { argmaxRow, type ClassWeights } from '../../metrics/accuracy.ts';
import { type Checkpoint, folderCheckpoint } from '../../run/checkpoint.ts';
import type { PreparedData } from '../../run/prepare.ts';
import { silentProgress } from '../../run/progress.ts';
import { runTeacher } from '../../run/teacher-phase.ts';
import type { TrainOptions } from '../../run/train-options.ts';
import type { CellResult } from '../cell.ts';
import { breakDown } from './breakdown.ts';

/** Key of all checkpoints of logits: the name of their folder says what fixes them. */
const LOGITS_KEY = 'teacher logits';

export interface MeasuredTeacher {
  /** float32 [N, C]. */
  readonly logits: Float32Array;
  /** int32 [N]; `undefined` in the inductive setting, whose logits lack the held-out edges. */
  readonly predictions: Int32Array | undefined;
  readonly result: CellResult;
  /** What a validation node of each class counts, if the teacher told. */
  readonly classWeights: ClassWeights;
}

export interface MeasureTeacherOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly options: TrainOptions;
  /** Folder of the logits. */
  readonly folder: string;
  /** Trains again even if the logits are there. */
  readonly fresh: boolean;
  onEpoch(report: EpochReport): void;
}

interface Numbers {
  readonly validationAccuracy: number;
  readonly seconds: number;
}

/** Keeps the seconds of training with the logits, and shows the numbers of either. */
function watched(checkpoint: Checkpoint, see: (numbers: Numbers) => void): Checkpoint {
  const started = performance.now();
  return {
    ...checkpoint,
    async load(phase) {
      const result = await checkpoint.load(phase);
      if (result) see(result.numbers as unknown as Numbers);
      return result;
    },
    async save(phase, { arrays, numbers }) {
      const timed = { ...numbers, seconds: (performance.now() - started) / 1000 };
      await checkpoint.save(phase, { arrays, numbers: timed });
      see(timed as unknown as Numbers);
    },
  };
}

/** @throws {InputError} `training-diverged`. */
export async function measureTeacher(given: MeasureTeacherOptions): Promise<MeasuredTeacher> {
  const { graph, data, options, folder, fresh, onEpoch } = given;
  const checkpoint = folderCheckpoint(folder, LOGITS_KEY);
  if (fresh) await checkpoint.clear();
  let numbers: Numbers = { validationAccuracy: 0, seconds: 0 };
  const { logits, accuracy, classWeights } = await runTeacher({
    graph,
    data,
    options,
    random: createRandom(options.seed),
    checkpoint: watched(checkpoint, (seen) => {
      numbers = seen;
    }),
    progress: { ...silentProgress, epoch: onEpoch },
    signal: undefined,
  });
  const classes = graph.classes.length;
  const predictions =
    options.setting === 'tran'
      ? graph.labels.map((_, node) => argmaxRow(logits, classes, node))
      : undefined;
  const { test } = data.split;
  const result: CellResult = {
    accuracy: percent(accuracy),
    validation: percent(numbers.validationAccuracy),
    macs: 0,
    seconds: Math.round(numbers.seconds * 100) / 100,
    stages: [],
    curve: [],
    ...(predictions && {
      breakdown: breakDown({ graph, predictions, teacherPredictions: predictions, test }),
    }),
  };
  return { logits, predictions, result, classWeights };
}
