// Lengths of time that people choose, and how they say them.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds, ascending: a window of 7 min 13 s would be asked about for ever. */
const ROUND: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * SECOND),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * HOUR),
  ...[1, 2, 3, 7, 14, 28].map((count) => count * DAY),
];

/** The longest round length that is not above `ms`; 1 ms below that. */
export const roundDown = (ms: number): number => ROUND.findLast((each) => each <= ms) ?? ROUND[0];

/** The shortest round length that is not below `ms`; 28 days above that. */
export const roundUp = (ms: number): number =>
  ROUND.find((each) => each >= ms) ?? ROUND[ROUND.length - 1];

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;

/** E.g. `5 min`, `1.5 h`, `250 ms`. */
export function durationText(ms: number): string {
  // 90 s and 36 h say more than 1.5 min and 1.5 d.
  const [size, unit] = UNITS.find(([length]) => ms >= 2 * length || ms === length) ?? [1, 'ms'];
  return `${Number((ms / size).toPrecision(3))} ${unit}`;
}
