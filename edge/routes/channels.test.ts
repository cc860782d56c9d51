import { env } from 'cloudflare:workers';
import { createSigningKey, describeBundle } from '@dandan/shared/release';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, storedCounts } from '../testing/edge-client.ts';
import { type DraftOptions, release, SIGNER, signed, trust, upload } from '../testing/releases.ts';

const a = await createTestBundle({ model: 'press', seed: 1 });
const b = await createTestBundle({ model: 'press', seed: 2 });
const other = await createTestBundle({ model: 'lathe', seed: 3 });
const stranger = await createSigningKey();
const STABLE = '/v1/models/press/channels/stable';
let device = '';

beforeAll(async () => {
  await migrate();
  device = (await createKey('device')).key;
  for (const each of [a, b, other]) await upload(each);
});

test('before a key is trusted no release is', async () => {
  const json = { pointer: await signed(a) };
  const problem = await expectProblem(
    await call(`POST ${STABLE}`, { json }),
    422,
    'pointer-key-unknown',
  );
  expect(problem.allowed).toContain('none yet');
  await trust();
});

test('releases follow each other, each with the one before it to fall back to', async () => {
  const first = await release(a);
  expect(first).toMatchObject({
    release: 1,
    bundle: a.sha256,
    fallback: null,
    state: 'promoted',
    serve: a.sha256,
  });
  const second = await release(b, { fallback: a });
  expect(second).toMatchObject({ release: 2, bundle: b.sha256, fallback: a.sha256 });
  const shown = await call(`GET ${STABLE}`, { key: device });
  expect([shown.status, await shown.json()]).toEqual([200, second]);
  expect(await release(b, { channel: 'canary' })).toMatchObject({ release: 1 });
  // A number may be left out; none comes back.
  expect(await release(a, { fallback: b, change: { release: 7 } })).toMatchObject({ release: 7 });
  const { releases } = await (await call(`GET ${STABLE}/releases`, { key: device })).json<{
    releases: { release: number }[];
  }>();
  expect(releases.map((each) => each.release)).toEqual([7, 2, 1]);
});

test('a pointer is shown as it was signed, so that a gateway can verify it', async () => {
  const { pointer } = await (await call(`GET ${STABLE}`, { key: device })).json<{
    pointer: { payload: string; signatures: { keyid: string }[] };
  }>();
  expect(pointer.signatures[0].keyid).toBe(SIGNER.id);
  expect(JSON.parse(atob(pointer.payload))).toMatchObject({
    release: 7,
    bundle: await describeBundle(a.bytes),
    fallback: await describeBundle(b.bytes),
  });
});

test('of releases at the same time one wins, and the others are told so', async () => {
  await release(a, { channel: 'busy' });
  const json = { pointer: await signed(b, { channel: 'busy', fallback: a }) };
  const path = 'POST /v1/models/press/channels/busy';
  const answers = await Promise.all(Array.from({ length: 5 }, () => call(path, { json })));
  const won = answers.filter(({ status }) => status === 201);
  expect(won).toHaveLength(1);
  for (const lost of answers.filter((each) => each !== won[0])) {
    // Which of the two depends on how far the winner was.
    expect([409, 422]).toContain(lost.status);
    expect((await lost.json<{ code: string }>()).code).toMatch(/release-conflict|pointer-replayed/);
  }
});

const now = Date.now();
const iso = (ms: number) => new Date(ms).toISOString();
const described = await describeBundle(a.bytes);

test.each<[string, () => Promise<object>, number, string, string]>([
  [
    'a replay of the current release',
    () => signed(a, { fallback: b, change: { release: 7 } }),
    422,
    'pointer-replayed',
    'pointer.release',
  ],
  [
    'an older number',
    () => signed(a, { fallback: b, change: { release: 3 } }),
    422,
    'pointer-replayed',
    'pointer.release',
  ],
  [
    'a pointer that has run out',
    () => signed(b, { fallback: a, change: { issued: iso(now - 2e9), expires: iso(now - 1e9) } }),
    422,
    'pointer-expired',
    'pointer.expires',
  ],
  [
    'a key nobody trusts',
    () => signed(b, { fallback: a, key: stranger }),
    422,
    'pointer-key-unknown',
    'signatures[0].keyid',
  ],
  [
    'a stranger who signs in the name of a trusted key',
    () => signed(b, { fallback: a, key: { ...stranger, id: SIGNER.id } }),
    422,
    'pointer-signature-invalid',
    'signatures[0].sig',
  ],
  [
    'a pointer of another channel',
    () => signed(b, { fallback: a, change: { channel: 'canary' } }),
    422,
    'pointer-mismatch',
    'pointer.channel',
  ],
  [
    'a pointer of another model',
    () => signed(b, { fallback: a, change: { model: 'lathe' } }),
    422,
    'pointer-mismatch',
    'pointer.model',
  ],
  [
    'a bundle that is not here',
    () => signed(b, { fallback: a, change: { bundle: { ...described, sha256: '0'.repeat(64) } } }),
    404,
    'bundle-unknown',
    'pointer.bundle.sha256',
  ],
  [
    'a header of another file',
    () => signed(b, { fallback: a, change: { bundle: { ...described, header: '0'.repeat(64) } } }),
    422,
    'pointer-mismatch',
    'pointer.bundle.header',
  ],
  [
    'another length',
    () => signed(b, { fallback: a, change: { bundle: { ...described, bytes: 7 } } }),
    422,
    'pointer-mismatch',
    'pointer.bundle.bytes',
  ],
  [
    'a fallback that is not what is served',
    () => signed(b, { fallback: b }),
    409,
    'release-conflict',
    'pointer.fallback.sha256',
  ],
  [
    'no fallback where there is one',
    () => signed(b),
    409,
    'release-conflict',
    'pointer.fallback.sha256',
  ],
])('POST refuses %s', async (_, pointer, status, code, field) => {
  const json = { pointer: await pointer() };
  const before = await storedCounts();
  const problem = await expectProblem(await call(`POST ${STABLE}`, { json }), status, code);
  expect(problem.field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('a key that is revoked signs no more, and does not come back', async () => {
  const key = await createSigningKey();
  await trust(key);
  const draft: DraftOptions = { channel: 'revoked', key };
  await release(a, draft);
  expect((await call(`DELETE /v1/signing-keys/${key.id}`)).status).toBe(204);
  await trust(key);
  const json = { pointer: await signed(b, { ...draft, fallback: a }) };
  await expectProblem(
    await call('POST /v1/models/press/channels/revoked', { json }),
    422,
    'pointer-key-unknown',
  );
  // What it released while it was trusted stays.
  expect((await call('GET /v1/models/press/channels/revoked')).status).toBe(200);
  const unknown = await call(`DELETE /v1/signing-keys/${'0'.repeat(64)}`);
  await expectProblem(unknown, 404, 'signing-key-unknown');
});

test.each([
  [{}, 'pointer'],
  [{ pointer: null }, 'pointer'],
  [{ bundle: a.sha256 }, 'pointer'],
  [{ pointer: { payloadType: 'x', payload: '!', signatures: [] } }, 'pointer.payload'],
  [{ pointer: { payloadType: 'x', payload: 'eA==', signatures: [] } }, 'pointer.signatures'],
])('POST refuses the body %j, naming %s', async (json, field) => {
  const before = await storedCounts();
  const response = await call(`POST ${STABLE}`, { json });
  expect((await expectProblem(response, 422, 'option-invalid')).field).toBe(field);
  expect(await storedCounts()).toEqual(before);
});

test('releases cannot be changed or removed, even by the database', async () => {
  for (const statement of ['UPDATE releases SET release = 9', 'DELETE FROM releases']) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('append-only');
  }
  await expect(
    env.REGISTRY.prepare("INSERT INTO releases VALUES ('press', 'x', 1, ?, 'now', NULL)")
      .bind(other.sha256)
      .run(),
  ).rejects.toThrow('FOREIGN KEY');
});

test('listings show bundles newest first and the current release of each channel', async () => {
  const shown = await (await call('GET /v1/models/press', { key: device })).json<{
    bundles: { sha256: string }[];
    channels: { channel: string; release: number; bundle: string }[];
  }>();
  expect(shown.bundles.map(({ sha256 }) => sha256).sort()).toEqual([a.sha256, b.sha256].sort());
  expect(shown.channels).toMatchObject([
    { channel: 'busy', release: 2, bundle: b.sha256, state: 'promoted' },
    { channel: 'canary', release: 1, bundle: b.sha256 },
    { channel: 'revoked', release: 1, bundle: a.sha256 },
    { channel: 'stable', release: 7, bundle: a.sha256 },
  ]);
  const listed = await (await call('GET /v1/models', { key: device })).json();
  expect(listed).toEqual({
    models: [
      { model: 'lathe', bundles: 1, channels: [] },
      { model: 'press', bundles: 2, channels: shown.channels },
    ],
  });
});

test('unknown models and channels are told apart', async () => {
  await expectProblem(await call('GET /v1/models/none'), 404, 'model-unknown');
  const channel = await call('GET /v1/models/lathe/channels/stable');
  expect((await expectProblem(channel, 404, 'channel-unknown')).value).toBe('stable');
  await expectProblem(await call('GET /v1/models/none/channels/stable'), 404, 'model-unknown');
  await expectProblem(await call('GET /v1/models/press/channels/No!'), 422, 'option-invalid');
  const releases = await call('GET /v1/models/lathe/channels/stable/releases');
  await expectProblem(releases, 404, 'channel-unknown');
});
