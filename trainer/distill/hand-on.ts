// What a student hands on to the next: what it makes of the rows, and its weights to start from.
import type { Random } from '@dandan/shared/random';
import { concatenate } from '../network/concatenate.ts';
import { glorotWeights, type WeightShapes, type Weights } from '../network/weights.ts';
import type { HiddenMatrix, Structure } from '../student/student.ts';
import type { TrainedStudent } from './train-student.ts';

/** What student k hands on: h_k = [h_{k−1} ‖ u_k], H_k alone, or P_k. */
export function hiddenAfter(
  structure: Structure,
  count: number,
  previous: HiddenMatrix | undefined,
  { units, logits }: Pick<TrainedStudent, 'units' | 'logits'>,
): HiddenMatrix {
  if (structure === 'additive') return { width: logits.length / count, values: logits };
  const own = units.length / count;
  if (structure === 'paper' || !previous) return { width: own, values: units };
  const width = previous.width + own;
  const values = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    values.set(previous.values.subarray(i * previous.width, (i + 1) * previous.width), i * width);
    values.set(units.subarray(i * own, (i + 1) * own), i * width + previous.width);
  }
  return { width, values };
}

/**
 * The weights student k+1 starts from. `paper`: θ_k wherever the shapes agree (the first
 * student reads H_0 = 0, so it has no `hidden0.h` to pass on). `incremental`: the whole head
 * of student k over its units and none over the new ones, so that student k+1 starts as the
 * very function it is to improve. `additive`: no head at all, to the same end.
 */
export function startingWeights(
  structure: Structure,
  shapes: WeightShapes,
  previous: Weights | undefined,
  random: Random,
): Weights {
  const fresh = glorotWeights(shapes, random);
  if (!previous) return fresh;
  if (structure === 'additive') {
    return {
      ...fresh,
      'head.u': new Float32Array(fresh['head.u'].length),
      'head.b': new Float32Array(fresh['head.b'].length),
    };
  }
  if (structure === 'incremental') {
    return {
      ...fresh,
      'head.h': concatenate(previous['head.h'] ?? new Float32Array(0), previous['head.u']),
      'head.u': new Float32Array(fresh['head.u'].length),
      'head.b': previous['head.b'],
    };
  }
  return Object.fromEntries(
    Object.entries(fresh).map(([name, values]) => {
      const inherited = previous[name];
      return [name, inherited?.length === values.length ? inherited : values];
    }),
  );
}
