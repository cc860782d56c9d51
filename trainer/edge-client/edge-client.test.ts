import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@dandan/shared/error';
import { PROBLEM_MEDIA_TYPE, type Problem, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { expect, onTestFinished, test } from 'vitest';
import { createEdgeClient } from './edge-client.ts';

const KEY = 'a-secret-of-the-test';

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
}

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A loopback server that answers everything alike and keeps what it was asked. */
async function serve({ status = 200, type = 'application/json', body = '{}' }: Answer) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    seen.push({ request, body: text });
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { edge, seen, client: createEdgeClient({ edge, key: KEY }) };
}

async function errorOf(call: Promise<unknown>): Promise<InputError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return error as InputError;
}

test('createEdgeClient() sends bundle, channel and key requests with the key in the header', async () => {
  const { client, seen } = await serve({ body: '{"ok":true}' });
  const bytes = new TextEncoder().encode('bytes of a bundle');
  expect(await client.putBundle('plant', 'abc', bytes)).toEqual({ ok: true });
  await client.call('POST', '/v1/models/plant/channels/stable', { json: { a: 1 } });
  await client.createKey('gateway-1', 'device');
  const lines = seen.map(({ request, body }) => [
    `${request.method} ${request.url}`,
    request.headers['content-type'],
    body,
  ]);
  expect(lines).toEqual([
    ['PUT /v1/models/plant/bundles/abc', SAFETENSORS_MEDIA_TYPE, 'bytes of a bundle'],
    ['POST /v1/models/plant/channels/stable', 'application/json', '{"a":1}'],
    ['POST /v1/keys', 'application/json', '{"name":"gateway-1","scope":"device"}'],
  ]);
  for (const { request } of seen) {
    expect(request.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(request.url).not.toContain(KEY);
  }
});

test("createEdgeClient() turns the edge's problem into an error with its code and reason", async () => {
  const problem: Problem = {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'Stage 2 of the bundle was altered',
    code: 'bundle-hash-mismatch',
    field: 'manifest.stages.1.sha256',
    value: 'beef',
    allowed: 'cafe',
  };
  const answer = { status: 400, type: PROBLEM_MEDIA_TYPE, body: JSON.stringify(problem) };
  const { client } = await serve(answer);
  const error = await errorOf(client.call('GET', '/v1/models/plant/channels/stable'));
  expect(error).toMatchObject({
    code: 'edge-refused',
    message: 'The edge refused: Stage 2 of the bundle was altered (bundle-hash-mismatch)',
    field: 'manifest.stages.1.sha256',
    value: 'beef',
    allowed: 'cafe',
  });
});

test('createEdgeClient() names --edge where the problem names no field', async () => {
  const problem = { type: 'x', title: 'x', status: 401, detail: 'No key', code: 'unauthorised' };
  const { client } = await serve({ status: 401, body: JSON.stringify(problem) });
  const error = await errorOf(client.createKey('gateway', 'device'));
  expect(error).toMatchObject({ code: 'edge-refused', field: '--edge' });
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain(KEY);
});

test.each([
  ['an error page', { status: 404, type: 'text/html', body: '<h1>Not found</h1>' }],
  ['another JSON error', { status: 500, body: '{"error":"boom"}' }],
  ['success in HTML', { status: 200, type: 'text/html', body: '<h1>Welcome</h1>' }],
  ['success without a body', { status: 204, body: '' }],
  ['success as a bare number', { status: 200, body: '1' }],
])('createEdgeClient() tells an answer that is not from Dandan: %s', async (_, answer) => {
  const { client, edge } = await serve(answer);
  const error = await errorOf(client.call('GET', '/v1/models/plant/channels/stable'));
  expect(error.code).toBe('edge-refused');
  expect(error.message).toBe(
    `${edge}/v1/models/plant/channels/stable answered ${answer.status}, not as Dandan's edge`,
  );
});

test('createEdgeClient() says that nobody answers on a closed port', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const edge = `http://127.0.0.1:${port}`;
  const client = createEdgeClient({ edge, key: KEY });
  const error = await errorOf(client.createKey('gateway', 'device'));
  expect(error).toMatchObject({ code: 'edge-unreachable', field: '--edge', value: edge });
  expect(error.message).not.toContain(KEY);
});

test('createEdgeClient() gives up when aborted, with the reason of the signal', async () => {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const controller = new AbortController();
  const reason = new Error('enough');
  server.on('request', () => controller.abort(reason));
  const client = createEdgeClient({ edge, key: KEY, signal: controller.signal });
  await expect(client.createKey('gateway', 'device')).rejects.toBe(reason);
});

test.each(['', 'localhost', 'localhost:8787', 'ftp://example.org', '//example.org'])(
  "createEdgeClient() refuses '%s' as no URL of an edge",
  (edge) => {
    expect(() => createEdgeClient({ edge, key: KEY })).toThrow(
      expect.objectContaining({ code: 'option-invalid', field: '--edge', value: edge }),
    );
  },
);
