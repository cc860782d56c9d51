// The students trained so far over other rows than their own outputs are known for: what they
// hand on is computed within the step.
import { add, constant, type Expression, matmul } from '../../autodiff/index.ts';
import { evaluationMode } from '../../network/dropout.ts';
import type { FeatureProduct } from '../../network/feature-product.ts';
import type { Weights } from '../../network/weights.ts';
import { createStudent, type HiddenInput, type StudentOptions } from '../../student/student.ts';

export interface FrozenStagesOptions {
  /** Their weights, from the first. */
  readonly stages: readonly Weights[];
  /** Of every stage, as they were trained. */
  readonly networks: readonly Omit<StudentOptions, 'features' | 'previous'>[];
  readonly features: FeatureProduct;
}

/** Columns of `width` side by side: [a ‖ b] as products, as there is no other way to join them. */
function beside(a: Expression, b: Expression): Expression {
  const width = a.shape[1] + b.shape[1];
  const placed = (part: Expression, from: number) => {
    const [, columns] = part.shape;
    const unit = new Float32Array(columns * width);
    for (let j = 0; j < columns; j++) unit[j * width + from + j] = 1;
    return matmul(part, constant(unit, [columns, width]));
  };
  return add(placed(a, 0), placed(b, a.shape[1]));
}

/** What the last of them hands on (see `hiddenAfter`), as an expression; `undefined` for none. */
export function frozenStages(options: FrozenStagesOptions): HiddenInput | undefined {
  const { stages, networks, features } = options;
  let previous: HiddenInput | undefined;
  stages.forEach((weights, k) => {
    const student = createStudent({ ...networks[k], features, previous });
    const parameters = Object.fromEntries(
      Object.entries(student.shapes).map(([name, shape]) => [name, constant(weights[name], shape)]),
    );
    const { units, logits } = student.forward(parameters, evaluationMode);
    const { structure } = networks[k];
    const own = structure === 'additive' ? logits : units;
    const input = structure === 'incremental' && previous ? beside(previous.input, own) : own;
    previous = { width: input.shape[1], input };
  });
  return previous;
}
