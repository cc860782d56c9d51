// Activations of the attention network, made of the engine's primitives.
import { add, type Expression, exp, multiply, relu, scalar, subtract } from '../autodiff/index.ts';

const zero = scalar(0);
const one = scalar(1);

/** x where x > 0, else slope · x. */
export function leakyRelu(x: Expression, slope: number): Expression {
  return add(multiply(scalar(slope), x), multiply(scalar(1 - slope), relu(x)));
}

/** x where x > 0, else eˣ − 1 (Clevert et al. 2016); the exponent never exceeds 0. */
export function elu(x: Expression): Expression {
  return add(relu(x), subtract(exp(subtract(zero, relu(subtract(zero, x)))), one));
}
