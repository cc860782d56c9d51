// What a person has said of rows that lie nowhere in the graph, in the teacher's place.
import type { PhaseContext } from './phase-context.ts';

/**
 * A label is right nine times in ten: a row of which a model was unsure is one that even a person
 * may confuse.
 */
const LABEL_CONFIDENCE = 0.9;

/**
 * The context of a teacher that does not learn from the corrections. Without neighbours they would
 * teach it to read a row alone: on the embedded plant 200 of them cost the students, which follow
 * it, up to two points (see docs/decisions.md).
 */
export function withoutCorrections<C extends PhaseContext>(context: C): C {
  const { corrections = new Int32Array(), data } = context;
  if (corrections.length === 0) return context;
  const own = new Set(corrections);
  const train = data.split.train.filter((node) => !own.has(node));
  return { ...context, data: { ...data, split: { ...data.split, train } } };
}

/**
 * The teacher's logits with those of each correction replaced by its label.
 *
 * @param logits float32 [N, C].
 */
export function correctTargets(
  logits: Float32Array,
  { corrections = new Int32Array(), graph }: PhaseContext,
): Float32Array {
  if (corrections.length === 0) return logits;
  const classes = graph.classes.length;
  const corrected = logits.slice();
  const odds = Math.log((LABEL_CONFIDENCE * (classes - 1)) / (1 - LABEL_CONFIDENCE));
  for (const node of corrections) {
    corrected.fill(0, node * classes, (node + 1) * classes);
    corrected[node * classes + graph.labels[node]] = odds;
  }
  return corrected;
}
