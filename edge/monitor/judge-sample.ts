// A gateway's answers beside the full cascade's, as a report to the meter.
import type { Cascade } from '@dandan/shared/cascade';
import { createRowCounter, referenceBins } from '@dandan/shared/drift';
import { policyOf } from '@dandan/shared/policy';
import { findCandidates } from '../hard-cases/find-candidates.ts';
import type { AuditReport, DriftFlush } from '../metrics/flush.ts';
import type { Asker } from '../metrics/observation.ts';
import { fullAnswers } from './audit-answers.ts';
import { type AuditSample, checkClasses } from './read-sample.ts';

/** A gateway's sample is drawn from all its rows, so it tells of drift as well. */
function driftOf({ manifest }: Cascade, { sha256, rows }: AuditSample): DriftFlush | undefined {
  const { reference } = manifest;
  if (reference === undefined) return undefined;
  const counts = new Uint32Array(referenceBins(reference));
  const countRow = createRowCounter(reference);
  for (let row = 0; row < rows.count; row++) countRow(rows, row, counts);
  return { bundle: sha256, rows: rows.count, counts };
}

/** @throws {InputError} `rows-*` where rows or classes do not fit the bundle. */
export function judgeSample(options: {
  readonly cascade: Cascade;
  readonly sample: AuditSample;
  readonly asker: Asker;
  readonly idempotencyKey: string;
}): AuditReport {
  const { cascade, sample, asker, idempotencyKey } = options;
  const { model, sha256, policy, rows, classes } = sample;
  const { manifest } = cascade;
  checkClasses(classes, manifest.classes.length);
  const full = fullAnswers(cascade, rows);
  const differ = Array.from(classes, (answer, row) => answer !== full.classes[row]);
  const disagreements = differ.flatMap((differs, row) =>
    differs ? [{ row, full: full.classes[row] }] : [],
  );
  // The gateway tells no confidence: that of the last stage says how hard the row is.
  const result = { ...full, classes };
  const run = { cascade, sha256, policy, rows, result, limited: false };
  const { certificate } = policyOf(manifest, policy);
  return {
    model,
    id: `${asker.key} ${idempotencyKey}`,
    bundle: sha256,
    policy,
    promise:
      certificate === null ? undefined : { alpha: certificate.alpha, delta: certificate.delta },
    outcomes: differ.map((differs) => (differs ? '1' : '0')).join(''),
    drift: driftOf(cascade, sample),
    hardCases: findCandidates(run, asker, disagreements),
  };
}
