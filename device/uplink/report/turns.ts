// Reports take turns: each at its interval, one request at a time, after escalations, and all of them
// more rarely while the edge is away.
import type { Backoff } from '../../retry/index.ts';
import type { PostOutcome } from './edge-post.ts';

/** Gateways that were switched on together drift apart by a tenth of an interval each round. */
const JITTER = 0.1;

/** While escalations are under way a report looks again this soon. */
const BUSY_PAUSE_MS = 500;

/** A report that must not starve waits no longer than this for escalations. */
const MAX_BUSY_MS = 30_000;

/** A proxy that asks for a day is not obeyed: people wait for these figures. */
const MAX_RETRY_AFTER_MS = 600_000;

export interface Turn {
  readonly name: string;
  readonly intervalMs: number;
  /** Waits for escalations as long as they take; others at most {@linkcode MAX_BUSY_MS}. */
  readonly patient?: boolean;
  readonly run: (signal: AbortSignal) => Promise<PostOutcome>;
}

export interface TurnsOptions {
  readonly turns: readonly Turn[];
  readonly backoff: Backoff;
  readonly isBusy: () => boolean;
  readonly onOutcome: (name: string, outcome: PostOutcome) => void;
  /** Uniform in [0, 1). @default {Math.random} */
  readonly random?: () => number;
  /** Milliseconds of a clock that never jumps. @default {performance.now} */
  readonly steady?: () => number;
}

export interface Turns {
  start(): void;
  /** Makes a turn due now, e.g. after a change that its report is about. */
  hasten(name: string): void;
  /** Runs what is due; for tests and for callers with a clock of their own. */
  runDue(): Promise<void>;
  /** When something is due next, on the steady clock. */
  nextAt(): number;
  /** Ends the request under way, then resolves. */
  stop(): Promise<void>;
}

export function createTurns(options: TurnsOptions): Turns {
  const { turns, backoff, isBusy, onOutcome } = options;
  const { random = Math.random, steady = () => performance.now() } = options;
  const abort = new AbortController();
  const jittered = (ms: number) => ms * (1 + JITTER * (2 * random() - 1));
  // The first ones come within a tenth of the interval: a gateway that starts is news.
  const due = new Map(
    turns.map((turn) => [turn.name, steady() + JITTER * turn.intervalMs * random()]),
  );
  let closedUntil = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let started = false;

  const dueOf = ({ name }: Turn) => due.get(name) as number;

  function standsBack(turn: Turn, at: number): boolean {
    return isBusy() && (turn.patient === true || at - dueOf(turn) < MAX_BUSY_MS);
  }

  /** A turn that throws costs a report, never the gateway. */
  function failed(error: unknown): PostOutcome {
    abort.signal.throwIfAborted();
    const { name, message } = error as Error;
    return { kind: 'unavailable', reason: `${name}: ${message}`.slice(0, 200), retryAfterMs: 0 };
  }

  async function take(turn: Turn): Promise<void> {
    const outcome = await turn.run(abort.signal).catch(failed);
    if (outcome.kind === 'taken' || outcome.kind === 'refused') {
      backoff.reset();
      due.set(turn.name, steady() + jittered(turn.intervalMs));
    } else {
      const asked = Math.min(MAX_RETRY_AFTER_MS, outcome.retryAfterMs);
      closedUntil = steady() + Math.max(backoff.next(), asked);
    }
    onOutcome(turn.name, outcome);
  }

  async function runAll(): Promise<void> {
    const order = [...turns].sort((a, b) => dueOf(a) - dueOf(b));
    let paused = false;
    for (const turn of order) {
      const at = steady();
      if (abort.signal.aborted || at < closedUntil) break;
      if (at < dueOf(turn)) continue;
      if (standsBack(turn, at)) paused = true;
      else await take(turn);
    }
    pausedUntil = paused ? steady() + BUSY_PAUSE_MS : Number.NEGATIVE_INFINITY;
  }

  const nextAt = () => Math.max(closedUntil, pausedUntil, Math.min(...due.values()));

  function arm(): void {
    clearTimeout(timer);
    if (!started || abort.signal.aborted) return;
    timer = setTimeout(() => void runDue(), Math.max(1, nextAt() - steady()));
    timer.unref();
  }

  /** One round at a time: whoever asks meanwhile waits for the one under way. */
  async function runDue(): Promise<void> {
    running ??= runAll()
      // A stop ends the request under way.
      .catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
      })
      .finally(() => {
        running = undefined;
        arm();
      });
    await running;
  }

  return {
    start() {
      started = true;
      arm();
    },
    hasten(name) {
      if (!due.has(name)) return;
      due.set(name, Math.min(due.get(name) as number, steady()));
      if (running === undefined) arm();
    },
    runDue,
    nextAt,
    async stop() {
      abort.abort();
      clearTimeout(timer);
      await running?.catch(() => {});
    },
  };
}
