// Figures of what was answered: for Prometheus, for a dashboard, and by who asked.

import { modelNameSchema } from '@dandan/shared/bundle';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { EXPOSITION_TYPE, exposition } from '../metrics/exposition.ts';
import { MAX_SERIES, RECENT_DAYS, readFamilies } from '../metrics/families.ts';
import { MAX_LISTED_CALLERS, readCallers } from '../metrics/read-callers.ts';
import { readReport } from '../metrics/report.ts';
import { callerCountsSchema, metricsQuery, metricsReportSchema } from '../metrics/schemas.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

const NO_STORE = { 'cache-control': 'no-store' };

export const scrapeMetrics = {
  method: 'get',
  path: '/metrics',
  summary: 'Tell Prometheus the figures',
  description: [
    'Text format 0.0.4, for a scraper with a key of scope predict as its bearer token. Counters run',
    `since a series began; of the series that changed within ${RECENT_DAYS} days the latest ${MAX_SERIES} are told.`,
    'Figures are some ten seconds behind.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict')],
  responses: {
    200: {
      description: 'Counters, gauges and histograms',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const showMetrics = {
  method: 'get',
  path: '/v1/metrics',
  summary: 'Show figures by hour or day',
  description: [
    'Per model, bundle, policy and source of requests: exits by stage and why rows stopped, confidence,',
    'multiply-accumulates spent and saved against running all stages, audits; beside them the sequential',
    "test of each policy's certificate, and per day the features that have drifted from the rows the",
    'bundle was trained on. Figures are some ten seconds behind.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { query: metricsQuery },
  responses: {
    200: {
      description: 'Figures',
      content: { 'application/json': { schema: metricsReportSchema } },
    },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export const showCallers = {
  method: 'get',
  path: '/v1/metrics/callers',
  summary: 'Show who asked how much',
  description: `Per model, key and device: when it was last seen, the bundle that answered it last, and its counts. The last seen first, at most ${MAX_LISTED_CALLERS}. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { query: z.strictObject({ model: modelNameSchema.optional() }) },
  responses: {
    200: { description: 'Counts', content: { 'application/json': { schema: callerCountsSchema } } },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export function addMetricsRoutes(app: EdgeApp): void {
  app.add(scrapeMetrics, async (c) => {
    const families = await readFamilies(c.env.REGISTRY, Date.now());
    return c.body(exposition(families), 200, { ...NO_STORE, 'content-type': EXPOSITION_TYPE });
  });
  app.add(showMetrics, async (c, valid) =>
    c.json(await readReport(c.env.REGISTRY, valid.query, Date.now()), 200, NO_STORE),
  );
  app.add(showCallers, async (c, valid) =>
    c.json({ callers: await readCallers(c.env.REGISTRY, valid.query.model) }, 200, NO_STORE),
  );
}
