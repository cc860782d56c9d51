// The transitions of an update, as a function: what is remembered before, what happened, what is
// remembered after. An event that belongs to no present state changes nothing.
import {
  MAX_REASON,
  MAX_REJECTED,
  type Phase,
  type SignedBundle,
  targetOf,
  type UpdateDocument,
} from './document.ts';
import type { UpdateEvent } from './events.ts';

/** Starts without an orderly stop that a new bundle may cause: a power cut or two are no crash loop. */
export const MAX_RESTARTS = 3;

const INIT: Phase = { kind: 'init' };

const nameOf = (bundle: SignedBundle | null | undefined) => bundle?.bundle.sha256;

function reject(
  document: UpdateDocument,
  { release, bundle }: SignedBundle,
  reason: string,
  at: number,
): UpdateDocument {
  const entry = { release, bundle: bundle.sha256, reason: reason.slice(0, MAX_REASON), at };
  const others = document.rejected.filter(
    (each) => each.release !== release || each.bundle !== bundle.sha256,
  );
  return { ...document, rejected: [...others, entry].slice(-MAX_REJECTED) };
}

/** Whether this very release's bundle was given up here. */
export function isRejected(
  { rejected }: UpdateDocument,
  { release, bundle }: SignedBundle,
): boolean {
  return rejected.some((each) => each.release === release && each.bundle === bundle.sha256);
}

function switchTo(document: UpdateDocument, running: SignedBundle | null): UpdateDocument {
  return { ...document, running, rows: 0, errors: 0 };
}

/** Serves what was good before; without one nothing is served until a release comes. */
function rollBack(document: UpdateDocument, reason: string): UpdateDocument {
  const { running, lastGood } = document;
  if (running === null) return { ...document, phase: INIT };
  const phase: Phase = {
    kind: 'rollback',
    from: running.bundle.sha256,
    reason: reason.slice(0, MAX_REASON),
  };
  return { ...switchTo(document, lastGood), lastGood: null, phase };
}

/** Goes for a bundle; one that is on its way already goes on under its newer statement. */
function pursue(document: UpdateDocument, target: SignedBundle, at: number): UpdateDocument {
  const { phase } = document;
  const same = 'target' in phase && nameOf(phase.target) === nameOf(target);
  return {
    ...document,
    phase: same ? { ...phase, target } : { kind: 'download', target, since: at },
  };
}

function offered(
  before: UpdateDocument,
  { target, mark, issued, at }: UpdateEvent & { kind: 'offered' },
): UpdateDocument {
  if (mark.release < (before.highest?.release ?? 0)) return before;
  const document = { ...before, highest: mark, issued: Math.max(before.issued, issued) };
  const { running, lastGood, phase } = document;
  if (nameOf(running) === nameOf(target)) {
    // The channel wants what runs: anything else that was on its way is not wanted any more.
    const next = phase.kind === 'commit' ? { ...phase, next: null } : phase;
    return { ...document, running: target, phase: 'target' in next ? INIT : next };
  }
  if (isRejected(document, target)) return document;
  if (nameOf(lastGood) === nameOf(target)) {
    return rollBack(
      { ...document, lastGood: target },
      'the channel serves the bundle before again',
    );
  }
  if (phase.kind === 'commit') return { ...document, phase: { ...phase, next: target } };
  return pursue(document, target, at);
}

/** Ends a probation; what waited for it begins. */
function after(document: UpdateDocument, next: SignedBundle | null, at: number): UpdateDocument {
  const rested = { ...document, phase: INIT };
  return next === null || isRejected(document, next) ? rested : pursue(rested, next, at);
}

function fail(document: UpdateDocument, reason: string, at: number): UpdateDocument {
  const { running } = document;
  if (running === null) return document;
  return rollBack(reject(document, running, reason, at), reason);
}

/** The edge took the served release back: what it leads to is not compared with what was bad. */
function isTakenBack({ running }: UpdateDocument, target: SignedBundle): boolean {
  return (
    running?.role === 'bundle' && target.role === 'fallback' && running.release === target.release
  );
}

function serve(document: UpdateDocument, target: SignedBundle, at: number): UpdateDocument {
  const phase: Phase = { kind: 'commit', since: at, restarts: 0, next: null };
  return { ...switchTo(document, target), lastGood: document.running, phase };
}

function started(document: UpdateDocument, at: number): UpdateDocument {
  const { phase } = document;
  if (phase.kind !== 'canary' && phase.kind !== 'commit') return document;
  const restarts = phase.restarts + 1;
  if (restarts <= MAX_RESTARTS) return { ...document, phase: { ...phase, restarts } };
  const reason = `the gateway started ${restarts} times without an orderly stop while it ran`;
  if (phase.kind === 'commit') return fail(document, reason, at);
  return { ...reject(document, phase.target, reason, at), phase: INIT };
}

function undone(document: UpdateDocument, reason: string, at: number): UpdateDocument {
  const target = targetOf(document);
  if (target !== undefined) return { ...reject(document, target, reason, at), phase: INIT };
  return document.lastGood === null ? document : fail(document, reason, at);
}

function lost(document: UpdateDocument, sha256: string, at: number): UpdateDocument {
  const { running, lastGood } = document;
  if (lastGood?.bundle.sha256 === sha256) return { ...document, lastGood: null };
  if (running === null || running.bundle.sha256 !== sha256) return document;
  // The disk's fault, not the bundle's: it is fetched again.
  const without = { ...switchTo(document, lastGood), lastGood: null, phase: INIT };
  return pursue(without, running, at);
}

/** @returns `document` itself where `event` changes nothing. */
export function reduce(document: UpdateDocument, event: UpdateEvent): UpdateDocument {
  const { phase } = document;
  const target = targetOf(document);
  const meant = 'sha256' in event && target?.bundle.sha256 === event.sha256 ? target : undefined;
  switch (event.kind) {
    case 'offered':
      return offered(document, event);
    case 'downloaded':
      if (meant === undefined || phase.kind !== 'download') return document;
      return { ...document, phase: { kind: 'verify', target: meant } };
    case 'verified':
      if (meant === undefined || phase.kind !== 'verify') return document;
      // Without a bundle that runs there is nothing to compare with, and nothing to lose.
      if (document.running === null || isTakenBack(document, meant))
        return serve(document, meant, event.at);
      return {
        ...document,
        phase: { kind: 'canary', target: meant, since: event.at, restarts: 0 },
      };
    case 'unsound':
      if (meant === undefined) return document;
      return { ...document, phase: { kind: 'download', target: meant, since: event.at } };
    case 'rejected':
      if (meant === undefined) return document;
      return { ...reject(document, meant, event.reason, event.at), phase: INIT };
    case 'approved':
      if (meant === undefined || phase.kind !== 'canary') return document;
      return serve(document, meant, event.at);
    case 'answered':
      if (document.running?.bundle.sha256 !== event.sha256) return document;
      return {
        ...document,
        rows: document.rows + event.rows,
        errors: document.errors + event.errors,
      };
    case 'proved':
      return phase.kind === 'commit' ? after(document, phase.next, event.at) : document;
    case 'failed':
      return phase.kind === 'commit' ? fail(document, event.reason, event.at) : document;
    case 'returned':
      return phase.kind === 'rollback' ? { ...document, phase: INIT } : document;
    case 'undone':
      return undone(document, event.reason, event.at);
    case 'lost':
      return lost(document, event.sha256, event.at);
    case 'secured':
      return document.lastGood === null && document.running !== null
        ? { ...document, lastGood: event.fallback }
        : document;
    case 'started':
      return started(document, event.at);
    case 'stopped':
      return (phase.kind === 'canary' || phase.kind === 'commit') && phase.restarts > 0
        ? { ...document, phase: { ...phase, restarts: phase.restarts - 1 } }
        : document;
  }
}
