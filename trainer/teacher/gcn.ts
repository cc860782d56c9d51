// Graph convolutional network (Kipf & Welling 2017): H⁽ˡ⁺¹⁾ = ReLU(Â drop(H⁽ˡ⁾) W⁽ˡ⁾ + b⁽ˡ⁾).
import {
  add,
  constant,
  type Expression,
  matmul,
  multiply,
  relu,
  sparseMatmul,
} from '../autodiff/index.ts';
import { normaliseAdjacency } from '../graph/normalise.ts';
import { type GraphNetwork, type GraphNetworkOptions, layerWidths } from './graph-network.ts';

export function createGcn(options: GraphNetworkOptions): GraphNetwork {
  const { features, adjacency, depth, dropout } = options;
  const { pattern, scaling } = normaliseAdjacency(adjacency);
  const scale = constant(scaling, [adjacency.nodeCount, 1]);
  const propagate = (h: Expression) => multiply(scale, sparseMatmul(pattern, multiply(scale, h)));
  const widths = layerWidths(options);
  const shapes: Record<string, readonly [number, number]> = {};
  for (let l = 0; l < depth; l++) {
    shapes[`w${l}`] = [widths[l], widths[l + 1]];
    shapes[`b${l}`] = [1, widths[l + 1]];
  }
  return {
    shapes,
    decays: (name) => name === 'w0',
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
