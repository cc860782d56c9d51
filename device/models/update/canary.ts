// The shadow run of a new bundle: rows come in, a verdict goes out.
import type { PhaseContext } from './context.ts';
import type { Phase } from './document.ts';
import type { UpdateEvent } from './events.ts';
import { expectedAgreement, judgeCanary, type Verdict } from './judge.ts';
import { loadSigned } from './load-signed.ts';
import { addRows, EMPTY_TALLY, sideFacts } from './tally.ts';

/** How often time is looked at where no rows come. */
const TICK_MS = 1000;

/** @returns `undefined` where there is no gateway to try it on. @throws the signal's reason. */
export async function runCanary(
  { config, parts, host, seen, document }: PhaseContext,
  { target }: Phase & { kind: 'canary' },
  signal: AbortSignal,
): Promise<UpdateEvent | undefined> {
  const { running } = document();
  if (host === undefined || running === null) return undefined;
  const { sha256 } = target.bundle;
  const { now, monotonic, wait, log } = parts;
  const next = await loadSigned(target, config, parts);
  if (next.kind === 'unsound') return { kind: 'unsound', sha256, at: now() };
  if (next.kind === 'unusable') {
    return { kind: 'rejected', sha256, reason: next.reason, at: now() };
  }
  const old = await loadSigned(running, config, parts);
  if (old.kind !== 'ready') return { kind: 'lost', sha256: running.bundle.sha256, at: now() };
  // What a release falls back to is what it was made after and held against.
  const comparable = next.pointer.fallback?.sha256 === running.bundle.sha256;
  const agreement = expectedAgreement(old.model, next.model, comparable);
  const facts = { old: sideFacts(old.model), new: sideFacts(next.model) };
  let tally = EMPTY_TALLY;
  let begin = monotonic();
  const decided = Promise.withResolvers<Verdict>();

  function judge(): void {
    const verdict = judgeCanary(tally, config.criteria, {
      elapsedMs: monotonic() - begin,
      agreement,
    });
    if (verdict.kind !== 'extend') decided.resolve(verdict);
  }

  const shadow = host.start(next.model);
  const ended = new AbortController();
  try {
    shadow.observe((rows) => {
      if (rows.length === 0) return;
      if (tally.rows === 0) begin = monotonic();
      tally = addRows(tally, rows, facts);
      seen.tally = tally;
      judge();
    });
    const either = AbortSignal.any([signal, ended.signal]);
    const watch = async () => {
      for (;;) {
        judge();
        await wait(TICK_MS, either);
      }
    };
    const verdict = await Promise.race([decided.promise, watch()]);
    log.info('canary-judged', { bundle: sha256, verdict: verdict.kind, reason: verdict.reason });
    // Rows are still compared while the bundle waits for its hour.
    while (verdict.kind === 'commit' && host.mayChange?.() === false) await wait(TICK_MS, signal);
    return verdict.kind === 'commit'
      ? { kind: 'approved', sha256, at: now() }
      : { kind: 'rejected', sha256, reason: verdict.reason, at: now() };
  } finally {
    ended.abort();
    shadow.stop();
    seen.tally = undefined;
  }
}
