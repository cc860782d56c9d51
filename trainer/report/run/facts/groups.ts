// Accuracy and cost of parts of the test nodes: assets, kinds of them, stretches of time, nodes with
// few or many neighbours.

/** One entry per test node each. */
export interface GroupedAnswers {
  readonly truth: Int32Array;
  readonly classes: Int32Array;
  /** Of the full cascade, without exits. */
  readonly fullClasses: Int32Array;
  readonly macs: Float64Array;
  readonly fullMacs: Float64Array;
}

export interface Group<Key> {
  readonly key: Key;
  /** Positions among the test nodes. */
  readonly members: readonly number[];
  readonly right: number;
  /** right / members, 0..1. */
  readonly accuracy: number;
  /** Share of members whose class an early exit changed, 0..1. */
  readonly disagreement: number;
  /** Multiply-accumulates as a share of all stages', 0..1. */
  readonly macsShare: number;
}

/** A share of fewer nodes says nothing of its own: its 95 % interval is wider than 40 points. */
export const MIN_GROUP = 20;

/**
 * Groups in the order in which they first appear.
 *
 * @param keyOf of the test node at a position; `undefined` leaves it out.
 */
export function groupBy<Key>(
  answers: GroupedAnswers,
  keyOf: (position: number) => Key | undefined,
): Group<Key>[] {
  const { truth, classes, fullClasses, macs, fullMacs } = answers;
  const members = new Map<Key, number[]>();
  truth.forEach((_, position) => {
    const key = keyOf(position);
    if (key === undefined) return;
    const list = members.get(key);
    if (list) list.push(position);
    else members.set(key, [position]);
  });
  return [...members].map(([key, list]) => {
    const sum = (of: (position: number) => number) =>
      list.reduce((total, position) => total + of(position), 0);
    const right = sum((i) => Number(classes[i] === truth[i]));
    const all = sum((i) => fullMacs[i]);
    return {
      key,
      members: list,
      right,
      accuracy: right / list.length,
      disagreement: sum((i) => Number(classes[i] !== fullClasses[i])) / list.length,
      macsShare: all === 0 ? 1 : sum((i) => macs[i]) / all,
    };
  });
}
