// Hard cases: listed and labelled by people, read out for the trainer.
import { requireKey } from '../auth/require-key.ts';
import { exportTable } from '../hard-cases/export-table.ts';
import { createHardCaseStore } from '../hard-cases/hard-case-store.ts';
import { readLabel } from '../hard-cases/read-label.ts';
import { namedRow } from '../hard-cases/row-values.ts';
import {
  caseParams,
  exportQuery,
  hardCaseDetailSchema,
  hardCaseListSchema,
  hardCaseQuery,
  hardCaseSchema,
  labelRequestSchema,
} from '../hard-cases/schemas.ts';
import { limitJson } from '../http/limit-json.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { loadBundleHead } from '../registry/bundle-head.ts';

const DEFAULT_PAGE = 50;
const NO_STORE = { 'cache-control': 'no-store' };
const TYPES = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' };

export const listHardCases = {
  method: 'get',
  path: '/v1/hard-cases',
  summary: 'List rows that are worth a label',
  description: [
    'Rows of which the last stage was unsure, and audited answers that differed from the full cascade.',
    'Each model keeps a bounded number, of every class and device no more than a share: the most telling',
    'stay, and what a person has labelled. For the next page ask `after` what `next` says. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { query: hardCaseQuery },
  responses: {
    200: { description: 'Cases', content: { 'application/json': { schema: hardCaseListSchema } } },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export const showHardCase = {
  method: 'get',
  path: '/v1/hard-cases/{id}',
  summary: 'Show a hard case with its features',
  description:
    '`row` may be sent to explain with the `bundle` of the case: its values quantise to the very codes that were answered. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: caseParams },
  responses: {
    200: {
      description: 'The case',
      content: { 'application/json': { schema: hardCaseDetailSchema } },
    },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export const labelHardCase = {
  method: 'put',
  path: '/v1/hard-cases/{id}/label',
  summary: 'Label a hard case',
  description: [
    "A label is one of the bundle's classes, or with `new` any other name; `null` skips the case.",
    'A later label replaces it; the audit log keeps all. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    params: caseParams,
    body: { required: true, content: { 'application/json': { schema: labelRequestSchema } } },
  },
  responses: {
    200: { description: 'The case', content: { 'application/json': { schema: hardCaseSchema } } },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

export const exportHardCases = {
  method: 'get',
  path: '/v1/hard-cases/export',
  summary: 'Read hard cases out as a table',
  description: [
    'CSV as the trainer reads a node table: `node`, `label`, and a column per feature of the bundle, with',
    'the values that the codes stand for (rows as the first stage reads them). Or NDJSON: one object per',
    'case, of whose features a sparse row lists those that are not 0. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { query: exportQuery },
  responses: {
    200: {
      description: 'The table',
      content: {
        'text/csv': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { type: 'string' } },
      },
    },
    ...guardedProblems(422),
  },
} as const satisfies Route;

const caseUnknown = (id: string) =>
  new EdgeError('hard-case-unknown', 'There is no such case', {
    field: 'id',
    value: id,
    allowed: 'the id of a case that is kept: an open one may have given way to a more telling one',
  });

export function addHardCaseRoutes(app: EdgeApp): void {
  app.add(listHardCases, async (c, valid) => {
    const { state = 'open', limit = DEFAULT_PAGE, ...filter } = valid.query;
    const cases = await createHardCaseStore(c.env.REGISTRY).list({ ...filter, state, limit });
    const next = cases.length < limit ? null : (cases.at(-1)?.id ?? null);
    return c.json({ cases, next }, 200, NO_STORE);
  });
  app.add(exportHardCases, async (c, valid) => {
    const { format = 'csv', state = 'labelled', model, bundle } = valid.query;
    const table = await exportTable({
      store: createHardCaseStore(c.env.REGISTRY),
      bucket: c.env.BUNDLES,
      query: { model, bundle, state },
      format,
    });
    const disposition = `attachment; filename="${model}-hard-cases.${format}"`;
    return c.body(table, 200, {
      ...NO_STORE,
      'content-type': TYPES[format],
      'content-disposition': disposition,
    });
  });
  app.add(showHardCase, async (c, valid) => {
    const { id } = valid.params;
    const found = await createHardCaseStore(c.env.REGISTRY).find(id);
    if (found === undefined) throw caseUnknown(id);
    const { row, ...about } = found;
    const head = await loadBundleHead(c.env.BUNDLES, found.bundle);
    const values = head ? namedRow(row, head) : { row: null, names: [] };
    return c.json({ ...about, ...values }, 200, NO_STORE);
  });
  app.add(labelHardCase, async (c, valid) => {
    const { id } = valid.params;
    const store = createHardCaseStore(c.env.REGISTRY);
    const found = await store.find(id);
    if (found === undefined) throw caseUnknown(id);
    const label = await readLabel(c.env.BUNDLES, found.bundle, valid.json);
    const labelled = await store.label(id, label, c.get('caller'));
    if (labelled === undefined) throw caseUnknown(id);
    return c.json(labelled, 200, NO_STORE);
  });
}
