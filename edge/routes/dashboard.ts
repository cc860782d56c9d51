// The dashboard: one page, its style and its script, from the Worker itself.
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { PAGE, SCRIPT, STYLE } from '../dashboard/embedded.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { problems } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

const SCRIPT_PATH = '/dashboard/app.js';
const STYLE_PATH = '/dashboard/app.css';

/** Paths under the headers below. */
export const DASHBOARD_PATHS = ['/', SCRIPT_PATH, STYLE_PATH] as const;

/** Script, style and calls of its own origin; nothing inline, nothing from elsewhere, no frame. */
export const dashboardHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ['data:'],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
});

const text = (type: string, description: string) => ({
  200: { description, content: { [type]: { schema: { type: 'string' } } } },
  304: { description: 'The browser has it' },
});

export const dashboard = {
  method: 'get',
  path: '/',
  summary: 'Open the dashboard',
  description: 'For operators: it asks for a key and holds a cookie in its place.',
  responses: { ...text('text/html', 'A page'), ...problems() },
} as const satisfies Route;

export const dashboardScript = {
  method: 'get',
  path: SCRIPT_PATH,
  summary: 'Script of the dashboard',
  responses: { ...text('text/javascript', 'A module'), ...problems() },
} as const satisfies Route;

export const dashboardStyle = {
  method: 'get',
  path: STYLE_PATH,
  summary: 'Style of the dashboard',
  responses: { ...text('text/css', 'A style sheet'), ...problems() },
} as const satisfies Route;

/** A name for the content: another build has another. FNV-1a of 32 bits is enough to tell builds apart. */
function etagOf(content: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < content.length; i++) {
    hash = Math.imul(hash ^ content.charCodeAt(i), 0x01000193);
  }
  return `"${(hash >>> 0).toString(16)}-${content.length}"`;
}

export function addDashboardRoutes(app: EdgeApp): void {
  const files = [
    [dashboard, PAGE, 'text/html'],
    [dashboardScript, SCRIPT, 'text/javascript'],
    [dashboardStyle, STYLE, 'text/css'],
  ] as const;
  for (const [route, content, type] of files) {
    let etag: string | undefined;
    app.add<Route>(route, (c) => {
      etag ??= etagOf(content);
      // Asked for every time, so that page and script are never of two builds.
      const headers = {
        etag,
        'cache-control': 'no-cache',
        'content-type': `${type}; charset=utf-8`,
      };
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
      return c.body(content, 200, headers);
    });
  }
}
