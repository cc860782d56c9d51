// Which pairs of rows do not count as neighbours, however near: the window before a window is
// like it because it shares its readings, and says nothing of its own.

export interface Guard {
  /** int32 [rows]: only rows of one group keep a distance. */
  readonly group: Int32Array;
  /** float64 [rows], e.g. a time. */
  readonly position: Float64Array;
  /** Positions this far apart or nearer do not count. */
  readonly reach: number;
}

export type Excluded = (a: number, b: number) => boolean;

export function excludedBy(guard: Guard | undefined): Excluded {
  if (guard === undefined) return () => false;
  const { group, position, reach } = guard;
  return (a, b) => group[a] === group[b] && Math.abs(position[a] - position[b]) <= reach;
}
