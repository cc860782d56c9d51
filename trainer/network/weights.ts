// Named weight matrices and how they start.
import type { Random } from '@dandan/shared/random';
import { type Input, input, type Shape } from '../autodiff/index.ts';

/** float32 matrices by parameter name, row-major. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** Shapes by parameter name. */
export type WeightShapes = Readonly<Record<string, Shape>>;

/** One differentiable input per parameter. */
export function parameterInputs(shapes: WeightShapes): Record<string, Input> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]),
  );
}

/** By name (`b0`, `head.b`), not by shape: the weights of a single input are a row vector too. */
export const isBias = (name: string) => /(^|\.)b\d*$/.test(name);

/** Uniform in ±√(6 / (fan in + fan out)) (Glorot & Bengio 2010, Eq. 16); biases start at 0. */
export function glorotWeights(shapes: WeightShapes, random: Random): Weights {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, [rows, columns]]) => {
      const limit = isBias(name) ? 0 : Math.sqrt(6 / (rows + columns));
      const stream = random.fork(name);
      const draw = () => (2 * stream.next() - 1) * limit;
      return [name, Float32Array.from({ length: rows * columns }, draw)];
    }),
  );
}
