// A deadline for a batch: every row gets stage 1, and what time is left is shared out among the
// blocks to climb on.
import type { Pace } from './pace.ts';

export interface DeadlineOptions {
  readonly deadlineMs: number;
  readonly now: () => number;
  readonly pace: Pace;
  /** Mean multiply-accumulates of stage `stage` alone for a row. */
  readonly macsPerRow: (stage: number) => number;
  /** Rows of the whole batch. */
  readonly rows: number;
}

export interface Deadline {
  /** A block of `rows` rows begins. */
  beginBlock(rows: number): void;
  /** Whether `rows` rows may run stage `stage`; stage 0 always may. */
  allows(stage: number, rows: number): boolean;
  /** Stage `stage` ran on `rows` rows. */
  ran(stage: number, rows: number): void;
}

/** Time spent outside the stages: loading rows, writing answers. */
const OVERHEAD = 0.1;

export function createDeadline(options: DeadlineOptions): Deadline {
  const { deadlineMs, now, pace, macsPerRow } = options;
  const started = now();
  const ends = started + deadlineMs * (1 - OVERHEAD);
  let waiting = options.rows;
  let blockEnds = ends;
  let latest = started;
  /** The time that the work should have taken: all there is where the clock stands still. */
  let expected = 0;

  const cost = (stage: number, rows: number) => pace.expect(stage, rows * macsPerRow(stage));
  const elapsed = () => {
    const measured = now() - started;
    return measured > 0 ? measured : expected;
  };

  return {
    beginBlock(rows) {
      latest = now();
      const at = started + elapsed();
      const first = cost(0, 1);
      const slack = Math.max(0, ends - at - first * waiting);
      // Never beyond the end: where stage 1 was quicker than expected, no time is won that was not there.
      blockEnds = Math.min(ends, at + first * rows + (slack * rows) / Math.max(1, waiting));
      waiting -= rows;
    },
    allows(stage, rows) {
      return stage === 0 || started + elapsed() + cost(stage, rows) <= blockEnds;
    },
    ran(stage, rows) {
      const at = now();
      expected += cost(stage, rows);
      pace.add(stage, rows * macsPerRow(stage), at - latest);
      latest = at;
    },
  };
}
