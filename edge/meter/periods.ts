// Hours and days by which figures are summed, in UTC.

export const HOUR_MS = 60 * 60 * 1000;
export const DAY_MS = 24 * HOUR_MS;

/** Start of the period of `lengthMs` that holds `time`. */
export const periodStart = (time: number, lengthMs: number): number =>
  Math.floor(time / lengthMs) * lengthMs;
