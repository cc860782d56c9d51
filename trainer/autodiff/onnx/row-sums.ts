// How to add up rows by target in a fixed order: which entries each target sums, cut into
// segments of few distinct lengths, so that a lowering needs only Gather and batched MatMul.

/** Segments of one padded length. */
export interface SegmentBucket {
  readonly width: number;
  readonly count: number;
  /** int32 [count, width]: entries to add; a segment that is shorter repeats its first entry. */
  readonly entries: Int32Array;
  /** int32 [count]: how many of `width` are real. */
  readonly lengths: Int32Array;
}

/** Sums of entries by target; the results of all buckets, one after the other, are segments. */
export interface RowSums {
  readonly buckets: readonly SegmentBucket[];
  readonly segmentCount: number;
  /** Sums of segments, for targets that have several; its positions continue after the segments. */
  readonly next: RowSums | undefined;
  /**
   * int32 [targets]: where each target's sum stands among the segments of this and all next
   * levels; −1 for targets without entries.
   */
  readonly position: Int32Array;
}

/**
 * Padded lengths: every second one is a power of two, so that less than a third is padding, and
 * ten buckets a level do for any degree.
 */
const WIDTHS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32] as const;

/** Longer rows are cut: a hub of 13,000 neighbours takes three levels. */
const LONGEST = WIDTHS[WIDTHS.length - 1];

/** Bucket of each length 1..LONGEST. */
const BUCKET_OF = Array.from({ length: LONGEST + 1 }, (_, length) =>
  WIDTHS.findIndex((width) => width >= length),
);

interface ByTarget {
  /** int32 [targets + 1]. */
  readonly offsets: Int32Array;
  /** int32 [entries], stable: the order of addition is that of the entries. */
  readonly order: Int32Array;
}

function sortByTarget(targetOf: Int32Array, targetCount: number): ByTarget {
  const offsets = new Int32Array(targetCount + 1);
  for (const target of targetOf) offsets[target + 1]++;
  for (let t = 0; t < targetCount; t++) offsets[t + 1] += offsets[t];
  const order = new Int32Array(targetOf.length);
  const next = offsets.slice(0, targetCount);
  for (let entry = 0; entry < targetOf.length; entry++) order[next[targetOf[entry]]++] = entry;
  return { offsets, order };
}

/** Visits the segments of all targets, in order. */
function eachSegment(
  offsets: Int32Array,
  visit: (target: number, start: number, length: number) => void,
): void {
  for (let target = 0; target < offsets.length - 1; target++) {
    for (let start = offsets[target]; start < offsets[target + 1]; start += LONGEST) {
      visit(target, start, Math.min(LONGEST, offsets[target + 1] - start));
    }
  }
}

/**
 * Plans the sums.
 *
 * @param targetOf int32 [entries]: the target each entry is added to, 0..targetCount − 1.
 */
export function planRowSums(targetOf: Int32Array, targetCount: number): RowSums {
  const { offsets, order } = sortByTarget(targetOf, targetCount);
  const counts = WIDTHS.map(() => 0);
  eachSegment(offsets, (_, __, length) => counts[BUCKET_OF[length]]++);
  const firsts = counts.map((_, bucket) => counts.slice(0, bucket).reduce((a, b) => a + b, 0));
  const segmentCount = counts.reduce((a, b) => a + b, 0);
  const filled = WIDTHS.map((width, bucket) => ({
    width,
    count: counts[bucket],
    entries: new Int32Array(counts[bucket] * width),
    lengths: new Int32Array(counts[bucket]),
  }));
  const position = new Int32Array(targetCount).fill(-1);
  const used = WIDTHS.map(() => 0);
  const split: number[] = [];
  const splitSegments: number[] = [];
  eachSegment(offsets, (target, start, length) => {
    const bucket = BUCKET_OF[length];
    const row = used[bucket]++;
    const { width, entries, lengths } = filled[bucket];
    lengths[row] = length;
    for (let k = 0; k < width; k++) {
      entries[row * width + k] = order[start + (k < length ? k : 0)];
    }
    const segment = firsts[bucket] + row;
    if (offsets[target + 1] - offsets[target] <= LONGEST) position[target] = segment;
    else {
      if (split.at(-1) !== target) split.push(target);
      splitSegments.push(segment, split.length - 1);
    }
  });
  const buckets = filled.filter(({ count }) => count > 0);
  if (split.length === 0) return { buckets, segmentCount, next: undefined, position };
  const next = sumSegments(splitSegments, split.length);
  split.forEach((target, index) => {
    position[target] = segmentCount + next.position[index];
  });
  return { buckets, segmentCount, next, position };
}

/** The next level: sums of segments, whose entries are segment numbers. */
function sumSegments(pairs: readonly number[], targetCount: number): RowSums {
  const segments = Int32Array.from({ length: pairs.length / 2 }, (_, i) => pairs[2 * i]);
  const targets = Int32Array.from({ length: segments.length }, (_, i) => pairs[2 * i + 1]);
  const plan = planRowSums(targets, targetCount);
  const buckets = plan.buckets.map((bucket) => ({
    ...bucket,
    entries: bucket.entries.map((entry) => segments[entry]),
  }));
  return { ...plan, buckets };
}

const plans = new WeakMap<Int32Array, Map<number, RowSums>>();

/** `planRowSums`, once for each array: layers, directions and entries share a pattern's plan. */
export function rowSums(targetOf: Int32Array, targetCount: number): RowSums {
  const byCount = plans.get(targetOf) ?? new Map<number, RowSums>();
  plans.set(targetOf, byCount);
  const sums = byCount.get(targetCount) ?? planRowSums(targetOf, targetCount);
  byCount.set(targetCount, sums);
  return sums;
}
