// One of AdaGMLP's K students as expressions: its weights under names of its own, and its loss
// in every step of an epoch.
import { type Expression, gatherRows, type Input, indexInput, input } from '../autodiff/index.ts';
import type { StudentPart } from '../distill/train-student.ts';
import { type DropoutMode, prefixed } from '../network/dropout.ts';
import { rowsAt } from '../network/rows-at.ts';
import { parameterInputs, type WeightShapes } from '../network/weights.ts';
import type { Student } from '../student/student.ts';
import { adagmlpLoss, rowDivergences } from './adagmlp-loss.ts';

export interface AdagmlpStudentOptions {
  /** Prefix of its names. */
  readonly id: string;
  /** The same MLP over different rows. */
  readonly networks: {
    readonly whole: Student;
    /** Where an epoch takes a step for each part of the rows. */
    readonly parts: readonly StudentPart[] | undefined;
    readonly labelled: Student;
    /** The labelled rows with some features hidden. */
    readonly masked: Student;
  };
  /** Nodes whose teacher output the student may see. */
  readonly visible: Int32Array;
  readonly train: Int32Array;
  /** float32 [N, C]. */
  readonly teacherLogits: Float32Array;
  readonly classes: number;
  /** Labels dealt to a student. */
  readonly dealt: number;
  readonly temperature: number;
  readonly training: DropoutMode;
}

export interface AdagmlpStep {
  /** KL(teacher ‖ student) of the step's rows at temperature 1, [rows, 1]. */
  readonly divergence: Expression;
  readonly loss: Expression;
}

/** Input of a student's weights of the rows of a part. */
export const nodeWeightsName = (id: string, part: number) => `${id}.nodeWeights${part}`;

export function adagmlpStudent(options: AdagmlpStudentOptions) {
  const { id, networks, visible, train, teacherLogits, classes, dealt, temperature } = options;
  const { whole, parts } = networks;
  const shapes: WeightShapes = Object.fromEntries(
    Object.entries(whole.shapes).map(([name, shape]) => [`${id}.${name}`, shape]),
  );
  const inputs = parameterInputs(shapes);
  const own: Record<string, Input> = Object.fromEntries(
    Object.keys(whole.shapes).map((name) => [name, inputs[`${id}.${name}`]]),
  );
  const forward = (student: Student, mode: DropoutMode) => student.forward(own, mode);
  const training = (pass: string) => prefixed(pass, options.training);

  /** Outputs at the labelled nodes, and logits of the rows of every step. */
  function passes() {
    if (parts) {
      return {
        labelled: forward(networks.labelled, training(`${id}.labelled`)),
        taught: parts.map(({ nodes, student }) => ({
          nodes,
          logits: forward(student, training(id)).logits,
        })),
      };
    }
    const { inner, units, logits } = forward(whole, training(id));
    const atTrain = (a: Expression) => gatherRows(a, train);
    return {
      labelled: { inner: inner.map(atTrain), units: atTrain(units), logits: atTrain(logits) },
      taught: [{ nodes: visible, logits: gatherRows(logits, visible) }],
    };
  }

  const { labelled, taught } = passes();
  const masked = forward(networks.masked, training(`${id}.masked`));
  const positions = indexInput(`${id}.positions`, dealt);
  const targets = input(`${id}.targets`, [dealt, classes]);
  const steps = taught.map(({ nodes, logits }, part): AdagmlpStep => {
    const answers = rowsAt(teacherLogits, classes, nodes);
    const divergence = rowDivergences(answers, logits, 1);
    const divergences =
      temperature === 1 ? divergence : rowDivergences(answers, logits, temperature);
    const nodeWeights = input(nodeWeightsName(id, part), [nodes.length, 1]);
    return {
      divergence,
      loss: adagmlpLoss({ divergences, nodeWeights, labelled, masked, positions, targets }),
    };
  });
  return { parameters: Object.values(inputs), shapes, forward, steps };
}
