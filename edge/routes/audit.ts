// The audit log, for operators.
import * as z from 'zod';
import { listAudit, MAX_AUDIT_ENTRIES } from '../audit/audit-log.ts';
import { requireKey } from '../auth/require-key.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { auditLogSchema } from '../openapi/schemas.ts';

const DEFAULT_ENTRIES = 100;

export const showAudit = {
  method: 'get',
  path: '/v1/audit',
  summary: 'Show who changed what',
  description:
    'Newest first. Every write of bundles, channels and keys has an entry, made in the transaction of the write; entries cannot be changed. For older ones ask `before` the last `id`. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: {
    query: z.strictObject({
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_AUDIT_ENTRIES).optional(),
    }),
  },
  responses: {
    200: { description: 'Entries', content: { 'application/json': { schema: auditLogSchema } } },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export function addAuditRoute(app: EdgeApp): void {
  app.add(showAudit, async (c, valid) => {
    const { before, limit = DEFAULT_ENTRIES } = valid.query;
    return c.json({ entries: await listAudit(c.env.REGISTRY, { before, limit }) }, 200, {
      'cache-control': 'no-store',
    });
  });
}
