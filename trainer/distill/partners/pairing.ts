// How a student's rows are paired for mixup: over which of them, and by which rules.
import type { Random } from '@dandan/shared/random';
import { argmaxRow } from '../../metrics/accuracy.ts';
import { createPartnerDraw } from './partner-draw.ts';
import type { MixupRows, PartnerRules } from './partner-rules.ts';

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

/** Class of a node: its label where that may be read, else what the teacher takes it for. */
export function classReader({ labels, classes, train, teacherLogits }: KnownClasses) {
  const labelled = new Set(train);
  return (node: number): number => {
    if (labelled.has(node)) return labels[node];
    return teacherLogits ? argmaxRow(teacherLogits, classes, node) : -1;
  };
}

/** Positions of partners in `nodes`, drawn anew by every call. */
export function createPairDraw(
  nodes: Int32Array,
  rules: PartnerRules | undefined,
  classOf: (node: number) => number,
): (random: Random) => Int32Array {
  if (rules) return createPartnerDraw({ ...rules, nodes, classOf }).draw;
  const order = Int32Array.from(nodes.keys());
  return (random) => random.shuffle(order);
}
