// How much may be sent to the edge per minute and per local day: a metered mobile link and
// the edge's bill both have an owner.

import {
  type Amount,
  bringUpToDate,
  minuteOf,
  type Spending,
  spend,
  untilRelief,
} from './spending.ts';
import type { EscalationState } from './state-file.ts';

/** Rows kept from before leave this share of a day's budget to live rows. */
const KEPT_SHARE = 0.5;

/** A spent day is looked at again after this: its end is a matter of clocks and time zones. */
const DAY_LOOK_MS = 30_000;

/** What a request costs beside its rows: headers of HTTP or MQTT, TLS, the body's own header. */
const REQUEST_BYTES = 1200;

/** An answer with a long label and reason. */
const ANSWER_BYTES = 200;

export interface BudgetLimits {
  /** Rows sent. @default {no limit} */
  readonly rowsPerMinute?: number | undefined;
  readonly rowsPerDay?: number | undefined;
  /** Bytes both ways, with some 1,200 for the headers of each request. @default {no limit} */
  readonly bytesPerMinute?: number | undefined;
  readonly bytesPerDay?: number | undefined;
  /** IANA time zone whose midnight begins a day. @default {'UTC'} */
  readonly timeZone?: string | undefined;
}

export interface BudgetOptions extends BudgetLimits {
  readonly state: Pick<EscalationState, 'spending' | 'saveSpending'>;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
}

export type Allowance =
  | { readonly kind: 'granted'; readonly rows: number; readonly bytes: number }
  | { readonly kind: 'spent'; readonly window: 'minute' | 'day'; readonly waitMs: number };

export interface Budget {
  /** What may leave now; `kept`: for rows from before. */
  allowance(kept: boolean): Allowance;
  /** Takes the most that a request can cost; @returns how to say what it did cost. */
  reserve(request: { readonly rows: number; readonly codeBytes: number }): Receipt;
  /** What a request for rows of `codeBytes` together costs at most. */
  cost(rows: number, codeBytes: number): number;
}

export interface Receipt {
  /** Bytes of both bodies. */
  settle(bodyBytes: number): void;
}

/** A budget; what an earlier process spent counts. A clock set back gives nothing anew. */
export function createBudget(options: BudgetOptions): Budget {
  const { state, now, clock, timeZone = 'UTC' } = options;
  const { rowsPerMinute, rowsPerDay, bytesPerMinute, bytesPerDay } = options;
  const unlimited = [rowsPerMinute, rowsPerDay, bytesPerMinute, bytesPerDay].every(
    (limit) => limit === undefined,
  );
  let broughtAt = clock();
  let spending = bringUpToDate(state.spending, { now: now(), ranMs: 0, timeZone });

  function current(): Spending {
    const ranMs = clock() - broughtAt;
    broughtAt += ranMs;
    spending = bringUpToDate(spending, { now: now(), ranMs, timeZone });
    return spending;
  }

  function add(amount: Amount): void {
    spending = spend(current(), amount, now());
    state.saveSpending(spending);
  }

  const left = (limit: number | undefined, spent: number) =>
    limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit - spent);
  const cost = (rows: number, codeBytes: number) => REQUEST_BYTES + codeBytes + rows * ANSWER_BYTES;

  function allowance(kept: boolean): Allowance {
    if (unlimited) return { kind: 'granted', rows: Infinity, bytes: Infinity };
    const { day } = current();
    const share = (limit: number | undefined) =>
      limit === undefined || !kept ? limit : Math.floor(limit * KEPT_SHARE);
    const ofDay = {
      rows: left(share(rowsPerDay), day.rows),
      bytes: left(share(bytesPerDay), day.bytes),
    };
    const least = cost(1, 1);
    if (ofDay.rows < 1 || ofDay.bytes < least) {
      // A restart on a spent day must not lose how long the gateway has run on it.
      state.saveSpending(spending);
      return { kind: 'spent', window: 'day', waitMs: DAY_LOOK_MS };
    }
    const minute = minuteOf(spending);
    const rows = Math.min(ofDay.rows, left(rowsPerMinute, minute.rows));
    const bytes = Math.min(ofDay.bytes, left(bytesPerMinute, minute.bytes));
    if (rows >= 1 && bytes >= least) return { kind: 'granted', rows, bytes };
    return { kind: 'spent', window: 'minute', waitMs: untilRelief(spending, now()) };
  }

  return {
    allowance,
    cost,
    reserve({ rows, codeBytes }) {
      if (unlimited) return { settle() {} };
      const reserved = cost(rows, codeBytes);
      add({ rows, bytes: reserved });
      return {
        settle: (bodyBytes) => add({ rows: 0, bytes: bodyBytes + REQUEST_BYTES - reserved }),
      };
    },
  };
}
