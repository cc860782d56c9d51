// The page that describes the interface to people.
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { docsPage } from '../docs/page.ts';
import { DOCS_STYLE } from '../docs/style.ts';
import { createDocument } from '../openapi/document.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { problems } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

const STYLE = '/docs/style.css';

/** Reads its style from here and nothing else from anywhere. */
export const docsHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

const docs = {
  method: 'get',
  path: '/docs',
  summary: 'Read about this interface',
  responses: {
    200: {
      description: 'A page without scripts',
      content: { 'text/html': { schema: { type: 'string' } } },
    },
    ...problems(),
  },
} as const satisfies Route;

const style = {
  method: 'get',
  path: STYLE,
  summary: 'Style of that page',
  responses: {
    200: { description: 'A style sheet', content: { 'text/css': { schema: { type: 'string' } } } },
    ...problems(),
  },
} as const satisfies Route;

/** A page for people is looked at now and then: it is made when asked for. */
const CACHED_SECONDS = 300;

export function addDocsRoutes(app: EdgeApp): void {
  const headers = { 'cache-control': `public, max-age=${CACHED_SECONDS}` };
  app.add(docs, async (c) =>
    c.html(await docsPage(createDocument(app.routes), STYLE), 200, headers),
  );
  app.add(style, (c) =>
    c.body(DOCS_STYLE, 200, { ...headers, 'content-type': 'text/css; charset=utf-8' }),
  );
}
