// A GCN without hidden messages (SIGN, Frasca et al. 2020, Eq. 5, with inner sums): the powers of
// Â act on the features alone, so they can be computed before training and rows be drawn freely.
import {
  add,
  constant,
  type Expression,
  type Input,
  matmul,
  multiply,
  relu,
  sparseMatmul,
} from '../autodiff/index.ts';
import { normaliseAdjacency } from '../graph/normalise.ts';
import { type DropoutMode, evaluationMode } from '../network/dropout.ts';
import type { WeightShapes } from '../network/weights.ts';
import type { GraphNetwork, GraphNetworkOptions } from './graph-network.ts';

export interface SignNetwork {
  readonly shapes: WeightShapes;
  decays(name: string): boolean;
  /** Logits from Σ_r Â^r X W_r [rows, hidden]. */
  head(
    parameters: Readonly<Record<string, Input>>,
    mode: DropoutMode,
    hopSum: Expression,
  ): Expression;
}

/** The part that reads one row at a time: ReLU(Σ_r Â^r X W_r + b) W + b. */
export function signRows({
  inputWidth,
  hidden,
  classes,
  depth,
  dropout,
}: {
  readonly inputWidth: number;
  readonly hidden: number;
  readonly classes: number;
  /** Number of hops. */
  readonly depth: number;
  readonly dropout: number;
}): SignNetwork {
  const shapes: Record<string, readonly [number, number]> = {
    b0: [1, hidden],
    head: [hidden, classes],
    b1: [1, classes],
  };
  for (let hop = 0; hop <= depth; hop++) shapes[`hop${hop}`] = [inputWidth, hidden];
  return {
    shapes,
    decays: (name) => name.startsWith('hop'),
    head(parameters, mode, hopSum) {
      const units = relu(add(hopSum, parameters.b0));
      const dropped = mode.apply(units, 'dropout.1', dropout);
      return add(matmul(dropped, parameters.head), parameters.b1);
    },
  };
}

export function createSign(options: GraphNetworkOptions): GraphNetwork {
  const { features, adjacency, depth } = options;
  const { pattern, scaling } = normaliseAdjacency(adjacency);
  const scale = constant(scaling, [adjacency.nodeCount, 1]);
  const propagate = (h: Expression) => multiply(scale, sparseMatmul(pattern, multiply(scale, h)));
  const rows = signRows({ ...options, inputWidth: features.width });
  return {
    shapes: rows.shapes,
    decays: rows.decays,
    forward(parameters, mode) {
      const times = (hop: number) => features.multiply(parameters[`hop${hop}`], evaluationMode, 0);
      // Horner's scheme: X W₀ + Â (X W₁ + Â X W₂), each product as narrow as the hidden layer.
      let sum = times(depth);
      for (let hop = depth - 1; hop >= 0; hop--) sum = add(times(hop), propagate(sum));
      return rows.head(parameters, mode, sum);
    },
  };
}
