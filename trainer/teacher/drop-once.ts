// Dropout for an input that two products read: both see the same entries dropped.
import type { Expression } from '../autodiff/index.ts';
import type { DropoutMode } from '../network/dropout.ts';

/** The same mode, returning the expression of the first `apply` for every later one of a name. */
export function dropOnce(mode: DropoutMode): DropoutMode {
  const dropped = new Map<string, Expression>();
  return {
    ...mode,
    apply(a, name, rate) {
      const known = dropped.get(name);
      if (known) return known;
      const result = mode.apply(a, name, rate);
      dropped.set(name, result);
      return result;
    },
  };
}
