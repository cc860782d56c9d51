// What the teacher and the single MLPs of a run answer on its test nodes: the cascade's own answers
// follow from the bundle, these would be gone.
import { argmaxRow } from '../../metrics/accuracy.ts';
import { softmaxRow } from '../../metrics/softmax-row.ts';

/** Models that a cascade is compared with. */
export const COMPARED = ['teacher', 'mlp', 'glnn'] as const;

export type Compared = (typeof COMPARED)[number];

/** One entry per test node, in the order of the split. */
export interface MethodAnswers {
  readonly classes: Int32Array;
  /** Probability that the model itself gives its answer, 0..1. */
  readonly confidence: Float32Array;
}

export type TestAnswers = Readonly<Record<Compared, MethodAnswers>> & {
  readonly nodes: Int32Array;
};

/** As one flat array for a checkpoint: the classes, then the confidences. */
export function packAnswers(
  logits: Float32Array,
  classes: number,
  nodes: Int32Array,
): Float32Array {
  const packed = new Float32Array(2 * nodes.length);
  nodes.forEach((node, i) => {
    const best = argmaxRow(logits, classes, node);
    packed[i] = best;
    const row = logits.subarray(node * classes, (node + 1) * classes);
    packed[nodes.length + i] = softmaxRow(row, 1)[best];
  });
  return packed;
}

export function unpackAnswers(packed: Float32Array): MethodAnswers {
  const count = packed.length / 2;
  return { classes: Int32Array.from(packed.subarray(0, count)), confidence: packed.slice(count) };
}
