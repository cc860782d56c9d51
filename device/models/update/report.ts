// What is told of an update: to the edge in heartbeats, on the broker, to whoever asks.
import type { Observations } from './context.ts';
import { targetOf, type UpdateDocument } from './document.ts';

export interface ModelReport {
  readonly model: string;
  readonly channel: string;
  readonly phase: UpdateDocument['phase']['kind'];
  /** What is served, and under which release; `null` where nothing is. */
  readonly running: { readonly release: number; readonly bundle: string } | null;
  readonly lastGood: { readonly release: number; readonly bundle: string } | null;
  /** What is on its way. */
  readonly target: { readonly release: number; readonly bundle: string } | null;
  /** The newest release that was ever heard of. */
  readonly highest: number;
  /** Rows that the running bundle has answered, and those that ended in an error. */
  readonly rows: number;
  readonly errors: number;
  /** Of the download. */
  readonly progress: { readonly received: number; readonly wanted: number | null } | null;
  /** Of the shadow run. */
  readonly canary: {
    readonly rows: number;
    readonly errors: number;
    readonly compared: number;
    readonly agreeing: number;
  } | null;
  /** The newest release that was given up here and not followed by a better one. */
  readonly failure: { release: number; bundle: string; reason: string } | null;
  /** What keeps the update from going on. */
  readonly problem: string | null;
}

/** One entry of a heartbeat's `models`, as the edge takes it. */
export interface HeartbeatModel {
  readonly model: string;
  readonly channel: string;
  readonly release: number;
  readonly bundle: string;
  readonly state: 'running' | 'failed';
  readonly reason: string;
  readonly rows: number;
  readonly errors: number;
}

const brief = (signed: UpdateDocument['running'] | undefined) =>
  signed ? { release: signed.release, bundle: signed.bundle.sha256 } : null;

function failureOf({ rejected, running }: UpdateDocument): ModelReport['failure'] {
  const last = rejected.at(-1);
  if (last === undefined || last.release < (running?.release ?? 0)) return null;
  // The edge has taken the release back since: what runs is what it says.
  if (last.release === running?.release && running.role === 'fallback') return null;
  const { release, bundle, reason } = last;
  return { release, bundle, reason };
}

export function reportOf(document: UpdateDocument, seen: Observations): ModelReport {
  const { model, channel, phase, running, lastGood, highest, rows, errors } = document;
  const { progress, tally, problem } = seen;
  return {
    model,
    channel,
    phase: phase.kind,
    running: brief(running),
    lastGood: brief(lastGood),
    target: brief(targetOf(document)),
    highest: highest?.release ?? 0,
    rows: rows + seen.rows,
    errors: errors + seen.errors,
    progress: progress ? { received: progress.received, wanted: progress.wanted ?? null } : null,
    canary: tally
      ? {
          rows: tally.rows,
          errors: tally.errors,
          compared: tally.compared,
          agreeing: tally.agreeing,
        }
      : null,
    failure: failureOf(document),
    problem: problem ?? null,
  };
}

/** What a heartbeat says of a model; `undefined` where no release was taken up. */
export function heartbeatOf(report: ModelReport): HeartbeatModel | undefined {
  const { model, channel, failure, running, rows, errors } = report;
  const subject = { model, channel };
  if (failure !== null) {
    // A heartbeat is a row of a table: the edge takes no control characters.
    const reason = failure.reason.replace(/\p{Cc}/gu, ' ');
    const { release, bundle } = failure;
    return { ...subject, release, bundle, state: 'failed', reason, rows: 0, errors: 0 };
  }
  if (running === null) return undefined;
  return { ...subject, ...running, state: 'running', reason: '', rows, errors };
}
