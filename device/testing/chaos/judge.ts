// Whether every sample that the broker has accepted was accounted for, once.
import { isDeepStrictEqual } from 'node:util';
import type { Prediction } from '@dandan/shared/wire';

export interface Verdict {
  /** Rows that the accepted samples make. */
  readonly rows: number;
  /** Rows without their final answer. */
  readonly lost: number;
  /** Rows whose final answer is not the one that the shared code gives. */
  readonly wrong: number;
  /** Rows that nobody sent samples for. */
  readonly madeUp: number;
  /** Rows with two different final answers: whoever applied the first was misled. */
  readonly contradicted: number;
  /** Rows whose final answer was followed by a provisional one. */
  readonly takenBack: number;
  /** Messages that repeated a final answer; readers apply an id once. */
  readonly repeated: number;
  /** Rows that had a provisional answer of the gateway before the edge's. */
  readonly provisional: number;
}

/** Judges the predictions in their order of arrival. */
export function judge(
  expected: ReadonlyMap<string, Prediction>,
  predictions: readonly Prediction[],
): Verdict {
  const final = new Map<string, Prediction>();
  const contradicted = new Set<string>();
  const takenBack = new Set<string>();
  const provisional = new Set<string>();
  let repeated = 0;
  for (const prediction of predictions) {
    const { id, degraded } = prediction;
    const known = final.get(id);
    if (degraded) {
      provisional.add(id);
      if (known !== undefined) takenBack.add(id);
      continue;
    }
    if (known !== undefined) {
      repeated++;
      if (!isDeepStrictEqual(known, prediction)) contradicted.add(id);
    }
    final.set(id, prediction);
  }
  const ids = [...expected.keys()];
  return {
    rows: ids.length,
    lost: ids.filter((id) => !final.has(id)).length,
    wrong: ids.filter((id) => final.has(id) && !isDeepStrictEqual(final.get(id), expected.get(id)))
      .length,
    madeUp: [...final.keys(), ...provisional].filter((id) => !expected.has(id)).length,
    contradicted: contradicted.size,
    takenBack: takenBack.size,
    repeated,
    provisional: provisional.size,
  };
}
