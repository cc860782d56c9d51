// What a document's calendar and clock say at an instant, and when that changes. A window holds
// while the wall clock shows a time in it: a skipped hour holds nothing, a doubled one holds twice.

import { createOffsets, DAY, dayOf, findTransition, MINUTE } from '../time-zone/index.ts';
import { createDayPlans, type ScheduleState } from './day-plan.ts';
import type { PolicyDocument } from './document-fields.ts';

/** A stretch of time in which one state holds; the next one may hold the same. */
export interface ScheduleSegment {
  /** Milliseconds since the epoch, `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly state: ScheduleState;
}

export interface Schedule {
  /** The segment from `at` to the end of its state, of its wall-clock day or of its offset. */
  segment(at: number): ScheduleSegment;
  /** First instant after `at` at which another policy holds; `undefined` where none ever does. */
  nextChange(at: number): number | undefined;
  /** Instants at which the wall-clock day around `at` begins and ends: 23 to 25 hours, mostly 24. */
  localDay(at: number): { readonly from: number; readonly to: number };
  /** The same for a date, e.g. `2026-11-26`. */
  dateSpan(date: string): { readonly from: number; readonly to: number };
}

export function createSchedule(document: PolicyDocument): Schedule {
  const offsetAt = createOffsets(document.timeZone);
  const plans = createDayPlans(document);

  /** `local` read with `offset`, or the change of the offset if that is before. */
  function instantOf(local: number, { at, offset }: { at: number; offset: number }): number {
    const to = local - offset;
    if (to - 1 <= at || offsetAt(to - 1) === offset) return to;
    return findTransition(offsetAt, { from: at, to: to - 1, offset });
  }

  function segment(at: number): ScheduleSegment {
    const offset = offsetAt(at);
    const local = at + offset;
    const day = Math.floor(local / DAY);
    const minute = Math.floor((local - day * DAY) / MINUTE);
    const segments = plans.segments(day);
    const { to, state } = segments.find((each) => minute < each.to) ?? segments[0];
    return { from: at, to: instantOf(day * DAY + to * MINUTE, { at, offset }), state };
  }

  /** Days from 1970-01-01 to the wall-clock date. */
  const dayAt = (at: number) => Math.floor((at + offsetAt(at)) / DAY);

  return {
    segment,
    nextChange(at) {
      const first = segment(at);
      const { policy } = first.state;
      let { to } = first;
      for (let day = dayAt(at); ; day++) {
        const other = plans.nextOther(policy, day);
        if (other === undefined) return undefined;
        day = other;
        // Days before hold one policy throughout, and no zone is two days from UTC.
        to = Math.max(to, (other - 2) * DAY);
        // A day more, because a clock set back at midnight shows a date again that was over.
        while (dayAt(to) <= other + 1) {
          const next = segment(to);
          if (next.state.policy !== policy) return to;
          to = next.to;
        }
      }
    },
    localDay: (at) => daySpan(dayAt(at)),
    dateSpan: (date) => daySpan(dayOf(date)),
  };

  function daySpan(day: number) {
    return { from: midnight(day), to: midnight(day + 1) };
  }

  /** First instant whose wall-clock date is `day` or later. */
  function midnight(day: number): number {
    let [before, after] = [(day - 2) * DAY, (day + 2) * DAY];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (dayAt(middle) < day) before = middle;
      else after = middle;
    }
    return after;
  }
}
