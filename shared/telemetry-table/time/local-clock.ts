// The wall clock of a time zone, turned back into instants: one for most of what it shows, two where
// it was set back, none where it was set forward.
import { createOffsets, DAY, findTransition } from '../../time-zone/index.ts';

/** Some readings of one stream, in the order of the file: what decides between two instants. */
export interface TimeStream {
  /** Instant of the reading before, NaN for none. */
  instant: number;
  /** Length of the last step that was one, milliseconds. */
  step: number;
  /** Steps forward less steps backward. */
  trend: number;
}

/** A day of the wall clock, and the change of the offset near it. */
interface ClockDay {
  readonly offset: number;
  readonly change?: { readonly at: number; readonly before: number; readonly after: number };
}

/** Ten years of days. */
const MAX_DAYS = 4096;

/** Readings that are out of order go back less far than a quarter of the time that is repeated. */
const JITTER_SHARE = 0.25;

export interface LocalClock {
  /**
   * The instant at which the clock shows `local` (milliseconds, as if it were UTC). Of two it is
   * the first, unless the stream shows that it is the second: it would go back in time, or repeat a
   * reading of a stream whose steps are as long as what is repeated. In a file whose newest line is
   * the first, the other way round.
   *
   * @returns `undefined` where the clock never shows it.
   */
  instant(local: number, stream: TimeStream): number | undefined;
  /** Times that were taken as the second of two. */
  readonly secondTimes: number;
}

export function createStream(): TimeStream {
  return { instant: Number.NaN, step: 0, trend: 0 };
}

/** Whether the first of two instants is meant. */
function isFirst(first: number, second: number, { instant, step, trend }: TimeStream): boolean {
  if (Number.isNaN(instant)) return true;
  const repeated = second - first;
  const jitter = step >= JITTER_SHARE * repeated ? 1 : JITTER_SHARE * repeated;
  const fits = (candidate: number) => {
    const back = trend >= 0 ? instant - candidate : candidate - instant;
    return back === 0 ? step < repeated : back < jitter;
  };
  const [earlier, later] = trend >= 0 ? [first, second] : [second, first];
  return (fits(earlier) || !fits(later) ? earlier : later) === first;
}

/** Tells the stream of its next reading. @returns whether it goes back in time. */
export function moveStream(stream: TimeStream, instant: number): boolean {
  const step = instant - stream.instant;
  stream.instant = instant;
  if (Number.isNaN(step) || step === 0) return false;
  stream.step = Math.abs(step);
  stream.trend += Math.sign(step);
  return step < 0;
}

/** @throws {RangeError} for no time zone. */
export function createLocalClock(timeZone: string): LocalClock {
  const offsetAt = createOffsets(timeZone);
  const days = new Map<number, ClockDay>();
  let secondTimes = 0;

  function readDay(day: number): ClockDay {
    // No zone is more than a day from UTC, and none changes twice within a week.
    const [from, to] = [(day - 1) * DAY, (day + 2) * DAY];
    const [before, after] = [offsetAt(from), offsetAt(to)];
    if (before === after) return { offset: before };
    const at = findTransition(offsetAt, { from, to, offset: before });
    return { offset: before, change: { at, before, after } };
  }

  function dayOf(local: number): ClockDay {
    const day = Math.floor(local / DAY);
    let known = days.get(day);
    if (known === undefined) {
      if (days.size >= MAX_DAYS) days.clear();
      known = readDay(day);
      days.set(day, known);
    }
    return known;
  }

  return {
    get secondTimes() {
      return secondTimes;
    },
    instant(local, stream) {
      const { offset, change } = dayOf(local);
      if (change === undefined) return local - offset;
      const [first, second] = [local - change.before, local - change.after];
      const [isBefore, isAfter] = [first < change.at, second >= change.at];
      if (isBefore !== isAfter) return isBefore ? first : second;
      if (!isBefore) return undefined;
      if (isFirst(first, second, stream)) return first;
      secondTimes++;
      return second;
    },
  };
}
