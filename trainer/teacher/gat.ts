// Graph attention network (Veličković et al. 2018): hidden layers concatenate their heads
// under an ELU, the output layer averages its own.
import { add, type Expression, matmul } from '../autodiff/index.ts';
import { selfLoopPattern } from '../graph/self-loops.ts';
import { elu } from './activations.ts';
import { attend } from './attention.ts';
import { type GraphNetwork, type GraphNetworkOptions, layerWidths } from './graph-network.ts';
import { averageHeads } from './heads.ts';

export interface GatOptions extends GraphNetworkOptions {
  /** Heads of a hidden layer; they share `hidden`, so they must divide it. */
  readonly heads: number;
  readonly outputHeads: number;
  /** Share of the attention coefficients that training drops. */
  readonly attentionDropout: number;
}

/** @throws {RangeError} when `heads` does not divide `hidden`. */
export function createGat(options: GatOptions): GraphNetwork {
  const { features, depth, dropout, hidden, heads, outputHeads, attentionDropout } = options;
  if (hidden % heads !== 0) {
    throw new RangeError(
      `Cannot share ${hidden} hidden units among ${heads} heads: 'heads' must divide 'hidden'`,
    );
  }
  const pattern = selfLoopPattern(options.adjacency);
  const widths = layerWidths(options);
  const layers = Array.from({ length: depth }, (_, l) => {
    const last = l === depth - 1;
    return last
      ? { last, heads: outputHeads, units: widths[depth] }
      : { last, heads, units: hidden / heads };
  });
  const shapes: Record<string, readonly [number, number]> = {};
  layers.forEach(({ last, heads, units }, l) => {
    shapes[`w${l}`] = [widths[l], heads * units];
    shapes[`target${l}`] = [units, heads];
    shapes[`source${l}`] = [units, heads];
    shapes[`b${l}`] = [1, last ? units : heads * units];
  });
  return {
    shapes,
    decays: () => true,
    forward(parameters, mode) {
      let h: Expression | undefined;
      for (const [l, { last, heads, units }] of layers.entries()) {
        const weight = parameters[`w${l}`];
        const projected = h
          ? matmul(mode.apply(h, `dropout.${l}`, dropout), weight)
          : features.multiply(weight, mode, dropout);
        const attended = attend({
          pattern,
          projected,
          heads,
          units,
          target: parameters[`target${l}`],
          source: parameters[`source${l}`],
          dropCoefficients: (coefficients) =>
            mode.apply(coefficients, `dropout.attention.${l}`, attentionDropout),
        });
        const combined =
          last && heads > 1 ? matmul(attended, averageHeads({ heads, units })) : attended;
        h = add(combined, parameters[`b${l}`]);
        if (!last) h = elu(h);
      }
      return h as Expression; // A depth of at least 1 has set it.
    },
  };
}
