// Gives all hidden units the same range before they share one activation scale:
// ReLU(c·z) = c·ReLU(z), so a unit can be divided by c and its readers multiplied by it
// without changing the network (Nagel et al. 2019, cross-layer equalisation).
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { concatenate } from '../network/concatenate.ts';
import type { Structure } from '../student/student.ts';

/** Activations below this are no signal, and dividing by them would leave float32. */
const SMALLEST_ACTIVATION = 2 ** -20;

/** 1 for a dead unit. */
const usable = (ranges: Float32Array) =>
  ranges.map((range) => (range > SMALLEST_ACTIVATION ? range : 1));

/** Largest activation of each unit over `nodes`; 1 for a unit that is dead on them. */
function unitRanges(units: Float32Array, width: number, nodes: Int32Array): Float32Array {
  const ranges = new Float32Array(width);
  for (const node of nodes) {
    for (let u = 0; u < width; u++) ranges[u] = Math.max(ranges[u], units[node * width + u]);
  }
  return usable(ranges);
}

/** Row-major [rows, columns] with row r multiplied by factors[r]. */
function scaleRows(matrix: Float32Array, factors: Float32Array): Float32Array {
  const columns = matrix.length / factors.length;
  return matrix.map((value, i) => value * factors[Math.floor(i / columns)]);
}

/** Row-major [rows, columns] with column c divided by divisors[c]. */
function divideColumns(matrix: Float32Array, divisors: Float32Array): Float32Array {
  return matrix.map((value, i) => value / divisors[i % divisors.length]);
}

/**
 * The same cascade with every hidden unit's largest activation over `nodes` at 1.
 * Logits stay as they are.
 */
export function equaliseStages(
  stages: readonly DistilledStage[],
  structure: Structure,
  nodes: Int32Array,
): DistilledStage[] {
  let inherited: Float32Array = new Float32Array(0);
  return stages.map((stage) => {
    const { weights, units, innerRanges } = stage;
    const last = innerRanges.length;
    const own = unitRanges(units, weights[`hidden${last}.b`].length, nodes);
    const ranges = [...innerRanges.map(usable), own];
    const equalised: Record<string, Float32Array> = {
      ...weights,
      'hidden0.x': divideColumns(weights['hidden0.x'], ranges[0]),
      'head.u': scaleRows(weights['head.u'], own),
    };
    ranges.forEach((range, l) => {
      equalised[`hidden${l}.b`] = divideColumns(weights[`hidden${l}.b`], range);
      if (l === 0) return;
      const read = scaleRows(weights[`hidden${l}.w`], ranges[l - 1]);
      equalised[`hidden${l}.w`] = divideColumns(read, range);
    });
    if (weights['hidden0.h']) {
      const read = scaleRows(weights['hidden0.h'], inherited);
      equalised['hidden0.h'] = divideColumns(read, ranges[0]);
    }
    if (weights['head.h']) equalised['head.h'] = scaleRows(weights['head.h'], inherited);
    inherited = structure === 'incremental' ? concatenate(inherited, own) : own;
    return {
      ...stage,
      weights: equalised,
      units: divideColumns(units, own),
      innerRanges: innerRanges.map((range, l) => divideColumns(range, ranges[l])),
    };
  });
}
