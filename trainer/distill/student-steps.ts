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
import { lambdaFeeds, mixupFeeds, mixupInputs } from './mixup-inputs.ts';
import { createPairDraw, statesReader } from './partners/pairing.ts';
import type { TrainStudentOptions } from './student-training.ts';
import { type TaughtPairs, taughtPairs } from './taught-pairs.ts';

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

/** Rows of a student's outputs. */
interface OutputRows {
  readonly student: Student;
  readonly outputs: StudentOutputs;
  readonly rows: Int32Array;
}

type TaughtRows = OutputRows & { readonly nodes: Int32Array };

const everyRow = (nodes: Int32Array) => Int32Array.from(nodes, (_, i) => i);

export function studentSteps(options: TrainStudentOptions, parameters: Parameters): StudentSteps {
  const { teacherLogits, parts, hyper, mixup, classes, random, labels, pairing, augmented } =
    options;
  const student = augmented?.student ?? options.student;
  const labelledStudent = augmented?.labelledStudent ?? options.labelledStudent;
  const { train } = options.split;
  const masks: DropoutMask[] = [];
  const mode = trainingMode(masks);
  // Labelled rows of their own are a second forward pass, whose masks need other names.
  const labelledMode = prefixed('labelled', mode);
  const hard = oneHot(labels, train, classes);
  const hardTargets = constant(hard, [train.length, classes]);
  const mixes = mixup !== undefined && hyper.mixupWeight > 0;
  const mixesTaught = mixes && pairing?.rows === 'taught' && teacherLogits !== undefined;
  const { lambda, partners, partnerTargets } = mixupInputs(train.length, classes);
  const apart = labelledStudent !== undefined && (!teacherLogits || parts !== undefined);
  const labelledRows = apart ? everyRow(train) : train;
  const statesOf = statesReader({ labels, classes, train, teacherLogits });
  const taughtDraws: TaughtPairs[] = [];

  function mixedOf(labelled: OutputRows, taught: TaughtRows | undefined) {
    if (!mixes) return undefined;
    if (mixesTaught && taught) {
      const pairs = taughtPairs({
        ...taught,
        name: `mixup.taught${taughtDraws.length}`,
        parameters,
        mode,
        teacherLogits: rowsAt(teacherLogits, classes, taught.nodes),
        classes,
        temperature: hyper.temperature,
        draw: createPairDraw(taught.nodes, pairing.rules, statesOf),
      });
      taughtDraws.push(pairs);
      return pairs.mixed;
    }
    const { first } = labelled.outputs;
    const logits = labelled.student.forwardMixed(parameters, mode, {
      nodes: labelled.rows,
      partners,
      lambda,
      first,
    });
    return { logits, targets: hardTargets, partnerTargets, lambda };
  }

  function step(labelled: OutputRows, taught: TaughtRows | undefined) {
    const { logits } = labelled.outputs;
    return studentLoss({
      stage: options.stage,
      hyper,
      labelled: {
        logits: apart ? logits : gatherRows(logits, labelled.rows),
        targets: hardTargets,
      },
      taught: taught &&
        teacherLogits && {
          logits: parts ? taught.outputs.logits : gatherRows(taught.outputs.logits, taught.rows),
          ...constantTargets(
            rowsAt(teacherLogits, classes, taught.nodes),
            classes,
            hyper.temperature,
          ),
        },
      mixed: mixedOf(labelled, taught),
    });
  }

  function allSteps() {
    if (apart) {
      const outputs = labelledStudent.forward(parameters, labelledMode);
      const labelled = { student: labelledStudent, outputs, rows: labelledRows };
      if (!teacherLogits || !parts) return [step(labelled, undefined)];
      return parts.map(({ nodes, student: own }) =>
        step(labelled, {
          student: own,
          outputs: own.forward(parameters, mode),
          rows: everyRow(nodes),
          nodes,
        }),
      );
    }
    const outputs = student.forward(parameters, mode);
    const { visible } = options;
    return [
      step({ student, outputs, rows: train }, { student, outputs, rows: visible, nodes: visible }),
    ];
  }

  const steps = allSteps();
  const maskRandom = random.fork('dropout');
  const pairRandom = random.fork('pairs');
  const rowRandom = random.fork('augmentation');
  const drawLabelled = createPairDraw(train, pairing?.rules, statesOf);

  function mixingFeeds(): Feeds {
    if (!mixes) return {};
    if (mixesTaught) {
      const draws = taughtDraws.map(({ feeds }) => feeds(pairRandom));
      return Object.assign({}, lambdaFeeds(mixup.lambda), ...draws);
    }
    const order = drawLabelled(pairRandom);
    return mixupFeeds({ lambda: mixup.lambda, order, rows: labelledRows, targets: hard, classes });
  }

  return {
    steps,
    feeds: () => ({
      ...drawMasks(masks, maskRandom),
      ...augmented?.feeds(rowRandom),
      ...mixingFeeds(),
    }),
  };
}
