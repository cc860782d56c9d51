// How far a share may be from what was counted.

/** Of the normal distribution, for 95 % in the middle. */
const Z = 1.959963984540054;

/** Wilson's 95 % interval of a share (Wilson 1927), 0..1; all of it without nodes. */
export function shareInterval(part: number, all: number): readonly [number, number] {
  if (all === 0) return [0, 1];
  const p = part / all;
  const z2 = Z * Z;
  const middle = (p + z2 / (2 * all)) / (1 + z2 / all);
  const half = (Z / (1 + z2 / all)) * Math.sqrt((p * (1 - p)) / all + z2 / (4 * all * all));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
