// How a student's rows are paired for mixup: over which of them, and by which rules.
import type { Random } from '@dandan/shared/random';
import { softmaxRow } from '../../metrics/softmax-row.ts';
import { createPartnerDraw } from './partner-draw.ts';
import type { MixupRows, PartnerRules } from './partner-rules.ts';

/**
 * A class to which the teacher gives so much may be what a node is: the word of a teacher in doubt
 * between two states keeps the node from partners of either's opposite.
 */
export const POSSIBLE_FROM = 0.25;

export interface MixupPairing {
  readonly rows: MixupRows;
  /** @default {any two may be mixed} */
  readonly rules?: PartnerRules | undefined;
}

/** What is known of the classes of nodes. */
export interface KnownClasses {
  readonly labels: Int32Array;
  readonly classes: number;
  /** Labelled nodes whose labels may be read. */
  readonly train: Int32Array;
  /** float32 [N, C]: whose word counts for the others. */
  readonly teacherLogits: Float32Array | undefined;
}

/**
 * Classes that a node may be of: its label where that may be read; else those that the teacher
 * gives a probability of `POSSIBLE_FROM`, and the likeliest in any case. Without a teacher all.
 */
export function statesReader({ labels, classes, train, teacherLogits }: KnownClasses) {
  const labelled = new Set(train);
  const all = Array.from({ length: classes }, (_, c) => c);
  return (node: number): readonly number[] => {
    if (labelled.has(node)) return [labels[node]];
    if (!teacherLogits) return all;
    const row = teacherLogits.subarray(node * classes, (node + 1) * classes);
    const p = softmaxRow(row, 1);
    const likeliest = p.indexOf(p.reduce((a, b) => Math.max(a, b)));
    return all.filter((c) => c === likeliest || p[c] >= POSSIBLE_FROM);
  };
}

/** Positions of partners in `nodes`, drawn anew by every call. */
export function createPairDraw(
  nodes: Int32Array,
  rules: PartnerRules | undefined,
  statesOf: (node: number) => readonly number[],
): (random: Random) => Int32Array {
  if (rules) return createPartnerDraw({ ...rules, nodes, statesOf }).draw;
  const order = Int32Array.from(nodes.keys());
  return (random) => random.shuffle(order);
}
