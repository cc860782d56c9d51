// The edge itself, as its user starts it on a server of their own: workerd, D1, R2 and all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signFirstRelease, type TestBundle } from '@dandan/shared/testing';
import { freePort } from './free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../edge/bin/dandan-edge.js', import.meta.url));
const OPERATOR_KEY = 'operator-key-of-a-test';

/** It builds the Worker first; two cores that run other tests need a while. */
const START_MS = 120_000;

export interface RealEdge {
  readonly url: string;
  /** A new key of scope `device`. */
  createKey(name: string): Promise<string>;
  /** Uploads a bundle and makes it the first release of `stable`. */
  publish(bundle: TestBundle): Promise<void>;
  /** A route's answer to an operator. */
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

export async function startRealEdge(): Promise<RealEdge> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-real-edge-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--data', folder, '--port', `${port}`], {
    env: { ...process.env, OPERATOR_KEY, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }

  async function stop(): Promise<void> {
    if (child.exitCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    await rm(folder, { recursive: true, force: true });
  }

  async function call(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, ...init.headers };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  const post = (path: string, body: object) =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const deadline = Date.now() + START_MS;
  for (;;) {
    const healthy = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The edge does not start: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async createKey(name) {
      const { key } = (await post('/v1/keys', { name, scope: 'device' })) as { key: string };
      return key;
    },
    async publish(made) {
      const { model } = made.bundle.manifest;
      const { trust, publish } = await signFirstRelease(made);
      await call(`/v1/models/${model}/bundles/${made.sha256}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/vnd.safetensors' },
        body: new Uint8Array(made.bytes),
      });
      await post('/v1/signing-keys', trust);
      await post(`/v1/models/${model}/channels/stable`, publish);
    },
    get: async <T>(path: string) => (await call(path)) as T,
    stop,
  };
}
