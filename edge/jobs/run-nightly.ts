// What the cron trigger does: schedules whose hour has come, then jobs that fell silent.
import type { JobContext } from './job-context.ts';
import { sweepJobs } from './sweep.ts';

export async function runNightly(context: JobContext): Promise<void> {
  await sweepJobs(context);
}
