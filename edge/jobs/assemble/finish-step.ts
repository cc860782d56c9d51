// The end of a job: its slices go, its summary is made.
import { loadCascade } from '../../inference/load-cascade.ts';
import { type JobRow, resultFile, resultFormats, resultKey, sliceKey } from '../job.ts';
import { type JobContext, nowOf } from '../job-context.ts';
import { OPERATIONS_PER_MESSAGE, priceOf } from '../price.ts';
import { CPU_MICROS } from '../profile.ts';
import { advanceStep } from '../store/advance-step.ts';
import type { AssembleCursor } from './cursor.ts';
import { createSummary } from './job-summary.ts';

/** R2 deletes so many keys in one call. */
const KEYS_PER_STEP = 1000;

const USAGE = {
  invocations: 1,
  queueOperations: OPERATIONS_PER_MESSAGE,
  classA: 0,
  classB: 0,
  rowsWritten: 1,
  cpuMicros: CPU_MICROS.invocation,
};

/** The slices of a job with failures stay: it may be resumed, and its results made again. */
export async function finishStep(context: JobContext, job: JobRow, cursor: AssembleCursor) {
  const { REGISTRY: database, BATCH: bucket } = context.env;
  const { cleaned = 0 } = cursor;
  const now = nowOf(context);
  if (job.chunks_dead === 0 && cleaned < job.chunks) {
    const count = Math.min(KEYS_PER_STEP, job.chunks - cleaned);
    await bucket.delete(Array.from({ length: count }, (_, i) => sliceKey(job.id, cleaned + i)));
    const next = { ...cursor, cleaned: cleaned + count };
    const outcome = { state: 'assembling', cursor: next, usage: USAGE } as const;
    return advanceStep({ database, job, now, outcome });
  }
  const { env, cache } = context;
  const { manifest } = await loadCascade({ env, cache, model: job.model, sha256: job.bundle });
  const summary = await createSummary(database, job, manifest.classes);
  const files = resultFormats(job.results).map(resultFile);
  const whole = { job: job.id, ...summary, price: priceOf(job), results: files };
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  await bucket.put(resultKey(job.id, 'summary.json'), text, {
    httpMetadata: { contentType: 'application/json' },
  });
  return advanceStep({
    database,
    job,
    now,
    outcome: {
      state: job.chunks_dead === 0 ? 'finished' : 'finished-with-failures',
      cursor,
      summary,
      usage: { ...USAGE, classA: 1 },
    },
  });
}
