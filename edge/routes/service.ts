// The open routes: what this is, whether it runs, and its interface.
import * as z from 'zod';
import { createDocument } from '../openapi/document.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { problems } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

const serviceSchema = z.object({
  service: z.literal('dandan-edge'),
  links: z.object({
    openapi: z.string(),
    docs: z.string(),
    health: z.string(),
    models: z.string(),
  }),
});

export const showService = {
  method: 'get',
  path: '/v1',
  summary: 'Name the service',
  responses: {
    200: {
      description: 'Name and links',
      content: { 'application/json': { schema: serviceSchema } },
    },
    ...problems(),
  },
} as const satisfies Route;

export const showHealth = {
  method: 'get',
  path: '/healthz',
  summary: 'Tell that the Worker runs',
  // Storage is not touched: an open route must not be a way to spend the owner's D1 rows.
  description: 'Open, and answered without touching storage.',
  responses: {
    200: {
      description: 'It runs',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } },
    },
    ...problems(),
  },
} as const satisfies Route;

export const showOpenapi = {
  method: 'get',
  path: '/openapi.json',
  summary: 'Describe this interface',
  responses: {
    200: {
      description: 'OpenAPI 3.1',
      content: {
        'application/json': {
          schema: { type: 'object' },
        },
      },
    },
    ...problems(),
  },
} as const satisfies Route;

export function addServiceRoutes(app: EdgeApp): void {
  app.add(showService, (c) =>
    c.json(
      {
        service: 'dandan-edge' as const,
        links: {
          openapi: '/openapi.json',
          docs: '/docs',
          health: '/healthz',
          models: '/v1/models',
        },
      },
      200,
    ),
  );
  app.add(showHealth, (c) => c.json({ status: 'ok' as const }, 200));
  // The routes do not change once the app serves, so the document is made once per isolate.
  let document: ReturnType<typeof createDocument> | undefined;
  app.add(showOpenapi, (c) => {
    document ??= createDocument(app.routes);
    return c.json(document, 200);
  });
}
