import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import {
  call,
  createKey,
  expectProblem,
  migrate,
  OPERATOR_KEY,
  storedCounts,
} from '../testing/edge-client.ts';

beforeAll(migrate);

const HERE = { origin: 'https://edge.test', 'sec-fetch-site': 'same-origin' };

const signIn = (key: string, headers: Readonly<Record<string, string>> = HERE) =>
  call('POST /v1/session', { key: null, json: { key }, headers });

/** The cookie as the browser sends it back. */
async function cookieOf(key: string): Promise<string> {
  const response = await signIn(key);
  expect(response.status).toBe(201);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const ask = (target: string, cookie: string, headers: Readonly<Record<string, string>> = HERE) =>
  call(target, { key: null, headers: { ...headers, cookie } });

test('a key becomes a cookie that no script and no other site can use', async () => {
  const response = await signIn(OPERATOR_KEY);
  expect(await response.json()).toEqual({ name: 'bootstrap', scope: 'operator' });
  const header = response.headers.get('set-cookie') ?? '';
  expect(header).toMatch(/^__Host-dandan-session=dk_[\w-]{43}; /);
  for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/', 'Max-Age=43200']) {
    expect(header).toContain(attribute);
  }
  expect(header).not.toContain('Domain');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const token = header.slice(header.indexOf('=') + 1, header.indexOf(';'));
  const rows = await env.REGISTRY.prepare('SELECT * FROM sessions').all();
  expect(JSON.stringify(rows.results)).not.toContain(token);
});

test('without TLS the cookie is not said to be secure, or it would not come back', async () => {
  const body = JSON.stringify({ key: OPERATOR_KEY });
  const headers = { 'content-type': 'application/json', origin: 'http://plant.test' };
  const request = new Request('http://plant.test/v1/session', { method: 'POST', headers, body });
  const response = await createApp().fetch(request, env);
  const header = response.headers.get('set-cookie') ?? '';
  expect(header).toMatch(/^dandan-session=/);
  expect(header).toContain('HttpOnly');
  expect(header).not.toContain('Secure');
});

test('a session does what its key may do, until it is closed', async () => {
  const cookie = await cookieOf(OPERATOR_KEY);
  expect(await (await ask('GET /v1/session', cookie)).json()).toEqual({
    name: 'bootstrap',
    scope: 'operator',
  });
  expect((await ask('GET /v1/keys', cookie)).status).toBe(200);
  const made = await call('POST /v1/keys', {
    key: null,
    json: { name: 'by the dashboard', scope: 'predict' },
    headers: { ...HERE, cookie },
  });
  expect(made.status).toBe(201);
  const closed = await ask('DELETE /v1/session', cookie);
  expect(closed.headers.get('set-cookie')).toContain('Max-Age=0');
  await expectProblem(await ask('GET /v1/session', cookie), 401, 'key-invalid');
  expect((await ask('DELETE /v1/session', cookie)).status).toBe(204);
});

test('a session ends with its key, and with its time', async () => {
  const { key, id } = await createKey('operator');
  const cookie = await cookieOf(key);
  expect((await ask('GET /v1/session', cookie)).status).toBe(200);
  expect((await call(`DELETE /v1/keys/${id}`)).status).toBe(204);
  await expectProblem(await ask('GET /v1/session', cookie), 401, 'key-invalid');

  const late = await cookieOf(OPERATOR_KEY);
  await env.REGISTRY.prepare('UPDATE sessions SET expires = ?')
    .bind(new Date(Date.now() - 1).toISOString())
    .run();
  await expectProblem(await ask('GET /v1/session', late), 401, 'key-invalid');
  await cookieOf(OPERATOR_KEY);
  expect(await env.REGISTRY.prepare('SELECT COUNT(*) AS n FROM sessions').first('n')).toBe(1);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
  ['a sibling', { origin: 'https://other.edge.test', 'sec-fetch-site': 'same-site' }],
  ['another port', { origin: 'https://edge.test:8443', 'sec-fetch-site': 'same-site' }],
  ['nobody knows where', {}],
  ['a page without an origin', { origin: 'null' }],
])('a write with a cookie from %s is refused', async (_, headers) => {
  const cookie = await cookieOf(OPERATOR_KEY);
  const before = await storedCounts();
  const response = await call('POST /v1/keys', {
    key: null,
    json: { name: 'forged', scope: 'operator' },
    headers: { ...headers, cookie },
  });
  await expectProblem(response, 403, 'origin-foreign');
  await expectProblem(await signIn(OPERATOR_KEY, headers), 403, 'origin-foreign');
  expect(await storedCounts()).toEqual(before);
});

test('reads with a cookie are for this site, too', async () => {
  const cookie = await cookieOf(OPERATOR_KEY);
  const foreign = await ask('GET /v1/keys', cookie, { 'sec-fetch-site': 'cross-site' });
  await expectProblem(foreign, 403, 'origin-foreign');
});

test('only an operator signs in, and tries are few', async () => {
  const { key } = await createKey('device');
  await expectProblem(await signIn(key), 403, 'scope-missing');
  const headers = { ...HERE, 'cf-connecting-ip': '192.0.2.7' };
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => signIn(`dk_guess-${i}`, headers)),
  );
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  for (const answer of answers.slice(0, 3)) {
    const problem = await expectProblem(answer, 401, 'key-invalid');
    expect(JSON.stringify(problem)).not.toContain('guess');
  }
});

test('a key in the header counts before a cookie', async () => {
  const cookie = await cookieOf(OPERATOR_KEY);
  const { key } = await createKey('predict');
  const response = await call('GET /v1/keys', { key, headers: { ...HERE, cookie } });
  await expectProblem(response, 403, 'scope-missing');
});
