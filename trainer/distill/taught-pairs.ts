// Mixup over all rows that a student learns from: what the teacher says of both is mixed as the
// rows are.
import type { Random } from '@dandan/shared/random';
import {
  constant,
  type Expression,
  type Feeds,
  gatherRows,
  indexInput,
} from '../autodiff/index.ts';
import type { DropoutMode } from '../network/dropout.ts';
import type { Student, StudentOutputs, StudentParameters } from '../student/student.ts';
import { teacherTargets } from './losses.ts';
import { lambdaInput } from './mixup-inputs.ts';

export interface TaughtPairsOptions {
  /** Prefix of the feeds: steps of other rows have other ones. */
  readonly name: string;
  readonly student: Student;
  readonly outputs: Pick<StudentOutputs, 'first'>;
  /** Rows of the outputs. */
  readonly rows: Int32Array;
  readonly parameters: StudentParameters;
  readonly mode: DropoutMode;
  /** float32 [rows, classes]. */
  readonly teacherLogits: Float32Array;
  readonly classes: number;
  /** T, as in the teacher's own term. */
  readonly temperature: number;
  /** Positions of partners in `rows`. */
  readonly draw: (random: Random) => Int32Array;
}

export interface TaughtPairs {
  readonly mixed: {
    readonly logits: Expression;
    readonly targets: Expression;
    readonly partnerTargets: Expression;
    readonly lambda: Expression;
  };
  /** Partners of one step. */
  feeds(random: Random): Feeds;
}

export function taughtPairs(options: TaughtPairsOptions): TaughtPairs {
  const { name, student, outputs, rows, parameters, mode, teacherLogits, classes } = options;
  const known = teacherTargets(teacherLogits, classes, options.temperature);
  const targets = constant(known.targets, [rows.length, classes]);
  const partners = `${name}.partners`;
  const positions = `${name}.positions`;
  return {
    mixed: {
      logits: student.forwardMixed(parameters, mode, {
        nodes: rows,
        partners: indexInput(partners, rows.length),
        lambda: lambdaInput,
        first: outputs.first,
      }),
      targets,
      partnerTargets: gatherRows(targets, indexInput(positions, rows.length)),
      lambda: lambdaInput,
    },
    feeds(random) {
      const order = options.draw(random);
      return { [partners]: order.map((position) => rows[position]), [positions]: order };
    },
  };
}
