// The wall-clock day of a policy document: which state holds from which minute to which.
import {
  type PolicyDocument,
  type PolicyException,
  type PolicyRule,
  WEEKDAYS,
  type Weekday,
} from './document-fields.ts';
import type { PolicyName } from './policy.ts';
import { DAY_MINUTES, dayOf } from './time-zone.ts';

/** What the calendar and the clock say, and why. */
export interface ScheduleState {
  readonly policy: PolicyName;
  readonly code: 'window' | 'exception' | 'otherwise';
  /** In words, e.g. `night window 22:00–06:00 Asia/Tokyo`. */
  readonly reason: string;
}

export interface DaySegment {
  /** Minutes of the wall clock, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly state: ScheduleState;
}

interface Edges {
  readonly rule: PolicyRule;
  readonly from: number;
  readonly to: number;
  readonly state: ScheduleState;
}

/** An exception with its first and last day as counted from 1970-01-01. */
interface DatedException {
  readonly exception: PolicyException;
  readonly first: number;
  readonly last: number;
  readonly state: ScheduleState;
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): Weekday => WEEKDAYS[(((day + 4) % 7) + 7) % 7];

/**
 * The days of a document. A date of an exception with a policy holds that policy from 00:00 to
 * 24:00: no window of the evening before reaches into it, none of its own out of it.
 */
export function createDayPlans({ timeZone, otherwise, rules, exceptions }: PolicyDocument) {
  const edges: Edges[] = rules.map((rule) => ({
    rule,
    from: minutesOf(rule.from),
    to: minutesOf(rule.to),
    state: {
      policy: rule.policy,
      code: 'window',
      reason: `${rule.policy} window ${rule.from}–${rule.to} ${timeZone}`,
    },
  }));
  const dated: DatedException[] = exceptions.map((exception) => {
    const { name, from, to = from, policy = otherwise } = exception;
    const reason = `${name}, ${from === to ? from : `${from} to ${to}`} ${timeZone}`;
    const state = { policy, code: 'exception' as const, reason };
    return { exception, first: dayOf(from), last: dayOf(to), state };
  });
  dated.sort((a, b) => a.first - b.first);
  const open: ScheduleState = {
    policy: otherwise,
    code: 'otherwise',
    reason: `${otherwise} outside all windows, ${timeZone}`,
  };
  const plans = new Map<string, readonly DaySegment[]>();

  /** The exception of a day: none overlap, so it is the last that has begun. */
  function exceptionOf(day: number): DatedException | undefined {
    let [low, high] = [0, dated.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dated[middle].first <= day) low = middle + 1;
      else high = middle;
    }
    const found = dated[low - 1];
    return found !== undefined && day <= found.last ? found : undefined;
  }

  /** Whose rules a day goes by; `undefined`: none. */
  function rulesOf(day: number): Weekday | undefined {
    const exception = exceptionOf(day)?.exception;
    return exception === undefined ? weekdayOf(day) : exception.like;
  }

  function planOf(own: Weekday, before: Weekday | undefined): readonly DaySegment[] {
    const crosses = ({ from, to }: Edges) => to < from;
    const holds = (each: Edges, minute: number) => {
      const { from, to, rule } = each;
      if (rule.days.includes(own) && minute >= from && (crosses(each) || minute < to)) return true;
      return before !== undefined && rule.days.includes(before) && crosses(each) && minute < to;
    };
    const cuts = new Set([0, ...edges.flatMap(({ from, to }) => [from, to % DAY_MINUTES])]);
    const starts = [...cuts].sort((a, b) => a - b);
    const segments: DaySegment[] = [];
    for (const [index, from] of starts.entries()) {
      const to = starts[index + 1] ?? DAY_MINUTES;
      const state = edges.find((each) => holds(each, from))?.state ?? open;
      const last = segments.at(-1);
      if (last?.state === state) segments[segments.length - 1] = { ...last, to };
      else segments.push({ from, to, state });
    }
    return segments;
  }

  return {
    /** Days around which exceptions change something, ascending. */
    turns: dated.flatMap(({ first, last }) => [first, last + 1]),
    /** The segments of a day from 1970-01-01, ascending, from 0 to 1440. */
    segments(day: number): readonly DaySegment[] {
      const exception = exceptionOf(day);
      const own = rulesOf(day);
      if (exception !== undefined && own === undefined) {
        return [{ from: 0, to: DAY_MINUTES, state: exception.state }];
      }
      const before = rulesOf(day - 1);
      const key = `${own} ${before}`;
      let plan = plans.get(key);
      if (plan === undefined) {
        plan = planOf(own ?? weekdayOf(day), before);
        plans.set(key, plan);
      }
      return plan;
    },
  };
}

export type DayPlans = ReturnType<typeof createDayPlans>;
