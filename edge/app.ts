// The edge put together: security headers, routes, and one form for every error.
import { chooseKernels } from '@dandan/shared/cascade';
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import { createRateLimit, type RateLimit } from './auth/rate-limit.ts';
import type { EdgeEnv } from './env.ts';
import { type CascadeCache, createCascadeCache } from './inference/cascade-cache.ts';
import { createEdgeApp } from './openapi/edge-app.ts';
import { EdgeError } from './problem/edge-error.ts';
import { isForeseen, toProblemResponse } from './problem/to-problem.ts';
import { addAuditRoute } from './routes/audit.ts';
import { addBundleDownload } from './routes/bundle-download.ts';
import { addBundleUpload } from './routes/bundle-upload.ts';
import { addChannelRoutes } from './routes/channels.ts';
import { addDocsRoutes, docsHeaders } from './routes/docs.ts';
import { addEscalationRoute } from './routes/escalations.ts';
import { addExplainRoute } from './routes/explain.ts';
import { addJobFileRoutes } from './routes/job-files.ts';
import { addJobScheduleRoutes } from './routes/job-schedules.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addModelRoutes } from './routes/models.ts';
import { addPredictRoute } from './routes/predict.ts';
import { addServiceRoutes } from './routes/service.ts';

/** JSON and bytes only: nothing served here may load, run or be framed. */
const CONTENT_SECURITY_POLICY = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

const isDocs = (path: string) => path === '/docs' || path.startsWith('/docs/');

export interface AppOptions {
  /** @default {that of `MAX_REQUESTS`} */
  readonly rateLimit?: RateLimit;
  /** Bundles ready to run. @default {one of its own} */
  readonly cache?: CascadeCache;
}

/** A new app with an empty bundle cache and no requests counted; a Worker makes one per isolate. */
export function createApp(options: AppOptions = {}): Hono<EdgeEnv> {
  const { rateLimit = createRateLimit(), cache = createCascadeCache() } = options;
  const app = new Hono<EdgeEnv>();
  app.use(async (c, next) => {
    c.set('rateLimit', rateLimit);
    await next();
  });
  const sealed = secureHeaders({ contentSecurityPolicy: CONTENT_SECURITY_POLICY });
  app.use((c, next) => (isDocs(c.req.path) ? docsHeaders : sealed)(c, next));
  app.use(
    methodNotAllowed({
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
    }),
  );
  // Now, where no request waits for it.
  chooseKernels();
  const routes = createEdgeApp(app);
  addServiceRoutes(routes);
  addDocsRoutes(routes);
  addModelRoutes(routes);
  addBundleUpload(routes);
  addBundleDownload(routes);
  addChannelRoutes(routes);
  addPredictRoute(routes, cache);
  addExplainRoute(routes);
  addEscalationRoute(routes, cache);
  addJobRoutes(routes, cache);
  addJobFileRoutes(routes);
  addJobScheduleRoutes(routes);
  addKeyRoutes(routes);
  addAuditRoute(routes);
  app.notFound((c) =>
    toProblemResponse(
      new EdgeError('route-unknown', 'There is no such route', {
        field: 'path',
        value: c.req.path,
        allowed: 'a path of /openapi.json',
      }),
    ),
  );
  app.onError((error) => {
    // biome-ignore lint/suspicious/noConsole: a Worker's log is the only place where a fault of its own shows.
    if (!isForeseen(error)) console.error(error);
    return toProblemResponse(error);
  });
  return app;
}
