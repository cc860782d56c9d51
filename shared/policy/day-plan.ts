// The wall-clock day of a policy document: which state holds from which minute to which.

import { DAY_MINUTES, dayOf } from '../time-zone/index.ts';
import {
  type PolicyDocument,
  type PolicyException,
  type PolicyRule,
  WEEKDAYS,
  type Weekday,
} from './document-fields.ts';
import type { PolicyName } from './policy.ts';

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

interface DayPlan {
  readonly segments: readonly DaySegment[];
  /** Those of its segments. */
  readonly policies: ReadonlySet<PolicyName>;
}

/** Rules repeat weekly; a window that a clock change swallows in one week is back in the next. */
const REPEATS_DAYS = 15;

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
  readonly plan: DayPlan;
}

const createPlan = (segments: readonly DaySegment[]): DayPlan => ({
  segments,
  policies: new Set(segments.map(({ state }) => state.policy)),
});

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
    const plan = createPlan([{ from: 0, to: DAY_MINUTES, state }]);
    return { exception, first: dayOf(from), last: dayOf(to), plan };
  });
  dated.sort((a, b) => a.first - b.first);
  const open: ScheduleState = {
    policy: otherwise,
    code: 'otherwise',
    reason: `${otherwise} outside all windows, ${timeZone}`,
  };
  const plans = new Map<string, DayPlan>();

  /** How many exceptions have begun by a day. */
  function begunBy(day: number): number {
    let [low, high] = [0, dated.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dated[middle].first <= day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The exception of a day: none overlap, so it is the last that has begun. */
  function exceptionOf(day: number): DatedException | undefined {
    const found = dated[begunBy(day) - 1];
    return found !== undefined && day <= found.last ? found : undefined;
  }

  /** Whose rules a day goes by; `undefined`: none. */
  function rulesOf(day: number): Weekday | undefined {
    const exception = exceptionOf(day)?.exception;
    return exception === undefined ? weekdayOf(day) : exception.like;
  }

  function planOf(own: Weekday, before: Weekday | undefined): DayPlan {
    const key = `${own} ${before}`;
    let known = plans.get(key);
    if (known === undefined) {
      known = makePlan(own, before);
      plans.set(key, known);
    }
    return known;
  }

  function makePlan(own: Weekday, before: Weekday | undefined): DayPlan {
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
    return createPlan(segments);
  }

  function plan(day: number): DayPlan {
    const exception = exceptionOf(day);
    const own = rulesOf(day);
    if (exception !== undefined && own === undefined) return exception.plan;
    return planOf(own ?? weekdayOf(day), rulesOf(day - 1));
  }

  function isOther(day: number, policy: PolicyName): boolean {
    const { policies } = plan(day);
    return policies.size > 1 || !policies.has(policy);
  }

  /** The next day that may be unlike `day`; `constant`: rules hold one policy all week. */
  function skip(day: number, constant: boolean): number {
    const own = exceptionOf(day);
    // From its second day on, those of an exception are alike.
    if (own !== undefined) return day > own.first ? own.last + 1 : day + 1;
    if (!constant || exceptionOf(day - 1) !== undefined) return day + 1;
    return dated[begunBy(day)]?.first ?? Number.POSITIVE_INFINITY;
  }

  const last = dated.at(-1)?.last ?? 0;

  return {
    /** The segments of a day from 1970-01-01, ascending, from 0 to 1440. */
    segments: (day: number): readonly DaySegment[] => plan(day).segments,
    /** First day from `from` on with a minute of another policy; `undefined` where there is none. */
    nextOther(policy: PolicyName, from: number): number | undefined {
      // Beyond, everything has been seen: the last exception, and two weeks after it.
      const end = Math.max(from, last) + REPEATS_DAYS;
      const constant = WEEKDAYS.every((own, i) => {
        const { policies } = planOf(own, WEEKDAYS[(i + 6) % 7]);
        return policies.size === 1 && policies.has(policy);
      });
      for (let day = from; day <= end; day = skip(day, constant)) {
        if (isOther(day, policy)) return day;
      }
      return undefined;
    },
  };
}

export type DayPlans = ReturnType<typeof createDayPlans>;
