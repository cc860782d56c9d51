// Which rows are looked at more closely: one of every N that pass, at a place drawn by chance. Every
// row has the same chance whatever it holds, and rows that are not drawn cost nothing.
import { createRandom } from '@dandan/shared/random';

export interface DrawOptions {
  /** N: one row of as many is drawn. */
  readonly every: number;
  /** Another text draws other places; unknown to callers, who could otherwise choose what is seen. */
  readonly salt: string;
}

export interface Draw {
  /** Positions of the drawn among the next `count` rows, ascending. */
  next(count: number): readonly number[];
}

const NONE: readonly number[] = [];

/**
 * A draw over a sequence of rows: the same options and counts give the same positions.
 *
 * `isAudited` of the cascade draws row by row by a hash of name and time, which costs more than the
 * row's cascade and needs names that requests do not give.
 */
export function createDraw({ every, salt }: DrawOptions): Draw {
  const random = createRandom(0).fork(salt);
  const placeOf = (group: number) => group * every + random.below(every);
  let seen = 0;
  let group = 0;
  let place = placeOf(0);
  return {
    next(count) {
      const end = seen + count;
      if (place >= end) {
        seen = end;
        return NONE;
      }
      const drawn: number[] = [];
      for (; place < end; place = placeOf(++group)) drawn.push(place - seen);
      seen = end;
      return drawn;
    },
  };
}
