// Numbers of an axis.

/** Short to say, and so is the half of each. */
const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8];

/** The next round number times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((step) => step * power >= value) ?? 10) * power;
}

/** Steps between named bars: parts of a day where bars are hours, and useful for all else. */
const STEPS = [1, 2, 3, 6, 12, 24, 48];

/** The least step that leaves at most `most` names for `bars` bars. */
export const tickStep = (bars: number, most: number): number =>
  STEPS.find((step) => bars / step <= most) ?? Math.ceil(bars / most);
