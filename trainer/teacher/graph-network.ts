// What every teacher is: a network over all nodes of a graph, as weight shapes and a
// forward pass.
import type { Expression, Input } from '../autodiff/index.ts';
import type { Adjacency } from '../graph/graph-data.ts';
import type { DropoutMode } from '../network/dropout.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import type { WeightShapes } from '../network/weights.ts';

export interface GraphNetworkOptions {
  readonly features: FeatureProduct;
  readonly adjacency: Adjacency;
  readonly classes: number;
  /** Width of the hidden layers. */
  readonly hidden: number;
  /** Number of graph layers, at least 1. */
  readonly depth: number;
  /** Share of every layer's input that training drops. */
  readonly dropout: number;
}

export interface GraphNetwork {
  readonly shapes: WeightShapes;
  /** Whether the paper's L2 penalty applies to a weight. */
  decays(name: string): boolean;
  /** Logits [N, C]. */
  forward(parameters: Readonly<Record<string, Input>>, mode: DropoutMode): Expression;
}

/** Input width of every layer and, last, the number of classes. */
export function layerWidths({ features, hidden, depth, classes }: GraphNetworkOptions): number[] {
  return [features.width, ...Array<number>(depth - 1).fill(hidden), classes];
}
