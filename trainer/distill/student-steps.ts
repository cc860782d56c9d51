// The steps of one epoch of a student: one over all visible rows, or one for every part of them.
import {
  constant,
  type Expression,
  type Feeds,
  gatherRows,
  type Input,
} from '../autodiff/index.ts';
import { oneHot } from '../fit/cross-entropy.ts';
import { type DropoutMask, drawMasks, prefixed, trainingMode } from '../network/dropout.ts';
import { rowsAt } from '../network/rows-at.ts';
import type { Student, StudentOutputs } from '../student/student.ts';
import { constantTargets, studentLoss } from './losses.ts';
import { mixupFeeds, mixupInputs } from './mixup-inputs.ts';
import type { TrainStudentOptions } from './student-training.ts';

export interface StudentSteps {
  readonly steps: readonly {
    readonly loss: Expression;
    /** L_PMA by itself. */
    readonly mixupLoss: Expression | undefined;
  }[];
  /** Masks, pairs and λ of one step. */
  feeds(): Feeds;
}

type Parameters = Readonly<Record<string, Input>>;

/** Where a step finds the labelled nodes: rows of a student's outputs. */
interface LabelledRows {
  readonly student: Student;
  readonly outputs: StudentOutputs;
  readonly rows: Int32Array;
}

export function studentSteps(options: TrainStudentOptions, parameters: Parameters): StudentSteps {
  const { student, labelledStudent, teacherLogits, parts, hyper, mixup, classes, random } = options;
  const { train } = options.split;
  const masks: DropoutMask[] = [];
  const mode = trainingMode(masks);
  // Labelled rows of their own are a second forward pass, whose masks need other names.
  const labelledMode = prefixed('labelled', mode);
  const hard = oneHot(options.labels, train, classes);
  const hardTargets = constant(hard, [train.length, classes]);
  const mixes = mixup !== undefined && hyper.mixupWeight > 0;
  const { lambda, partners, partnerTargets } = mixupInputs(train.length, classes);
  const apart = labelledStudent !== undefined && (!teacherLogits || parts !== undefined);
  const labelledRows = apart ? Int32Array.from(train, (_, i) => i) : train;

  function step(
    labelled: LabelledRows,
    taught: { readonly logits: Expression; readonly nodes: Int32Array } | undefined,
  ) {
    const { first, logits } = labelled.outputs;
    return studentLoss({
      stage: options.stage,
      hyper,
      labelled: {
        logits: apart ? logits : gatherRows(logits, labelled.rows),
        targets: hardTargets,
      },
      taught: taught &&
        teacherLogits && {
          logits: taught.logits,
          ...constantTargets(
            rowsAt(teacherLogits, classes, taught.nodes),
            classes,
            hyper.temperature,
          ),
        },
      mixed: mixes
        ? {
            logits: labelled.student.forwardMixed(parameters, mode, {
              nodes: labelled.rows,
              partners,
              lambda,
              first,
            }),
            partnerTargets,
            lambda,
          }
        : undefined,
    });
  }

  function allSteps() {
    if (apart) {
      const outputs = labelledStudent.forward(parameters, labelledMode);
      const labelled = { student: labelledStudent, outputs, rows: labelledRows };
      if (!teacherLogits || !parts) return [step(labelled, undefined)];
      return parts.map((part) =>
        step(labelled, {
          logits: part.student.forward(parameters, mode).logits,
          nodes: part.nodes,
        }),
      );
    }
    const outputs = student.forward(parameters, mode);
    const { visible } = options;
    const taught = { logits: gatherRows(outputs.logits, visible), nodes: visible };
    return [step({ student, outputs, rows: train }, taught)];
  }

  const steps = allSteps();
  const maskRandom = random.fork('dropout');
  const pairRandom = random.fork('pairs');
  const order = Int32Array.from(train, (_, i) => i);
  return {
    steps,
    feeds() {
      const drawn = drawMasks(masks, maskRandom);
      if (!mixes) return drawn;
      pairRandom.shuffle(order);
      return {
        ...drawn,
        ...mixupFeeds({ lambda: mixup.lambda, order, rows: labelledRows, targets: hard, classes }),
      };
    },
  };
}
