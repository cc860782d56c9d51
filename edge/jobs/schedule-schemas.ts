// Schemas of the schedules that make jobs.
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { jobRequestSchema } from './job-schemas.ts';

export const scheduleParams = z.object({
  // With the date behind it, it is the id of a job.
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'lower-case letters, digits and -, at most 48'),
});

const hour = described('Hour of the day, UTC, from which the job is made', z.int().min(0).max(23));

export const scheduleRequestSchema = named(
  'JobScheduleRequest',
  z.strictObject({
    hour,
    job: described('`{date}` in its input becomes the date, 2026-11-30', jobRequestSchema),
  }),
);

export type ScheduleRequest = z.output<typeof scheduleRequestSchema>;

export const scheduleSchema = named(
  'JobSchedule',
  z.object({
    name: z.string(),
    hour,
    job: jobRequestSchema,
    created: z.iso.datetime(),
    last: described(
      'Date of the last job it made; the id of the job is name-date',
      z.string(),
    ).nullable(),
    error: described('Why the last attempt made none', z.string()).nullable(),
  }),
);

export const scheduleListSchema = named(
  'JobScheduleList',
  z.object({ schedules: z.array(scheduleSchema) }),
);
