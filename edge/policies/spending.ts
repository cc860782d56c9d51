// What a local day has cost so far, as far as one isolate can know: its own count, and the roll-ups
// of all isolates where they say more. Never more than the truth: short of it by what others spent
// since the last roll-up.
import type { Span } from './traffic.ts';

export interface Spending {
  /** Counts what this isolate has just spent on `model`. */
  add(model: string, macs: number): void;
  /** Takes in what the roll-ups say of a day. */
  learn(scope: string, day: Span, macs: number): void;
  /** Multiply-accumulates of the local day around `at`; 0 where nothing is known of it. */
  spent(scope: string, at: number): number;
}

interface Day extends Span {
  macs: number;
}

/** @param isIn whether what `model` spends counts for a document of `scope`. */
export function createSpending(isIn: (model: string, scope: string) => boolean): Spending {
  const days = new Map<string, Day>();
  return {
    add(model, macs) {
      for (const [scope, day] of days) if (isIn(model, scope)) day.macs += macs;
    },
    learn(scope, { from, to }, macs) {
      const known = days.get(scope);
      const own = known?.from === from ? known.macs : 0;
      days.set(scope, { from, to, macs: Math.max(own, macs) });
    },
    spent(scope, at) {
      const day = days.get(scope);
      return day !== undefined && at >= day.from && at < day.to ? day.macs : 0;
    },
  };
}
