// Decides when which rows go to the edge: micro-batches per bundle, a circuit breaker for
// each, a budget for all, and a measured pace for what was kept.
import type { WaitingRow } from '../../outputs/outbox/index.ts';
import { withSignal } from '../../retry/index.ts';
import { createBudget } from './budget.ts';
import { chooseRows } from './choose-rows.ts';
import { createDeadlines } from './deadlines.ts';
import type { EscalationOutcome } from './edge-link.ts';
import { DEFAULT_MAX_AGE_MS, type Escalator, type EscalatorOptions } from './escalator-options.ts';
import { createLanes, type Lane } from './lanes.ts';
import { createLedger } from './ledger.ts';
import { createPace } from './pace.ts';
import { readRows } from './read-rows.ts';
import { openEscalationState } from './state-file.ts';

/** Pause after the broker refused an answer: only a person can correct its access rules. */
const REFUSED_PAUSE_MS = 30_000;

/** Requests in flight of all bundles together: a slow answer to one must not hold up others. */
const MAX_REQUESTS = 4;

/** Answers that the broker may owe an acknowledgement for before more are asked for. */
const MAX_UNDELIVERED = 4096;

/** Between two looks for rows that are too old. */
const EXPIRE_INTERVAL_MS = 60_000;

/**
 * An escalator; rows that an earlier process left in the outbox are sent after `wake`.
 *
 * @throws {InputError} `escalation-state-unusable`.
 */
export function createEscalator(options: EscalatorOptions): Escalator {
  const { edge, isConnected, metrics, log, alert, outbox } = options;
  const { batchRows, batchDelayMs, answerWithinMs, whenSpent = 'wait' } = options;
  const { maxAgeMs = DEFAULT_MAX_AGE_MS, now = Date.now } = options;
  const { clock = () => performance.now() } = options;
  const state = openEscalationState(options.stateFile ?? ':memory:');
  const ledger = createLedger({ ...options, state, onUndelivered, onDelivered });
  const budget = createBudget({ ...options.budget, state, now, clock });
  const pace = createPace({ clock });
  const lanes = createLanes({ ...options, clock, limit: batchRows });
  const deadlines = createDeadlines({ withinMs: answerWithinMs, now, onDue });
  const stopping = new AbortController();
  const requests = new Set<Promise<void>>();
  const counters = { probes: 0, throttled: 0, budgetSpent: 0, expired: 0 };
  let draining = false;
  let blocked = false;
  let expireAt = Number.NEGATIVE_INFINITY;
  let commitTimer: NodeJS.Timeout | undefined;
  let pumpTimer: NodeJS.Timeout | undefined;
  let redeliverTimer: NodeJS.Timeout | undefined;
  for (const bundle of outbox.bundles()) lanes.of(bundle);

  function onDue(createdUntil: number): void {
    if (isConnected()) ledger.announce({ createdUntil });
  }

  function onDelivered(): void {
    if (!blocked) return;
    blocked = false;
    pump();
  }

  function onUndelivered(): void {
    redeliverTimer ??= setTimeout(() => {
      redeliverTimer = undefined;
      if (isConnected()) ledger.redeliver();
    }, REFUSED_PAUSE_MS);
  }

  /** Own answers at once, where the edge's would come too late or not at all. */
  function answerForNow({ bundle, breaker }: Lane): void {
    if (!isConnected()) return;
    const allowance = budget.allowance(false);
    if (allowance.kind === 'spent' && allowance.window === 'day') {
      alert('edge-budget-spent', "The day's budget for the edge is spent");
      if (whenSpent === 'drop') counters.budgetSpent += ledger.finish({ bundle });
      else ledger.announce({ bundle });
      return;
    }
    const waitMs = Math.max(breaker.waitMs, allowance.kind === 'spent' ? allowance.waitMs : 0);
    if (breaker.probing || waitMs > answerWithinMs) ledger.announce({ bundle });
  }

  function commit(): void {
    clearTimeout(commitTimer);
    commitTimer = undefined;
    const bundles = ledger.commit();
    for (const bundle of bundles) answerForNow(lanes.of(bundle));
    if (bundles.size > 0) deadlines.add();
    pump();
  }

  function expire(): void {
    if (clock() < expireAt) return;
    expireAt = clock() + EXPIRE_INTERVAL_MS;
    const rows = ledger.expire(now() - maxAgeMs);
    counters.expired += rows;
    if (rows > 0) log.warn('rows-too-old', { rows, maxAgeMs });
  }

  /** The edge does not take these rows as they are. */
  function onRefused(lane: Lane, rows: readonly WaitingRow[], status: number, reason: string) {
    if (status === 413 && rows.length > 1) {
      lane.limit = Math.ceil(rows.length / 2);
      ledger.release(rows);
    } else ledger.bury(rows, reason);
  }

  function onOutcome(lane: Lane, rows: readonly WaitingRow[], outcome: EscalationOutcome): void {
    metrics.add('bytesUp', outcome.bytesUp);
    metrics.add('bytesDown', outcome.bytesDown);
    if (outcome.kind !== 'answered') metrics.add('requestFailures');
    lanes.note(lane, outcome, outbox.pending);
    if (outcome.kind === 'answered') {
      ledger.settle(rows, outcome.answers);
      pace.quicken();
      return;
    }
    if (outcome.kind === 'refused') {
      onRefused(lane, rows, outcome.status, outcome.reason);
      return;
    }
    if (outcome.kind === 'unauthorised') {
      alert('edge-unauthorised', `The edge refuses the key: ${outcome.reason}`);
    }
    if (outcome.status === 429) {
      counters.throttled++;
      pace.slow();
    }
    ledger.release(rows);
    answerForNow(lane);
  }

  async function send(lane: Lane, taken: readonly WaitingRow[]): Promise<void> {
    const { rows, parts, damaged } = readRows(taken);
    for (const { row, reason } of damaged) ledger.bury([row], reason);
    if (parts === undefined) return lane.breaker.abandon();
    ledger.claim(rows);
    const codeBytes = rows.reduce((sum, { codes }) => sum + codes.byteLength, 0);
    const receipt = budget.reserve({ rows: rows.length, codeBytes });
    metrics.add('requests');
    const [{ bundle, model }] = rows;
    try {
      const outcome = await edge.escalate({ rows: parts, bundle, model }, stopping.signal);
      receipt.settle(outcome.bytesUp + outcome.bytesDown);
      onOutcome(lane, rows, outcome);
    } catch (error) {
      ledger.release(rows);
      lane.breaker.abandon();
      if (!stopping.signal.aborted) throw error;
    }
  }

  function start(lane: Lane, rows: readonly WaitingRow[], kept: boolean): void {
    if (kept) pace.begin();
    if (lane.breaker.probing) counters.probes++;
    lane.breaker.begin();
    lane.busy = true;
    lanes.serve(lane);
    const request = send(lane, rows)
      .catch((error: unknown) => {
        // Only the disk can fail here; the pause keeps a broken one from spinning.
        log.error('escalation-failed', { reason: String(error) });
        lane.breaker.fail({ retryAfterMs: 0, fatal: false });
      })
      .finally(() => {
        lane.busy = false;
        requests.delete(request);
        pump();
      });
    requests.add(request);
  }

  /** Starts requests of one kind of rows; @returns milliseconds until there may be more to do. */
  function startRequests(kept: boolean): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const lane of lanes.inTurn()) {
      if (requests.size >= MAX_REQUESTS) break;
      const { rows, waitMs, spent } = chooseRows(lane, { kept, ledger, budget, pace });
      if (rows.length > 0) start(lane, rows, kept);
      else soonest = Math.min(soonest, waitMs);
      if (spent && !kept) answerForNow(lane);
    }
    return soonest;
  }

  function pump(): void {
    if (stopping.signal.aborted || !isConnected()) return;
    blocked = ledger.undelivered >= MAX_UNDELIVERED;
    if (blocked) return;
    if (!draining) expire();
    // Live rows first: the pace and half of a day's budget hold kept ones back.
    const waits = draining ? [startRequests(false)] : [startRequests(false), startRequests(true)];
    clearTimeout(pumpTimer);
    const waitMs = Math.min(...waits, outbox.pending > 0 ? EXPIRE_INTERVAL_MS : Infinity);
    if (waitMs < Number.POSITIVE_INFINITY) pumpTimer = setTimeout(pump, Math.ceil(waitMs));
  }

  return {
    add(rows) {
      metrics.add('escalated', rows.length);
      ledger.stage(rows);
      if (ledger.staged >= batchRows) commit();
      else commitTimer ??= setTimeout(commit, batchDelayMs);
    },
    commit,
    giveUp: ledger.giveUp,
    wake() {
      if (!isConnected()) return;
      ledger.redeliver();
      // Nobody could hear an answer before: the time for one begins now.
      if (outbox.pending > 0) deadlines.add();
      for (const lane of lanes.inTurn()) answerForNow(lane);
      pump();
    },
    async drain(signal) {
      draining = true;
      for (commit(); requests.size > 0 && !signal.aborted; ) {
        await withSignal(Promise.race(requests), signal).catch(() => {});
      }
    },
    async stop() {
      stopping.abort(new Error('The gateway stops'));
      clearTimeout(pumpTimer);
      clearTimeout(redeliverTimer);
      deadlines.stop();
      commit();
      await Promise.all(requests);
      ledger.flush();
    },
    flush: ledger.flush,
    snapshot: () => ({
      ...counters,
      breakersOpen: lanes.open,
      breakerOpenings: lanes.openings,
      paceMs: Math.round(pace.intervalMs),
      undelivered: ledger.undelivered,
    }),
    close: state.close,
  };
}
