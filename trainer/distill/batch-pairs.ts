// Mixup where rows come batch by batch: partners are drawn within the batch.
import type { Random } from '@dandan/shared/random';
import type { Expression, Feeds } from '../autodiff/index.ts';
import type { DropoutMode } from '../network/dropout.ts';
import type { Student, StudentOutputs, StudentParameters } from '../student/student.ts';
import { mixupFeeds, mixupInputs } from './mixup-inputs.ts';
import type { MixupSchedule } from './mixup-schedule.ts';
import { createPairDraw, type MixupPairing, statesReader } from './partners/pairing.ts';
import type { TrainStudentOptions } from './student-training.ts';

/** Rows of a batch as the step sees them. */
interface BatchOutputs {
  readonly student: Student;
  readonly outputs: StudentOutputs;
  readonly mode: DropoutMode;
  readonly targets: Expression;
}

export interface BatchPairsOptions
  extends Pick<TrainStudentOptions, 'labels' | 'classes' | 'split' | 'teacherLogits' | 'hyper'> {
  readonly mixup: MixupSchedule | undefined;
  readonly pairing?: MixupPairing | undefined;
  readonly parameters: StudentParameters;
  readonly labelled: BatchOutputs;
  readonly taught: BatchOutputs | undefined;
}

/** The nodes of a batch and their targets, float32 [nodes, classes]. */
interface Batch {
  readonly nodes: Int32Array;
  readonly targets: Float32Array;
}

/** `undefined` where nothing is mixed. */
export function batchPairs(options: BatchPairsOptions) {
  const { mixup, pairing, hyper, classes, labels, split, teacherLogits } = options;
  if (mixup === undefined || hyper.mixupWeight === 0) return undefined;
  const mixesTaught = pairing?.rows === 'taught' && options.taught !== undefined;
  const { student, outputs, mode, targets } =
    (mixesTaught ? options.taught : undefined) ?? options.labelled;
  const [size] = targets.shape;
  const { lambda, partners, partnerTargets } = mixupInputs(size, classes);
  const rows = Int32Array.from({ length: size }, (_, i) => i);
  const logits = student.forwardMixed(options.parameters, mode, {
    nodes: rows,
    partners,
    lambda,
    first: outputs.first,
  });
  const statesOf = statesReader({ labels, classes, train: split.train, teacherLogits });
  // Without rules every batch has the same positions, and a shuffle is all there is to draw.
  const drawAny = createPairDraw(rows, undefined, statesOf);
  return {
    mixed: { logits, targets, partnerTargets, lambda },
    feeds(random: Random, labelled: Batch, taught: Batch | undefined): Feeds {
      const batch = (mixesTaught ? taught : undefined) ?? labelled;
      const draw = pairing?.rules ? createPairDraw(batch.nodes, pairing.rules, statesOf) : drawAny;
      return mixupFeeds({
        lambda: mixup.lambda,
        order: draw(random),
        rows,
        targets: batch.targets,
        classes,
      });
    },
  };
}
