// Numbers of an axis.

/** The next 1, 2 or 5 times a power of ten. */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

/** Steps between named bars: parts of a day where bars are hours, and useful for all else. */
const STEPS = [1, 2, 3, 6, 12, 24, 48];

/** The least step that leaves at most `most` names for `bars` bars. */
export const tickStep = (bars: number, most: number): number =>
  STEPS.find((step) => bars / step <= most) ?? Math.ceil(bars / most);
