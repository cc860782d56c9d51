// Adam (Kingma & Ba 2015, Algorithm 1) as expressions, so that a whole training
// step is one graph: gradients, moments and new weights.
import { add, divide, input, multiply, scalar, sqrt, subtract } from './build.ts';
import type { Expression, Input } from './expression.ts';
import { gradients } from './gradients.ts';

export interface AdamOptions {
  readonly loss: Expression;
  readonly parameters: readonly Input[];
  readonly learningRate: number;
  /** L2 penalty added to the gradient, per parameter. @default {0} */
  readonly weightDecay?: (parameter: Input) => number;
}

/** The paper's defaults, which the field's GNN codes keep. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

export const firstMoment = (name: string) => `${name}.m`;
export const secondMoment = (name: string) => `${name}.v`;

/** Scalar inputs 1 − β₁ᵗ and 1 − β₂ᵗ. */
const CORRECTION_1 = 'adam.correction1';
const CORRECTION_2 = 'adam.correction2';

/** Feeds that correct the moments' bias at step t, counted from 1. */
export function adamCorrections(t: number): Record<string, Float32Array> {
  return {
    [CORRECTION_1]: Float32Array.of(1 - BETA_1 ** t),
    [CORRECTION_2]: Float32Array.of(1 - BETA_2 ** t),
  };
}

/** Outputs `p`, `p.m`, `p.v` of one step for every parameter p. */
export function adamStep(options: AdamOptions): Record<string, Expression> {
  const { loss, parameters, learningRate, weightDecay = () => 0 } = options;
  const correction1 = input(CORRECTION_1, [1, 1]);
  const correction2 = input(CORRECTION_2, [1, 1]);
  const outputs: Record<string, Expression> = {};
  const raw = gradients(loss, parameters);
  parameters.forEach((parameter, index) => {
    const { name, shape } = parameter;
    const decay = weightDecay(parameter);
    const gradient = decay === 0 ? raw[index] : add(raw[index], multiply(scalar(decay), parameter));
    const moment = (previous: Expression, beta: number, value: Expression) =>
      add(multiply(scalar(beta), previous), multiply(scalar(1 - beta), value));
    const m = moment(input(firstMoment(name), shape), BETA_1, gradient);
    const v = moment(input(secondMoment(name), shape), BETA_2, multiply(gradient, gradient));
    const denominator = add(sqrt(divide(v, correction2)), scalar(EPSILON));
    const update = divide(divide(m, correction1), denominator);
    outputs[name] = subtract(parameter, multiply(scalar(learningRate), update));
    outputs[firstMoment(name)] = m;
    outputs[secondMoment(name)] = v;
  });
  return outputs;
}
