// What is usual for a quantity, learnt in two numbers, as TCP learns a round trip (RFC 6298).

/** Fewer values say little about what is usual. */
export const LEARNT_AFTER = 20;

/** One outage must not become usual: a value counts for so many times the largest usual one at most. */
const CLIP = 4;

export interface Usual {
  count: number;
  mean: number;
  /** Mean distance from the mean. */
  deviation: number;
}

export const createUsual = (): Usual => ({ count: 0, mean: 0, deviation: 0 });

/** The largest value that is still usual; `undefined` before enough was seen. */
export function largestUsual({ count, mean, deviation }: Usual): number | undefined {
  return count < LEARNT_AFTER ? undefined : mean + 4 * deviation;
}

export function learn(usual: Usual, seen: number): void {
  if (usual.count++ === 0) {
    usual.mean = seen;
    usual.deviation = seen / 2;
    return;
  }
  const largest = largestUsual(usual);
  const value = largest === undefined ? seen : Math.min(seen, CLIP * largest);
  usual.deviation += (Math.abs(value - usual.mean) - usual.deviation) / 4;
  usual.mean += (value - usual.mean) / 8;
}
