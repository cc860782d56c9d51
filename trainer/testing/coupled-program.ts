// The smallest program that tells whether an engine keeps state right.
import { add, input, multiply, scalar, subtract, total } from '../autodiff/build.ts';
import type { Program } from '../autodiff/program.ts';

/** x ← x / 2 + fed; y ← y + x: y needs the x of before the step. */
export function coupledProgram(): Program {
  const x = input('x', [1, 2]);
  const y = input('y', [1, 2]);
  const kept = input('kept', [1, 2]);
  const fed = input('fed', [1, 2]);
  return {
    state: [x, y, kept],
    entries: {
      step: {
        outputs: { total: total(multiply(x, kept)), fed },
        updates: { x: add(multiply(scalar(0.5), x), fed), y: add(y, x) },
      },
      look: { outputs: { difference: subtract(y, x), kept } },
    },
  };
}
