// GraphSAGE with the mean aggregator (Hamilton et al. 2017, Algorithm 1 over whole
// neighbourhoods): H⁽ˡ⁺¹⁾ = ReLU(drop(H⁽ˡ⁾) Wₛ + mean over neighbours of drop(H⁽ˡ⁾) Wₙ + b).
import {
  add,
  constant,
  type Expression,
  matmul,
  multiply,
  relu,
  sparseMatmul,
} from '../autodiff/index.ts';
import { averageNeighbours } from '../graph/normalise.ts';
import { dropOnce } from './drop-once.ts';
import { type GraphNetwork, type GraphNetworkOptions, layerWidths } from './graph-network.ts';

/** [W_self; W_neighbours] of the paper's concatenation are two weights here: `self` and `mean`. */
export function createSage(options: GraphNetworkOptions): GraphNetwork {
  const { features, adjacency, depth, dropout } = options;
  const { pattern, scaling } = averageNeighbours(adjacency);
  const scale = constant(scaling, [adjacency.nodeCount, 1]);
  const average = (h: Expression) => multiply(scale, sparseMatmul(pattern, h));
  const widths = layerWidths(options);
  const shapes: Record<string, readonly [number, number]> = {};
  for (let l = 0; l < depth; l++) {
    shapes[`self${l}`] = [widths[l], widths[l + 1]];
    shapes[`mean${l}`] = [widths[l], widths[l + 1]];
    shapes[`b${l}`] = [1, widths[l + 1]];
  }
  return {
    shapes,
    decays: (name) => name === 'self0' || name === 'mean0',
    forward(parameters, mode) {
      const once = dropOnce(mode);
      let h: Expression | undefined;
      for (let l = 0; ; l++) {
        const dropped = h && once.apply(h, `dropout.${l}`, dropout);
        const times = (weight: Expression) =>
          dropped ? matmul(dropped, weight) : features.multiply(weight, once, dropout);
        // Averaging after the product: the layer's output is narrower than its input, or as wide.
        const neighbours = average(times(parameters[`mean${l}`]));
        h = add(add(times(parameters[`self${l}`]), neighbours), parameters[`b${l}`]);
        if (l === depth - 1) return h;
        h = relu(h);
      }
    },
  };
}
