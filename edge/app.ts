// The edge put together: security headers, routes, and one form for every error.
import { chooseKernels } from '@dandan/shared/cascade';
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { type CallerCache, createCallerCache } from './auth/caller-cache.ts';
import { createRateLimit, type RateLimit } from './auth/rate-limit.ts';
import type { EdgeEnv } from './env.ts';
import { seal } from './http/sealed-headers.ts';
import { type CascadeCache, createCascadeCache } from './inference/cascade-cache.ts';
import { createRecorder } from './metrics/recorder.ts';
import { createEdgeApp } from './openapi/edge-app.ts';
import { createPolicyDecider, type PolicyDecider } from './policies/decider.ts';
import { EdgeError } from './problem/edge-error.ts';
import { isForeseen, toProblemResponse } from './problem/to-problem.ts';
import { createReleaseCache, type ReleaseCache } from './registry/release-cache.ts';
import { addAuditRoute } from './routes/audit.ts';
import { addAuditSampleRoute } from './routes/audit-samples.ts';
import { addBundleDownload } from './routes/bundle-download.ts';
import { addBundleManifest } from './routes/bundle-manifest.ts';
import { addBundleRemoval } from './routes/bundle-removal.ts';
import { addBundleUpload } from './routes/bundle-upload.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addDashboardRoutes, DASHBOARD_PATHS, dashboardHeaders } from './routes/dashboard.ts';
import { addDeviceRoutes } from './routes/devices.ts';
import { addDocsRoutes, docsHeaders } from './routes/docs.ts';
import { addEnrolmentRoutes } from './routes/enrolments.ts';
import { addEscalationRoute } from './routes/escalations.ts';
import { addExplainRoute } from './routes/explain.ts';
import { addExplanationRoutes } from './routes/explanations.ts';
import { addGatewayMetricsRoute } from './routes/gateway-metrics.ts';
import { addHardCaseRoutes } from './routes/hard-cases.ts';
import { addJobFileRoutes } from './routes/job-files.ts';
import { addJobScheduleRoutes } from './routes/job-schedules.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addMetricsRoutes } from './routes/metrics.ts';
import { addModelRoutes } from './routes/models.ts';
import { addPolicyRoutes } from './routes/policies.ts';
import { addPolicyDecisionRoutes } from './routes/policy-decisions.ts';
import { addPredictRoute } from './routes/predict.ts';
import { addRolloutRoute } from './routes/rollouts.ts';
import { addServiceRoutes } from './routes/service.ts';
import { addSessionRoutes } from './routes/session.ts';
import { addSigningKeyRoutes } from './routes/signing-keys.ts';

export interface AppOptions {
  /** @default {that of `MAX_REQUESTS`} */
  readonly rateLimit?: RateLimit;
  /** @default {empty, of the usual limits} */
  readonly callers?: CallerCache;
  /** @default {empty, of the usual limits} */
  readonly releases?: ReleaseCache;
  /** Bundles ready to run. @default {one of its own} */
  readonly cache?: CascadeCache;
  /** @default {one that knows nothing yet} */
  readonly policies?: PolicyDecider;
}

/** A new app with an empty bundle cache and no requests counted; a Worker makes one per isolate. */
export function createApp(options: AppOptions = {}): Hono<EdgeEnv> {
  const {
    rateLimit = createRateLimit(),
    callers = createCallerCache(),
    releases = createReleaseCache(),
    policies = createPolicyDecider(),
    cache = createCascadeCache(),
  } = options;
  const app = new Hono<EdgeEnv>();
  for (const path of ['/docs', '/docs/*']) app.use(path, docsHeaders);
  for (const path of DASHBOARD_PATHS) app.use(path, dashboardHeaders);
  // Asked where nothing answered: every other request would pass through it.
  const knowsOtherMethods = methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allow = methods.join(', ');
      return toProblemResponse(
        new EdgeError('method-not-allowed', `This route does not know ${c.req.method}`, {
          field: 'method',
          value: c.req.method,
          allowed: allow,
          headers: { allow },
        }),
      );
    },
  });
  // Now, where no request waits for it.
  chooseKernels();
  const routes = createEdgeApp(app, (c) => {
    c.set('rateLimit', rateLimit);
    c.set('callers', callers);
  });
  addDashboardRoutes(routes);
  addServiceRoutes(routes);
  addSessionRoutes(routes);
  addDocsRoutes(routes);
  addModelRoutes(routes);
  addBundleUpload(routes);
  addBundleDownload(routes);
  addBundleManifest(routes);
  addBundleRemoval(routes);
  addSigningKeyRoutes(routes);
  addChannelRoutes(routes, releases);
  addRolloutRoute(routes, releases);
  const parts = { cache, releases, recorder: createRecorder(), policies };
  addPredictRoute(routes, parts);
  addExplainRoute(routes, parts);
  addEscalationRoute(routes, parts);
  addJobRoutes(routes, cache);
  addJobFileRoutes(routes);
  addJobScheduleRoutes(routes);
  addPolicyRoutes(routes, policies);
  addPolicyDecisionRoutes(routes, policies);
  addKeyRoutes(routes);
  addEnrolmentRoutes(routes);
  addDeviceRoutes(routes, releases);
  addAuditRoute(routes);
  addAuditSampleRoute(routes, cache);
  addGatewayMetricsRoute(routes, cache);
  addMetricsRoutes(routes);
  addHardCaseRoutes(routes);
  addExplanationRoutes(routes);
  app.notFound(async (c) => {
    await knowsOtherMethods(c, async () => {
      c.res = toProblemResponse(
        new EdgeError('route-unknown', 'There is no such route', {
          field: 'path',
          value: c.req.path,
          allowed: 'a path of /openapi.json',
        }),
      );
    });
    return seal(c.res);
  });
  app.onError((error) => {
    // biome-ignore lint/suspicious/noConsole: a Worker's log is the only place where a fault of its own shows.
    if (!isForeseen(error)) console.error(error);
    return seal(toProblemResponse(error));
  });
  return app;
}
