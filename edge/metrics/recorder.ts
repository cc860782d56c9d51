// Counts every answered request in the isolate and has it sent on. Nothing waits for it: a request pays
// one pass over its result, one hard look at a row in a hundred, and a call a second for all requests.
import { type Cascade, STOP_REASONS } from '@dandan/shared/cascade';
import { type CountRow, createRowCounter, referenceBins } from '@dandan/shared/drift';
import { type PolicyName, policyOf } from '@dandan/shared/policy';
import type { Bindings } from '../env.ts';
import { findCandidates } from '../hard-cases/find-candidates.ts';
import { AUDIT_EVERY, type AuditedAnswers, auditAnswers } from '../monitor/audit-answers.ts';
import { createDraw, type Draw } from '../monitor/draw.ts';
import { createAccumulator, type Observed } from './accumulator.ts';
import { type AnsweredRows, type Asker, type Source, tallyAnswers } from './observation.ts';
import { createSender, FLUSH_DELAY_MS } from './sender.ts';

/** One row of as many is counted for drift: 10 ns a row of 128 features, 270 rows of 8,640 a day. */
export const DRIFT_EVERY = 32;

interface Draws {
  readonly drift: Draw;
  /** `undefined` where the bundle has no reference. */
  readonly countRow: CountRow | undefined;
  readonly audits: Readonly<Record<PolicyName, Draw>>;
}

const CONFIDENT = STOP_REASONS.indexOf('confident');

const NO_AUDITS: AuditedAnswers = { outcomes: '', disagreements: [] };

export interface RecordTarget {
  readonly env: Bindings;
  /** Of the execution context. */
  readonly waitUntil: (promise: Promise<unknown>) => void;
  readonly source: Source;
  readonly asker: Asker;
}

export interface Recorder {
  /** Counts answered rows; does nothing where no meter is bound. */
  record(target: RecordTarget, run: AnsweredRows): void;
  /** Counts what was seen elsewhere, e.g. by a gateway. */
  add(target: Pick<RecordTarget, 'env' | 'waitUntil'>, observed: Observed): void;
}

export interface RecorderOptions {
  /** @default {FLUSH_DELAY_MS} */
  readonly delayMs?: number;
}

/** Escalated rows are those that gateways were unsure of: no fair sample of what a promise is about. */
const isFair = (source: Source) => source === 'predict' || source === 'batch';

/** Disagreements on rows that stopped by themselves: the others were not sure, but not let on. */
const wronglySure = ({ result }: AnsweredRows, { disagreements }: AuditedAnswers) =>
  disagreements.filter(({ row }) => result.stopped[row] === CONFIDENT);

/** A recorder for one isolate. */
export function createRecorder({ delayMs = FLUSH_DELAY_MS }: RecorderOptions = {}): Recorder {
  const accumulator = createAccumulator();
  const sender = createSender({ accumulator, delayMs });
  // They go with the cascade when the cache drops it.
  const draws = new WeakMap<Cascade, Draws>();
  let salt: string | undefined;

  function drawsOf({ cascade, sha256 }: AnsweredRows): Draws {
    let own = draws.get(cascade);
    if (own === undefined) {
      // Not at start-up, where Workers have no random numbers.
      salt ??= crypto.randomUUID();
      const { reference } = cascade.manifest;
      const audits = (policy: PolicyName) =>
        createDraw({ every: AUDIT_EVERY, salt: `${salt} audit ${policy} ${sha256}` });
      own = {
        drift: createDraw({ every: DRIFT_EVERY, salt: `${salt} drift ${sha256}` }),
        countRow: reference && createRowCounter(reference),
        audits: { day: audits('day'), night: audits('night') },
      };
      draws.set(cascade, own);
    }
    return own;
  }

  function countDrift({ cascade, sha256, rows }: AnsweredRows, { drift, countRow }: Draws): void {
    const { model, reference } = cascade.manifest;
    if (reference === undefined || countRow === undefined) return;
    const positions = drift.next(rows.count);
    if (positions.length === 0) return;
    const kept = accumulator.drift(model, sha256, referenceBins(reference));
    for (const row of positions) countRow(rows, row, kept.counts);
    kept.rows += positions.length;
  }

  function audited(run: AnsweredRows, { audits }: Draws): AuditedAnswers {
    const positions = audits[run.policy].next(run.rows.count);
    return positions.length === 0 ? NO_AUDITS : auditAnswers(run, positions);
  }

  function add({ env, waitUntil }: Pick<RecordTarget, 'env' | 'waitUntil'>, observed: Observed) {
    if (env.METER === undefined && env.ANALYTICS === undefined) return;
    accumulator.add(observed);
    sender.schedule(env, waitUntil);
  }

  return {
    add,
    record(target, run) {
      const { source, asker, env } = target;
      if (env.METER === undefined && env.ANALYTICS === undefined) return;
      const { cascade, sha256, policy } = run;
      const { manifest } = cascade;
      const { certificate } = policyOf(manifest, policy);
      const tally = tallyAnswers(run);
      const own = isFair(source) ? drawsOf(run) : undefined;
      const audits = own && !run.limited ? audited(run, own) : NO_AUDITS;
      tally.audits = audits.outcomes.length;
      tally.disagreements = audits.disagreements.length;
      if (own) countDrift(run, own);
      add(target, {
        source,
        model: manifest.model,
        bundle: sha256,
        policy,
        asker,
        tally,
        ...(accumulator.room(manifest.model, asker) > 0 && {
          hardCases: findCandidates(run, asker, wronglySure(run, audits)),
        }),
        ...(certificate !== null &&
          audits.outcomes !== '' && {
            audit: {
              alpha: certificate.alpha,
              delta: certificate.delta,
              outcomes: audits.outcomes,
            },
          }),
      });
    },
  };
}
