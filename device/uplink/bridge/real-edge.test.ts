// The whole way on real parts: link → mosquitto → bridge → the edge in workerd.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBundle, createTestRows, signFirstRelease } from '@dandan/shared/testing';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { expect, test, vi } from 'vitest';
import { connectLink, connectTo, startBridge } from '../../testing/bridge-link.ts';
import { edgeAnswers } from '../../testing/edge-server.ts';
import { freePort } from '../../testing/free-port.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { createEdgeClient } from '../escalation/index.ts';

// A start bundles the Worker, beside other tests on the same cores.
vi.setConfig({ testTimeout: 120_000 });

const PROGRAM = fileURLToPath(new URL('../../../edge/bin/dandan-edge.js', import.meta.url));
const OPERATOR_KEY = 'operator-key-of-the-bridge-test';
const NEVER = new AbortController().signal;

async function startEdge(data: string): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--data', data, '--port', `${port}`], {
    env: { ...process.env, NODE_OPTIONS: '', OPERATOR_KEY },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const ready = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await vi.waitUntil(async () => child.exitCode !== null || (await ready()), {
    timeout: 90_000,
    interval: 100,
  });
  expect(child.exitCode).toBeNull();
  return { url, child };
}

test.skipIf(skipMosquitto)(
  'the edge in workerd answers through the bridge as over HTTPS',
  async () => {
    const data = await mkdtemp(join(tmpdir(), 'dandan-bridge-edge-'));
    const broker = await startMosquitto();
    const { url, child } = await startEdge(data);
    const ask = (method: string, path: string, body: object) =>
      fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${OPERATOR_KEY}`,
          'content-type': body instanceof Uint8Array ? SAFETENSORS_MEDIA_TYPE : 'application/json',
        },
        body: body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
      });
    try {
      const made = await createTestBundle();
      const { model } = made.bundle.manifest;
      const path = `/v1/models/${model}`;
      expect((await ask('PUT', `${path}/bundles/${made.sha256}`, made.bytes)).status).toBe(201);
      const { trust, publish } = await signFirstRelease(made);
      expect((await ask('POST', '/v1/signing-keys', trust)).status).toBe(201);
      expect((await ask('POST', `${path}/channels/stable`, publish)).status).toBe(201);
      const issued = await ask('POST', '/v1/keys', { name: 'bridge-1', scope: 'device' });
      const { key } = (await issued.json()) as { key: string };
      const bridge = await startBridge(broker.url, url, { edge: { url, key, timeoutMs: 20_000 } });
      const transport = await connectTo(broker.url);
      const link = await connectLink(transport, { timeoutMs: 20_000 });
      const rows = createTestRows(made.bundle.input, 64);
      const batch = { rows, bundle: made.sha256, model };
      const bridged = await link.escalate(batch, NEVER);
      expect(bridged).toMatchObject({ kind: 'answered', answers: edgeAnswers(made, rows) });
      const client = createEdgeClient({ url, key, timeoutMs: 20_000 });
      expect(await client.escalate(batch, NEVER)).toEqual(bridged);
      const unknown = await link.escalate({ ...batch, bundle: 'f'.repeat(64) }, NEVER);
      expect(unknown).toMatchObject({ kind: 'refused', status: 404 });
      await transport.close();
      await bridge.stop();
    } finally {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      await broker.dispose();
      await rm(data, { recursive: true, force: true });
    }
  },
);
