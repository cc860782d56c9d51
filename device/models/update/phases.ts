// What each state of an update does, and the event that ends it. Every one may be begun again after
// a power cut.
import { InputError } from '@dandan/shared/error';
import { createBackoff } from '../../retry/index.ts';
import { runCanary } from './canary.ts';
import type { PhaseContext } from './context.ts';
import type { Phase, SignedBundle } from './document.ts';
import { downloadBundle } from './download.ts';
import type { UpdateEvent } from './events.ts';
import { judgeProbation } from './judge.ts';
import { loadSigned } from './load-signed.ts';

/** Pauses of a download: a link that comes back is used soon, one that is gone is not hammered. */
const BACKOFF = { minMs: 1000, maxMs: 60_000 };

/** How often errors on probation are looked at. */
const PROBATION_TICK_MS = 1000;

/** `undefined`: nothing more can be done for now. */
type Outcome = Promise<UpdateEvent | undefined>;

/** Brings a bundle into the store. @returns why it did not, or the event that says so. */
export async function fetchBundle(
  { config, parts, seen }: PhaseContext,
  { bundle }: SignedBundle,
  signal: AbortSignal,
) {
  const { store, source, random, wait, bytesPerSecond, collect } = parts;
  const { model, stages } = config;
  if ((await store.open(bundle, stages)).kind === 'ready') return { kind: 'complete' } as const;
  await collect();
  return downloadBundle({
    store,
    source,
    model,
    pointed: bundle,
    stages,
    backoff: createBackoff({ ...BACKOFF, random }),
    signal,
    wait,
    bytesPerSecond,
    onProgress: (progress) => {
      seen.progress = progress;
    },
  });
}

async function download(
  context: PhaseContext,
  { target }: Phase & { kind: 'download' },
  signal: AbortSignal,
): Outcome {
  const { seen, parts } = context;
  const { sha256 } = target.bundle;
  try {
    const outcome = await fetchBundle(context, target, signal);
    seen.problem = outcome.kind === 'unavailable' ? outcome.reason : undefined;
    if (outcome.kind === 'complete') return { kind: 'downloaded', sha256 };
    if (outcome.kind === 'unavailable') return undefined;
    return { kind: 'rejected', sha256, reason: outcome.reason, at: parts.now() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.code !== 'store-full') {
      const reason = `${error.code}: ${error.message}`;
      return { kind: 'rejected', sha256, reason, at: parts.now() };
    }
    seen.problem = error.message;
    return undefined;
  } finally {
    seen.progress = undefined;
  }
}

async function verify(
  { config, parts }: PhaseContext,
  { target }: Phase & { kind: 'verify' },
): Outcome {
  const { sha256 } = target.bundle;
  const at = parts.now();
  const loaded = await loadSigned(target, config, parts);
  if (loaded.kind === 'ready') return { kind: 'verified', sha256, at };
  if (loaded.kind === 'unsound') return { kind: 'unsound', sha256, at };
  return { kind: 'rejected', sha256, reason: loaded.reason, at };
}

async function probation(context: PhaseContext, signal: AbortSignal): Outcome {
  const { parts, config, seen, document, host } = context;
  if (host === undefined) return undefined;
  const begin = parts.monotonic();
  for (;;) {
    const { rows, errors } = document();
    const verdict = judgeProbation(
      {
        rows: rows + seen.rows,
        errors: errors + seen.errors,
        elapsedMs: parts.monotonic() - begin,
      },
      config.probation,
    );
    const at = parts.now();
    if (verdict.kind === 'commit') return { kind: 'proved', at };
    if (verdict.kind === 'rollback') return { kind: 'failed', reason: verdict.reason, at };
    await parts.wait(PROBATION_TICK_MS, signal);
  }
}

/** The bundle that a rollback would lead to, before it is needed and the link is down. */
async function secure(context: PhaseContext, signal: AbortSignal): Outcome {
  const { config, parts, document, host } = context;
  const { running, lastGood } = document();
  if (running === null || host === undefined) return undefined;
  await parts.collect();
  const loaded = await loadSigned(running, config, parts);
  const pointed = loaded.kind === 'ready' ? loaded.pointer.fallback : null;
  const named: SignedBundle | null =
    pointed === null || pointed.sha256 === running.bundle.sha256
      ? null
      : { ...running, bundle: pointed, role: 'fallback' };
  const wanted = lastGood ?? named;
  if (wanted === null) return undefined;
  const outcome = await fetchBundle(context, wanted, signal);
  if (outcome.kind !== 'complete' || lastGood !== null) return undefined;
  const sound = await loadSigned(wanted, config, parts);
  return sound.kind === 'ready' ? { kind: 'secured', fallback: wanted } : undefined;
}

/**
 * Does what the present state asks for.
 *
 * @throws the signal's reason, and errors of the disk.
 */
export async function runPhase(context: PhaseContext, signal: AbortSignal): Outcome {
  const { phase } = context.document();
  switch (phase.kind) {
    case 'init':
      return secure(context, signal);
    case 'download':
      return download(context, phase, signal);
    case 'verify':
      return verify(context, phase);
    case 'canary':
      return runCanary(context, phase, signal);
    case 'commit':
      return probation(context, signal);
    case 'rollback':
      return context.host === undefined ? undefined : { kind: 'returned' };
  }
}
