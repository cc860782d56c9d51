import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { publish } from '../testing/releases.ts';

const press = await createTestBundle({ model: 'press', seed: 1 });
const RULE = { days: ['mon', 'tue'], from: '22:00', to: '06:00', policy: 'night' };
const DOCUMENT = { schema: 1, timeZone: 'Asia/Tokyo', rules: [RULE] };
const FULL = { ...DOCUMENT, otherwise: 'day', exceptions: [] };
const PRESS = '/v1/policies/press';
let device = '';

beforeAll(async () => {
  await migrate();
  await publish(press);
  for (const model of ['racing', 'versions', 'hostile', 'unchanged']) {
    await publish(await createTestBundle({ model, seed: model.length }));
  }
  device = (await createKey('device')).key;
});

const put = (path: string, json: unknown, headers: Record<string, string> = {}) =>
  call(`PUT ${path}`, { json, headers });

interface Stored {
  readonly model: string;
  readonly version: number;
  readonly created: string;
  readonly document: object;
}

test('versions are added, shown, listed, and audited', async () => {
  const path = '/v1/policies/versions';
  await expectProblem(await call(`GET ${path}`), 404, 'document-unknown');
  const first = await put(path, DOCUMENT);
  expect([first.status, first.headers.get('etag')]).toEqual([201, '"1"']);
  const stored = await first.json<Stored>();
  expect(stored).toEqual({
    model: 'versions',
    version: 1,
    created: stored.created,
    document: FULL,
  });
  const second = await put(path, { ...DOCUMENT, note: 'no rules' });
  expect((await second.json<Stored>()).version).toBe(2);
  const back = await put(path, DOCUMENT);
  expect((await back.json<Stored>()).version, 'going back is a new version').toBe(3);
  const shown = await call(`GET ${path}`, { key: device });
  expect([shown.headers.get('etag'), (await shown.json<Stored>()).version]).toEqual(['"3"', 3]);
  expect(await (await call(`GET ${path}?version=1`)).json()).toEqual(stored);
  const fourth = await expectProblem(await call(`GET ${path}?version=4`), 404, 'document-unknown');
  expect(fourth).toMatchObject({ field: 'version', value: 4 });
  await expectProblem(await call(`GET ${path}?version=0`), 422, 'option-invalid');
  const { policies } = await (await call('GET /v1/policies', { key: device })).json<{
    policies: Stored[];
  }>();
  expect(policies.find(({ model }) => model === 'versions')).toMatchObject({ version: 3 });
  const audit = await (await call('GET /v1/audit?limit=1')).json<{ entries: object[] }>();
  expect(audit.entries).toMatchObject([
    {
      action: 'policy-publish',
      target: 'versions',
      detail: 'Asia/Tokyo, 1 rules, 0 exceptions, nothing capped',
    },
  ]);
});

test('the document in force already adds no version and no entry', async () => {
  const path = '/v1/policies/unchanged';
  expect((await put(path, DOCUMENT)).status).toBe(201);
  const before = await storedCounts();
  const { rules, ...rest } = DOCUMENT;
  const again = await put(path, { rules, ...rest, otherwise: 'day' });
  expect([again.status, (await again.json<Stored>()).version]).toEqual([200, 1]);
  expect((await put(path, DOCUMENT, { 'if-match': '"1"' })).status).toBe(200);
  expect(await storedCounts()).toEqual(before);
});

test('if-match and if-none-match keep an update from being lost', async () => {
  const none = await expectProblem(
    await put(PRESS, DOCUMENT, { 'if-match': '"1"' }),
    412,
    'version-conflict',
  );
  expect(none).toMatchObject({ field: 'if-match', value: '"1"' });
  expect((await put(PRESS, DOCUMENT, { 'if-none-match': '*' })).status).toBe(201);
  const there = await expectProblem(
    await put(PRESS, { ...DOCUMENT, note: 'b' }, { 'if-none-match': '*' }),
    412,
    'version-conflict',
  );
  expect(there.allowed).toContain('"1"');
  expect((await put(PRESS, { ...DOCUMENT, note: 'b' }, { 'if-match': '"1"' })).status).toBe(201);
  const before = await storedCounts();
  for (const headers of [{ 'if-match': '"1"' }, { 'if-match': '"3"' }]) {
    const late = await put(PRESS, { ...DOCUMENT, note: 'c' }, headers);
    await expectProblem(late, 412, 'version-conflict');
  }
  for (const match of ['2', '"0"', 'W/"2"', '"two"', '*']) {
    const odd = await expectProblem(
      await put(PRESS, DOCUMENT, { 'if-match': match }),
      422,
      'option-invalid',
    );
    expect(odd).toMatchObject({ field: 'if-match', value: match });
  }
  expect(await storedCounts()).toEqual(before);
});

test('of writers at once with the same expectation one wins; without any, all get a number', async () => {
  const path = '/v1/policies/racing';
  const notes = ['a', 'b', 'c', 'd', 'e'];
  const raced = await Promise.all(
    notes.map((note) => put(path, { ...DOCUMENT, note }, { 'if-none-match': '*' })),
  );
  expect(raced.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412]);
  const free = await Promise.all(
    notes.map((note) => put(path, { ...DOCUMENT, note: `free ${note}` })),
  );
  const versions = await Promise.all(free.map((response) => response.json<Stored>()));
  expect(versions.map(({ version }) => version).sort()).toEqual([2, 3, 4, 5, 6]);
  const { entries } = await (await call('GET /v1/audit?limit=100')).json<{
    entries: { target: string }[];
  }>();
  expect(entries.filter(({ target }) => target === 'racing')).toHaveLength(6);
});

test('a document for all models is one of its own name', async () => {
  const path = '/v1/policies/*';
  expect((await put(path, DOCUMENT)).status).toBe(201);
  expect(await (await call(`GET ${path}`)).json()).toMatchObject({ model: '*', version: 1 });
});

test('versions cannot be changed or removed, even by the database', async () => {
  for (const statement of ["UPDATE policies SET document = '{}'", 'DELETE FROM policies']) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('append-only');
  }
});

test.each<[string, unknown, string, string]>([
  ['a time', { ...DOCUMENT, rules: [{ ...RULE, from: '22h' }] }, 'rules[0].from', 'e.g. "22:00"'],
  ['a zone', { ...DOCUMENT, timeZone: 'Tokyo' }, 'timeZone', 'e.g. "Asia/Tokyo"'],
  ['an unknown field', { ...DOCUMENT, polcy: 1 }, 'body', 'not polcy'],
  ['a list', [], 'body', 'e.g. {"schema": 1'],
  ['a thousand rules', { ...DOCUMENT, rules: Array(1000).fill(1) }, 'rules', 'at most 32 rules'],
  [
    'depth',
    { ...DOCUMENT, note: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) },
    'note',
    'a text',
  ],
  [
    'a prototype',
    JSON.parse('{"schema":1,"timeZone":"UTC","__proto__":{"otherwise":"night"}}'),
    'body',
    'only the fields',
  ],
])('%s that is none is refused with field and example, and nothing is kept', async (_, ...rest) => {
  const [json, field, allowed] = rest;
  const before = await storedCounts();
  const problem = await expectProblem(
    await put('/v1/policies/hostile', json),
    422,
    'option-invalid',
  );
  expect(problem.field).toBe(field);
  expect(problem.allowed).toContain(allowed);
  expect(await storedCounts()).toEqual(before);
});

test('bodies that are large, broken or of another type, and unknown models are refused', async () => {
  const path = '/v1/policies/hostile';
  const large = await put(path, { ...DOCUMENT, note: 'x'.repeat(70_000) });
  await expectProblem(large, 413, 'body-too-large');
  const headers = { 'content-type': 'application/json' };
  const broken = await call(`PUT ${path}`, { body: '{"schema":', headers });
  await expectProblem(broken, 400, 'json-malformed');
  const yaml = await call(`PUT ${path}`, {
    body: 'schema: 1',
    headers: { 'content-type': 'application/yaml' },
  });
  await expectProblem(yaml, 415, 'media-type-unsupported');
  await expectProblem(await put('/v1/policies/none', DOCUMENT), 404, 'model-unknown');
  const name = await expectProblem(await put('/v1/policies/No!', DOCUMENT), 422, 'option-invalid');
  expect(name).toMatchObject({ field: 'model', allowed: expect.stringContaining('e.g. "press"') });
});
