// Mean, spread and paired differences over seeds, as tables state them.

export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for one value. */
  readonly std: number;
}

/** `undefined` for no values: a missing cell stays missing. */
export function summarise(values: readonly number[]): Summary | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, std: n === 1 ? 0 : Math.sqrt(squares / (n - 1)) };
}

/** Two-sided 95 % quantiles of Student's t for 1..30 degrees of freedom. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
];
const T_95_NORMAL = 1.96;

export interface PairedDifference extends Summary {
  /** Half width of the 95 % confidence interval of the mean; `undefined` for one pair. */
  readonly halfWidth: number | undefined;
  /** Seeds on which the first is higher. */
  readonly wins: number;
}

/**
 * a − b over the seeds that both have: seeds share split and teacher, so pairs differ less
 * than the values themselves do.
 */
export function pairedDifference(
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
): PairedDifference | undefined {
  const differences = [...a].flatMap(([seed, value]) => {
    const other = b.get(seed);
    return other === undefined ? [] : [value - other];
  });
  const summary = summarise(differences);
  if (summary === undefined) return undefined;
  const { n, std } = summary;
  const t = T_95[n - 2] ?? T_95_NORMAL;
  return {
    ...summary,
    halfWidth: n === 1 ? undefined : (t * std) / Math.sqrt(n),
    wins: differences.filter((difference) => difference > 0).length,
  };
}

/** A point of a curve, e.g. MACs and accuracy. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Mean height of the latest y at each x between `from` and `to`, x on a logarithmic scale: the
 * area under a staircase of accuracy against cost, divided by its width. Before its first point
 * a curve has no answer and counts `floor`. The latest, not the best: to keep the best would be
 * to choose by test accuracy.
 */
export function areaUnderStaircase(
  points: readonly Point[],
  { from, to, floor }: { from: number; to: number; floor: number },
): number {
  const inside = [...points].sort((a, b) => a.x - b.x).filter(({ x }) => x < to);
  let area = 0;
  let height = floor;
  let x = Math.log(from);
  for (const point of inside) {
    const next = Math.max(Math.log(point.x), Math.log(from));
    area += height * (next - x);
    x = next;
    height = point.y;
  }
  area += height * (Math.log(to) - x);
  return area / (Math.log(to) - Math.log(from));
}
