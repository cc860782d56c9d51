// Rows for the next request of a lane, as far as breaker, pace and budget let any leave.
import type { WaitingRow } from '../../outputs/outbox/index.ts';
import type { Budget } from './budget.ts';
import type { Lane } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';

/** Rows of a request that only tells whether the edge is back. */
const PROBE_ROWS = 4;

/** Until a budget too small for the next row is looked at again. */
const BUDGET_LOOK_MS = 1000;

export interface ChooseRowsOptions {
  /** Rows from before, whose own answers are out; otherwise live ones. */
  readonly kept: boolean;
  readonly ledger: Pick<Ledger, 'take'>;
  readonly budget: Budget;
  readonly pace: Pace;
}

export interface ChosenRows {
  /** None: nothing waits, or nothing may leave. */
  readonly rows: readonly WaitingRow[];
  /** Milliseconds until there may be some. */
  readonly waitMs: number;
  /** Rows wait that the budget does not let leave. */
  readonly spent: boolean;
}

const none = (waitMs: number, spent = false): ChosenRows => ({ rows: [], waitMs, spent });

export function chooseRows(lane: Lane, options: ChooseRowsOptions): ChosenRows {
  const { kept, ledger, budget, pace } = options;
  if (lane.busy) return none(Number.POSITIVE_INFINITY);
  const waitMs = Math.max(lane.breaker.waitMs, kept ? pace.waitMs : 0);
  if (waitMs > 0) return none(waitMs);
  const allowance = budget.allowance(kept);
  const granted = allowance.kind === 'granted' ? allowance : { rows: 1, bytes: 0 };
  const most = lane.breaker.probing ? Math.min(PROBE_ROWS, lane.limit) : lane.limit;
  const limit = Math.min(most, granted.rows);
  const taken = ledger.take({ bundle: lane.bundle, announced: kept, limit });
  if (taken.length === 0) return none(Number.POSITIVE_INFINITY);
  let codeBytes = 0;
  const rows = taken.filter(({ codes }, i) => {
    codeBytes += codes.byteLength;
    return budget.cost(i + 1, codeBytes) <= granted.bytes;
  });
  if (rows.length > 0) return { rows, waitMs: 0, spent: false };
  return none(allowance.kind === 'spent' ? allowance.waitMs : BUDGET_LOOK_MS, true);
}
