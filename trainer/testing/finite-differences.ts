// Numeric gradients, to check exact ones against.
import type { Expression, Input } from '../autodiff/expression.ts';
import { evaluate, type ReferenceFeeds } from '../autodiff/reference.ts';

/** Central differences of a scalar in float64 by every entry of `target`. */
export function finiteDifferences(
  loss: Expression,
  target: Input,
  feeds: ReferenceFeeds,
): Float64Array {
  const h = 1e-6;
  const base = feeds[target.name] as Float64Array;
  return base.map((value, index) => {
    const at = (x: number) => {
      const moved = base.slice();
      moved[index] = x;
      return evaluate(loss, { ...feeds, [target.name]: moved })[0];
    };
    return (at(value + h) - at(value - h)) / (2 * h);
  });
}
