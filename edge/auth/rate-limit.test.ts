import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { createKey, expectProblem, migrate } from '../testing/edge-client.ts';
import { createRateLimit, PERIOD_MS } from './rate-limit.ts';

beforeAll(migrate);

test('createRateLimit() admits so many requests a period, key by key', () => {
  let time = 5 * PERIOD_MS;
  const limit = createRateLimit({ requests: 3, now: () => time });
  const four = (id: string) => [1, 2, 3, 4].map(() => limit.admits(id));
  expect(four('a')).toEqual([true, true, true, false]);
  expect(four('b')).toEqual([true, true, true, false]);
  time += PERIOD_MS - 1;
  expect(limit.admits('a')).toBe(false);
  time += 1;
  expect(four('a')).toEqual([true, true, true, false]);
  time -= PERIOD_MS;
  expect(limit.admits('a'), 'a clock set back begins anew').toBe(true);
});

test('a key that asks too often is refused for a while, and others are not', async () => {
  let time = 0;
  const app = createApp({ rateLimit: createRateLimit({ requests: 2, now: () => time }) });
  const [busy, other] = [await createKey('predict'), await createKey('predict')];
  const ask = ({ key }: { key: string }) =>
    app.request('/v1/models', { headers: { authorization: `Bearer ${key}` } }, env);
  expect([(await ask(busy)).status, (await ask(busy)).status]).toEqual([200, 200]);
  const refused = await ask(busy);
  expect(refused.headers.get('retry-after')).toBe('10');
  const problem = await expectProblem(refused, 429, 'rate-limited');
  expect(problem).toMatchObject({ field: 'authorization', value: 'predict of a test' });
  expect((await ask(other)).status).toBe(200);
  time += PERIOD_MS;
  expect((await ask(busy)).status).toBe(200);
});

test('what needs no key has no limit, and a wrong key does not spend a right one', async () => {
  const app = createApp({ rateLimit: createRateLimit({ requests: 1 }) });
  const { key } = await createKey('predict');
  for (let i = 0; i < 5; i++) {
    expect((await app.request('/healthz', {}, env)).status).toBe(200);
    const wrong = { headers: { authorization: `Bearer ${key}x` } };
    await expectProblem(await app.request('/v1/models', wrong, env), 401, 'key-invalid');
  }
  const right = { headers: { authorization: `Bearer ${key}` } };
  expect((await app.request('/v1/models', right, env)).status).toBe(200);
});
