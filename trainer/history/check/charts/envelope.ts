// A long series in few points: the least and the most of every slice of time.

export interface Slice {
  /** Time of the middle, milliseconds since the epoch. */
  readonly time: number;
  readonly least: number;
  readonly most: number;
}

export interface EnvelopeOptions {
  /** Ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly slices: number;
  /** Readings farther apart are not joined. */
  readonly gapMs: number;
}

/** Stretches without a gap, each of at least one slice, in the order of time. */
export function envelope(options: EnvelopeOptions): Slice[][] {
  const { times, values, from, to, slices, gapMs } = options;
  const width = Math.max(1, to - from) / slices;
  const stretches: Slice[][] = [];
  let previous = Number.NEGATIVE_INFINITY;
  let own: { time: number; least: number; most: number } | undefined;
  let current = -1;
  for (let i = 0; i < times.length; i++) {
    const [time, value] = [times[i], values[i]];
    if (time < from || time > to) continue;
    // The first is apart from nothing, however long a gap may be.
    const isApart = own === undefined || time - previous > gapMs;
    const slice = Math.min(slices - 1, Math.floor((time - from) / width));
    if (isApart) stretches.push([]);
    if (own === undefined || isApart || slice !== current) {
      own = { time: from + (slice + 0.5) * width, least: value, most: value };
      stretches[stretches.length - 1].push(own);
      current = slice;
    } else {
      own.least = Math.min(own.least, value);
      own.most = Math.max(own.most, value);
    }
    previous = time;
  }
  return stretches;
}
