// The first planning steps: which objects lie below the input's prefix, as they are now.
import { InputError } from '@dandan/shared/error';
import { inputKey, type JobRow } from '../job.ts';
import { type JobContext, nowOf } from '../job-context.ts';
import { OPERATIONS_PER_MESSAGE } from '../price.ts';
import { CPU_MICROS } from '../profile.ts';
import { advanceStep, STILL_AT_STEP, stepValues } from '../store/advance-step.ts';
import { formatOf } from './planners.ts';

/** The platform's largest page; D1 takes it in one statement. */
const FILES_PER_STEP = 1000;

export interface ListCursor {
  readonly phase: 'list';
  /** R2's own cursor. */
  readonly after?: string;
}

const noInput = (input: string) =>
  new InputError('data-missing', `There is no input below '${input}'`, {
    field: 'input',
    value: input,
    allowed: 'the name of an uploaded input, or the beginning of the names of some',
  });

/** Keeps names, etags and sizes of the next inputs, in the order of their names. */
export async function listStep(context: JobContext, job: JobRow, { after }: ListCursor) {
  const { REGISTRY: database, BATCH: bucket } = context.env;
  const page = await bucket.list({
    prefix: inputKey(job.input),
    limit: FILES_PER_STEP,
    ...(after !== undefined && { cursor: after }),
  });
  const skipped = inputKey('').length;
  const found = page.objects.map(({ key, etag, size }, i) => {
    const name = key.slice(skipped);
    return [job.files + i, name, etag, size, formatOf(name, job.format)];
  });
  const files = job.files + found.length;
  if (files === 0) throw noInput(job.input);
  const insert = database
    .prepare(
      `INSERT INTO job_files (job, file, name, etag, bytes, format)
       SELECT ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)
       WHERE ${STILL_AT_STEP}`,
    )
    .bind(job.id, JSON.stringify(found), ...stepValues(job));
  return advanceStep({
    database,
    job,
    now: nowOf(context),
    writes: [insert],
    outcome: {
      state: 'planning',
      cursor: page.truncated
        ? { phase: 'list', after: page.cursor }
        : { phase: 'cut', file: 0, begin: 0, place: 0 },
      files,
      usage: {
        invocations: 1,
        queueOperations: OPERATIONS_PER_MESSAGE,
        classA: 1,
        classB: 0,
        rowsWritten: found.length + 1,
        cpuMicros: CPU_MICROS.invocation,
      },
    },
  });
}
