// Schedules: a job a day, made by the cron trigger.
import { requireKey } from '../auth/require-key.ts';
import { limitJson } from '../http/limit-json.ts';
import {
  scheduleListSchema,
  scheduleParams,
  scheduleRequestSchema,
  scheduleSchema,
} from '../jobs/schedule-schemas.ts';
import { createScheduleStore, MAX_SCHEDULES } from '../jobs/store/schedule-store.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';

export const listSchedules = {
  method: 'get',
  path: '/v1/job-schedules',
  summary: 'List schedules of jobs',
  security: keySecurity,
  middleware: [requireKey('operator')],
  responses: {
    200: {
      description: 'Schedules',
      content: { 'application/json': { schema: scheduleListSchema } },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const putSchedule = {
  method: 'put',
  path: '/v1/job-schedules/{name}',
  summary: 'Make a job a day',
  description:
    'From the hour on the first cron trigger makes a job with the id name-date, once a day; what its channel points at then is its bundle. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    params: scheduleParams,
    body: { required: true, content: { 'application/json': { schema: scheduleRequestSchema } } },
  },
  responses: {
    200: {
      description: 'The schedule',
      content: { 'application/json': { schema: scheduleSchema } },
    },
    ...guardedProblems(400, 409, 413, 415, 422),
  },
} as const satisfies Route;

export const deleteSchedule = {
  method: 'delete',
  path: '/v1/job-schedules/{name}',
  summary: 'Make no more jobs by a schedule',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: scheduleParams },
  responses: { 204: { description: 'Deleted' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

export function addJobScheduleRoutes(app: EdgeApp): void {
  app.add(listSchedules, async (c) => {
    const schedules = await createScheduleStore(c.env.REGISTRY).list();
    return c.json({ schedules }, 200);
  });
  app.add(putSchedule, async (c, valid) => {
    const { name } = valid.params;
    const store = createScheduleStore(c.env.REGISTRY);
    if (!(await store.put(name, valid.json, c.get('caller'), new Date()))) {
      throw new EdgeError('job-schedules-full', 'There are too many schedules', {
        field: 'name',
        value: name,
        allowed: `at most ${MAX_SCHEDULES}`,
      });
    }
    const schedule = (await store.list()).find((each) => each.name === name);
    if (schedule === undefined) throw new Error('D1 has no row of a schedule that it took');
    return c.json(schedule, 200);
  });
  app.add(deleteSchedule, async (c, valid) => {
    const { name } = valid.params;
    const store = createScheduleStore(c.env.REGISTRY);
    if (await store.remove(name, c.get('caller'), new Date())) return c.body(null, 204);
    throw new EdgeError('job-schedule-unknown', `There is no schedule '${name}'`, {
      field: 'name',
      value: name,
      allowed: 'a name of GET /v1/job-schedules',
    });
  });
}
