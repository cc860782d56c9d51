import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEdgePost } from './edge-post.ts';

let server: Server;
let url: string;
let answer: RequestListener;
const NEVER = new AbortController().signal;
const POST = { path: 'v1/heartbeats', body: '{"a":1}', mediaType: 'application/json' };

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/edge`;
});
afterEach(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const send = (timeoutMs = 5000) => createEdgePost({ url, key: 'k-123', timeoutMs })(POST, NEVER);

test('a report goes below the base URL, with key, type and name', async () => {
  const seen: unknown[] = [];
  answer = (request, response) => {
    const { authorization, 'content-type': type, 'idempotency-key': name } = request.headers;
    seen.push(request.method, request.url, authorization, type, name);
    response.end('{"ok":true}');
  };
  const post = createEdgePost({ url, key: 'k-123', timeoutMs: 5000 });
  const outcome = await post({ ...POST, idempotencyKey: 'n' }, NEVER);
  expect(outcome).toEqual({ kind: 'taken', json: { ok: true } });
  expect(seen).toEqual(['POST', '/edge/v1/heartbeats', 'Bearer k-123', 'application/json', 'n']);
});

const problem = JSON.stringify({
  type: 'about:blank',
  title: 'No',
  status: 422,
  detail: 'k-123',
  code: 'option-invalid',
  field: 'models[0]',
});
test.each<[number, string, Record<string, string>, object]>([
  [204, '', {}, { kind: 'taken', json: undefined }],
  [200, '<html>', {}, { kind: 'taken', json: undefined }],
  [500, '', {}, { kind: 'unavailable', reason: 'HTTP 500', retryAfterMs: 0 }],
  [429, '', { 'retry-after': '7' }, { kind: 'unavailable', retryAfterMs: 7000 }],
  [503, '', { 'retry-after': 'soon' }, { kind: 'unavailable', retryAfterMs: 0 }],
  [401, '', {}, { kind: 'unauthorised' }],
  [403, '', {}, { kind: 'unauthorised' }],
  [404, '', {}, { kind: 'refused', reason: 'HTTP 404' }],
  [
    422,
    problem,
    { 'content-type': 'application/problem+json' },
    { kind: 'refused', reason: 'HTTP 422 option-invalid (models[0])' },
  ],
  [422, problem, { 'content-type': 'text/html' }, { kind: 'refused', reason: 'HTTP 422' }],
  [302, '', { location: 'http://127.0.0.1:1/' }, { kind: 'unavailable' }],
  [200, ' '.repeat(65_537), {}, { kind: 'unavailable', reason: 'answer too long' }],
])('status %d is judged', async (status, body, headers, expected) => {
  answer = (_, response) => {
    response.writeHead(status, headers).end(body);
  };
  const outcome = await send();
  expect(outcome).toMatchObject(expected);
  expect(JSON.stringify(outcome)).not.toContain('k-123');
});

test('an edge that is silent, cuts off or is not there is unavailable', async () => {
  answer = () => {};
  expect(await send(50)).toMatchObject({ kind: 'unavailable', reason: 'timeout' });
  answer = (request) => request.socket.destroy();
  expect(await send()).toMatchObject({ kind: 'unavailable' });
  url = 'http://127.0.0.1:1';
  expect(await send()).toMatchObject({ kind: 'unavailable' });
});

test('a signal that is aborted is the caller’s', async () => {
  const reason = new Error('stop');
  const post = createEdgePost({ url, key: 'k', timeoutMs: 100 });
  await expect(post(POST, AbortSignal.abort(reason))).rejects.toBe(reason);
});
