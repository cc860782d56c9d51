// How long each policy held and how many rows it answered.
import type { PolicyInForce } from './setting.ts';

export interface PolicyCounters {
  readonly dayMs: number;
  readonly nightMs: number;
  readonly dayRows: number;
  readonly nightRows: number;
  /** Time and rows under a cap of load, of those above. */
  readonly cappedMs: number;
  readonly cappedRows: number;
  /** Time that a local override held, of those above. */
  readonly overriddenMs: number;
  readonly changes: number;
  /** Times that the wall clock was set, by two seconds or more. */
  readonly clockJumps: number;
  /** Readings of an override that could not be used. */
  readonly overridesRefused: number;
}

type Mutable = { -readonly [K in keyof PolicyCounters]: number };

export interface PolicyTally {
  readonly counters: Mutable;
  addTime(inForce: PolicyInForce, ms: number): void;
  addRows(inForce: PolicyInForce, rows: number): void;
  snapshot(): PolicyCounters;
}

export function createPolicyTally(): PolicyTally {
  const counters: Mutable = {
    dayMs: 0,
    nightMs: 0,
    dayRows: 0,
    nightRows: 0,
    cappedMs: 0,
    cappedRows: 0,
    overriddenMs: 0,
    changes: 0,
    clockJumps: 0,
    overridesRefused: 0,
  };
  return {
    counters,
    addTime({ policy, maxStage, source }, ms) {
      counters[`${policy}Ms`] += ms;
      if (maxStage !== undefined) counters.cappedMs += ms;
      if (source === 'override') counters.overriddenMs += ms;
    },
    addRows({ policy, maxStage }, rows) {
      counters[`${policy}Rows`] += rows;
      if (maxStage !== undefined) counters.cappedRows += rows;
    },
    snapshot() {
      const { dayMs, nightMs, cappedMs, overriddenMs } = counters;
      const whole = { dayMs, nightMs, cappedMs, overriddenMs };
      return {
        ...counters,
        ...Object.fromEntries(Object.entries(whole).map(([name, ms]) => [name, Math.round(ms)])),
      };
    },
  };
}
