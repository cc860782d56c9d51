import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { freePort } from '../demo/free-port.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const KEY = 'operator-key-of-the-test';
const env = { DANDAN_OPERATOR_KEY: KEY };

async function bundleFile() {
  const dir = await temporaryFolder();
  const { bytes, sha256 } = await createTestBundle();
  const file = join(dir, 'bundle.safetensors');
  await writeFile(file, bytes);
  return { dir, file, bytes, sha256 };
}

test('dandan push uploads the bundle, then points the channel at it', async () => {
  const { file, bytes, sha256 } = await bundleFile();
  const calls: { method?: string; url?: string; key?: string; body: Buffer }[] = [];
  await using server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    const body = Buffer.concat(chunks);
    calls.push({
      body,
      ...(method && { method }),
      ...(url && { url }),
      ...(headers.authorization && { key: headers.authorization }),
    });
    response.setHeader('content-type', 'application/json').end('{"channel":"canary"}');
  }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const edge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['push', '--bundle', file, '--edge', edge, '--channel', 'canary', '--json'];
  const { code, json, stdout, stderr } = await runCli(args, { env });
  expect(code).toBe(0);
  expect(json).toEqual({
    model: 'test-model',
    bundle: sha256,
    bytes: bytes.byteLength,
    channel: 'canary',
  });
  expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `PUT /v1/models/test-model/bundles/${sha256}`,
    'POST /v1/models/test-model/channels/canary',
  ]);
  expect(calls.every(({ key }) => key === `Bearer ${KEY}`)).toBe(true);
  expect(calls[0].body.equals(bytes)).toBe(true);
  expect(JSON.parse(calls[1].body.toString())).toEqual({ bundle: sha256 });
  expect(stdout + stderr).not.toContain(KEY);
});

test('dandan push to a closed port exits 1 with edge-unreachable', async () => {
  const { file } = await bundleFile();
  const edge = `http://127.0.0.1:${await freePort()}`;
  const result = await runCli(['push', '--bundle', file, '--edge', edge, '--json'], { env });
  expect(result.code).toBe(1);
  expect(result.json).toMatchObject({ error: { code: 'edge-unreachable', value: edge } });
  expect(result.stdout + result.stderr).not.toContain(KEY);
});

test('dandan push without a key or with an address that is no URL exits 2', async () => {
  const { file } = await bundleFile();
  const [noKey, noUrl] = await Promise.all([
    runCli(['push', '--bundle', file, '--edge', 'http://127.0.0.1:9', '--json']),
    runCli(['push', '--bundle', file, '--edge', 'localhost', '--json'], { env }),
  ]);
  expect(noKey).toMatchObject({ code: 2, json: { error: { code: 'option-invalid' } } });
  expect(noKey.stderr).toContain('DANDAN_OPERATOR_KEY');
  expect(noUrl).toMatchObject({ code: 2, json: { error: { field: '--edge' } } });
});

test('dandan push sends nothing that is no bundle', async () => {
  const { dir } = await bundleFile();
  const file = join(dir, 'broken.safetensors');
  await writeFile(file, 'no bundle');
  // A port nobody listens on: a bundle that were sent would end as edge-unreachable.
  const edge = `http://127.0.0.1:${await freePort()}`;
  const { code, json } = await runCli(['push', '--bundle', file, '--edge', edge, '--json'], {
    env,
  });
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: expect.stringMatching(/^bundle-/) } });
});
