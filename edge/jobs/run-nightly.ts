// What the cron trigger does: jobs of schedules whose hour has come, then jobs that fell silent.
import { createJob } from './create-job.ts';
import { failureOf } from './failure.ts';
import { type JobContext, nowOf } from './job-context.ts';
import { createScheduleStore, type Schedule } from './store/schedule-store.ts';
import { sweepJobs } from './sweep.ts';

const CALLER = { id: 'schedule', scope: 'operator' } as const;

/**
 * The job of a schedule and date has an id of both, so a trigger that fires twice makes one; a
 * trigger that does not fire is made up for by the next of the day.
 */
async function makeJob(context: JobContext, { name, job }: Schedule, date: string): Promise<void> {
  const request = { ...job, input: job.input.replaceAll('{date}', date) };
  const caller = { ...CALLER, name: `schedule ${name}` };
  const store = createScheduleStore(context.env.REGISTRY);
  try {
    await createJob(context, { request, id: `${name}-${date}`, caller });
    await store.note(name, date, null);
  } catch (error) {
    // Tried again with every trigger of the day: the channel or the input may come later.
    const { code, message } = failureOf(error);
    await store.note(name, date, `${message} (${code})`);
  }
}

export async function runNightly(context: JobContext): Promise<void> {
  const now = new Date(nowOf(context));
  const date = now.toISOString().slice(0, 10);
  const store = createScheduleStore(context.env.REGISTRY);
  for (const schedule of await store.due(date, now.getUTCHours())) {
    await makeJob(context, schedule, date);
  }
  await sweepJobs(context);
}
