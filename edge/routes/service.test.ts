import { expect, test } from 'vitest';
import { call, expectProblem } from '../testing/edge-client.ts';

test('the open routes answer without a key', async () => {
  const health = await call('GET /healthz', { key: null });
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const root = await call('GET /v1', { key: null });
  expect(await root.json()).toMatchObject({ links: { openapi: '/openapi.json' } });
});

test('no answer lets another origin read it, and every answer is sealed against sniffing', async () => {
  const response = await call('GET /healthz', { headers: { origin: 'https://other.test' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('an unknown route is a problem, also with a hostile path', async () => {
  const problem = await expectProblem(await call('GET /v1/nothing'), 404, 'route-unknown');
  expect(problem).toMatchObject({ field: 'path', value: '/v1/nothing' });
  await expectProblem(await call('GET /v1/%ff%fe/..%2f'), 404, 'route-unknown');
});

test('a known route with another method is 405 and says which it knows', async () => {
  const response = await call('DELETE /v1/models/a/channels/stable');
  expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  await expectProblem(response, 405, 'method-not-allowed');
  await expectProblem(await call('OPTIONS /v1/keys'), 405, 'method-not-allowed');
});

interface Operation {
  readonly security?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const OPEN = [
  'get /',
  'get /v1',
  'get /dashboard/app.css',
  'get /dashboard/app.js',
  'get /docs',
  'get /docs/style.css',
  'get /healthz',
  'get /openapi.json',
  'delete /v1/session',
];

/** Open, too, but what they are given can be as wrong as a key. */
const WITH_SECRET = ['post /v1/enrol', 'post /v1/session'];

test('the OpenAPI document has every route, with keys and problems', async () => {
  const response = await call('GET /openapi.json', { key: null });
  const document = await response.json<{
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
  }>();
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(operations.sort()).toEqual([
    'delete /v1/devices/{device}',
    'delete /v1/enrolments/{id}',
    'delete /v1/job-inputs/{name}',
    'delete /v1/job-schedules/{name}',
    'delete /v1/keys/{id}',
    'delete /v1/models/{model}/bundles/{sha256}',
    'delete /v1/session',
    'delete /v1/signing-keys/{id}',
    'get /',
    'get /dashboard/app.css',
    'get /dashboard/app.js',
    'get /docs',
    'get /docs/style.css',
    'get /healthz',
    'get /metrics',
    'get /openapi.json',
    'get /v1',
    'get /v1/audit',
    'get /v1/devices',
    'get /v1/enrolments',
    'get /v1/explanations',
    'get /v1/explanations/{id}',
    'get /v1/hard-cases',
    'get /v1/hard-cases/export',
    'get /v1/hard-cases/{id}',
    'get /v1/job-inputs',
    'get /v1/job-schedules',
    'get /v1/jobs',
    'get /v1/jobs/{id}',
    'get /v1/jobs/{id}/results/{file}',
    'get /v1/keys',
    'get /v1/metrics',
    'get /v1/metrics/callers',
    'get /v1/models',
    'get /v1/models/{model}',
    'get /v1/models/{model}/bundles/{sha256}',
    'get /v1/models/{model}/bundles/{sha256}/manifest',
    'get /v1/models/{model}/channels/{channel}',
    'get /v1/models/{model}/channels/{channel}/releases',
    'get /v1/policies',
    'get /v1/policies/{model}',
    'get /v1/policies/{model}/decision',
    'get /v1/session',
    'get /v1/signing-keys',
    'post /v1/audit-samples',
    'post /v1/enrol',
    'post /v1/enrolments',
    'post /v1/escalations',
    'post /v1/gateway-metrics',
    'post /v1/heartbeats',
    'post /v1/jobs',
    'post /v1/jobs/{id}/cancel',
    'post /v1/jobs/{id}/resume',
    'post /v1/keys',
    'post /v1/keys/{id}/rotate',
    'post /v1/models/{model}/channels/{channel}',
    'post /v1/models/{model}/channels/{channel}/rollout',
    'post /v1/models/{model}/explain',
    'post /v1/models/{model}/predict',
    'post /v1/policies/{model}/dry-run',
    'post /v1/session',
    'post /v1/signing-keys',
    'put /v1/hard-cases/{id}/label',
    'put /v1/job-inputs/{name}',
    'put /v1/job-schedules/{name}',
    'put /v1/models/{model}/bundles/{sha256}',
    'put /v1/policies/{model}',
  ]);
  for (const [path, methods] of Object.entries(document.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const [method, operation] of Object.entries(methods)) {
      const parameters = (operation.parameters ?? []).filter((entry) => entry.in === 'path');
      expect(parameters.map(({ name }) => name).sort()).toEqual(named.sort());
      expect(Object.keys(operation.responses)).toContain('500');
      const name = `${method} ${path}`;
      const guarded = ![...OPEN, ...WITH_SECRET].includes(name);
      expect(operation.security !== undefined).toBe(guarded);
      expect('401' in operation.responses).toBe(guarded || WITH_SECRET.includes(name));
    }
  }
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(20);
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name);
  expect(text).not.toContain('#/$defs');
  expect(document.components.schemas.PredictRequest).toMatchObject({ required: ['rows'] });
  expect(document.components.securitySchemes.key).toMatchObject({ scheme: 'bearer' });
});
