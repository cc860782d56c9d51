import { exports } from 'cloudflare:workers';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { encodeQuantisedRows, type PredictResponse } from '@dandan/shared/wire';
import { beforeAll, expect, expectTypeOf, test } from 'vitest';
import { migrate, OPERATOR_KEY } from '../testing/edge-client.ts';
import { floatRows, jsonRows } from '../testing/float-rows.ts';
import { signed, trust } from '../testing/releases.ts';
import { createClient, EdgeProblem } from './client.ts';

const made = await createTestBundle({ model: 'typed', seed: 7 });
const url = 'https://edge.test/';
const send = (request: Request) => exports.default.fetch(request);
const operator = createClient({ url, key: OPERATOR_KEY, fetch: send });
const params = { model: 'typed' };

beforeAll(async () => {
  await migrate();
  await trust();
});

test('createClient() goes the way of a bundle, typed at every step', async () => {
  const bundlePath = { ...params, sha256: made.sha256 };
  const stored = await operator('put', '/v1/models/{model}/bundles/{sha256}', {
    params: bundlePath,
    bytes: made.bytes,
  });
  expectTypeOf(stored.stages).toEqualTypeOf<number>();
  expect(stored).toMatchObject({ model: 'typed', sha256: made.sha256 });
  const release = await operator('post', '/v1/models/{model}/channels/{channel}', {
    params: { ...params, channel: 'stable' },
    json: { pointer: await signed(made) },
  });
  expect(release).toMatchObject({ release: 1, state: 'promoted', serve: made.sha256 });
  const { models } = await operator('get', '/v1/models');
  expect(models.map(({ model }) => model)).toContain('typed');

  const rows = jsonRows(floatRows(made, 5));
  const answer = await operator('post', '/v1/models/{model}/predict', {
    params,
    query: { maxStage: 1 },
    json: { rows: rows as number[][] },
  });
  expectTypeOf(answer).toEqualTypeOf<PredictResponse>();
  expect(answer.answers.map(({ stage }) => stage)).toEqual([1, 1, 1, 1, 1]);

  const codes = createTestRows(made.bundle.input, 3);
  const bytes = encodeQuantisedRows(codes, { model: 'typed', bundle: made.sha256 });
  const escalated = await operator('post', '/v1/escalations', {
    headers: { 'idempotency-key': 'one' },
    bytes: new Uint8Array(bytes),
  });
  expect(escalated.answers).toHaveLength(3);

  const file = await operator('get', '/v1/models/{model}/bundles/{sha256}', { params: bundlePath });
  expectTypeOf(file).toEqualTypeOf<Response>();
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(made.bytes);
});

test('createClient() makes, lists and revokes keys, and a revoked one is refused', async () => {
  const { id, key } = await operator('post', '/v1/keys', {
    json: { name: 'gateway 1', scope: 'predict' },
  });
  const { keys } = await operator('get', '/v1/keys');
  expect(keys.find((each) => each.id === id)).toMatchObject({ name: 'gateway 1', revoked: null });
  const gateway = createClient({ url, key, fetch: send });
  expect((await gateway('get', '/v1/models')).models).toBeInstanceOf(Array);
  const revoked = await operator('delete', '/v1/keys/{id}', { params: { id } });
  expect(revoked.status).toBe(204);
  await expect(gateway('get', '/v1/models')).rejects.toThrow(
    expect.objectContaining({
      status: 401,
      problem: expect.objectContaining({ code: 'key-invalid' }),
    }),
  );
});

test("createClient() throws the edge's problem, and says when an answer is not the edge's", async () => {
  const unknown = operator('get', '/v1/models/{model}', { params: { model: 'nobody' } });
  await expect(unknown).rejects.toBeInstanceOf(EdgeProblem);
  await expect(unknown).rejects.toThrow('(model-unknown)');
  const page = async () => new Response('<h1>Gone</h1>', { status: 502 });
  const elsewhere = createClient({ url, fetch: page });
  await expect(elsewhere('get', '/healthz')).rejects.toThrow(
    expect.objectContaining({ status: 502, problem: undefined }),
  );
});

test('createClient() writes parameters as a path can hold them', async () => {
  const seen: string[] = [];
  const client = createClient({
    url: 'https://edge.test/base/',
    fetch: async (request) => {
      seen.push(request.url);
      return Response.json({});
    },
  });
  await client('get', '/v1/models/{model}', { params: { model: '../a b' } });
  expect(seen).toEqual(['https://edge.test/base/v1/models/..%2Fa%20b']);
});

test('createClient() refuses what no route takes, before anything is sent', () => {
  // Types are the check: these lines must not compile.
  const calls = () => [
    // @ts-expect-error there is no such route
    operator('get', '/v1/nothing'),
    // @ts-expect-error the path has a parameter
    operator('get', '/v1/models/{model}'),
    operator('post', '/v1/models/{model}/channels/{channel}', {
      params: { ...params, channel: 'a' },
      // @ts-expect-error a release is signed
      json: {},
    }),
    // @ts-expect-error there is no such scope
    operator('post', '/v1/keys', { json: { name: 'a', scope: 'root' } }),
  ];
  expect(calls).toBeTypeOf('function');
});
