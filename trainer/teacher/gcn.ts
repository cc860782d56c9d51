// Graph convolutional network (Kipf & Welling 2017): H⁽ˡ⁺¹⁾ = ReLU(Â drop(H⁽ˡ⁾) W⁽ˡ⁾ + b⁽ˡ⁾).
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
import type { Adjacency } from '../graph/graph-data.ts';
import { normaliseAdjacency } from '../graph/normalise.ts';
import type { DropoutMode } from '../network/dropout.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import type { WeightShapes } from '../network/weights.ts';

export interface GcnOptions {
  readonly features: FeatureProduct;
  readonly adjacency: Adjacency;
  readonly classes: number;
  readonly hidden: number;
  /** Number of graph convolutions. */
  readonly depth: number;
  readonly dropout: number;
}

/** A network over all nodes of a graph: shapes of its weights and its forward pass. */
export interface GraphNetwork {
  readonly shapes: WeightShapes;
  /** Logits [N, C]. */
  forward(parameters: Readonly<Record<string, Input>>, mode: DropoutMode): Expression;
}

export function createGcn(options: GcnOptions): GraphNetwork {
  const { features, adjacency, classes, hidden, depth, dropout } = options;
  const { pattern, scaling } = normaliseAdjacency(adjacency);
  const scale = constant(scaling, [adjacency.nodeCount, 1]);
  const propagate = (h: Expression) => multiply(scale, sparseMatmul(pattern, multiply(scale, h)));
  const widths = [features.width, ...Array<number>(depth - 1).fill(hidden), classes];
  const shapes: Record<string, readonly [number, number]> = {};
  for (let l = 0; l < depth; l++) {
    shapes[`w${l}`] = [widths[l], widths[l + 1]];
    shapes[`b${l}`] = [1, widths[l + 1]];
  }
  return {
    shapes,
    forward(parameters, mode) {
      let h = features.multiply(parameters.w0, mode, dropout);
      for (let l = 0; ; l++) {
        if (l > 0) h = matmul(mode.apply(h, `dropout.${l}`, dropout), parameters[`w${l}`]);
        h = add(propagate(h), parameters[`b${l}`]);
        if (l === depth - 1) return h;
        h = relu(h);
      }
    },
  };
}
