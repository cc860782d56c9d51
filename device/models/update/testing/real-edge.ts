// Dandan's own edge as a process, with what a person does at it to release a bundle.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Envelope, exportPublicKey } from '@dandan/shared/release';
import type { TestBundle } from '@dandan/shared/testing';
import { SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { freePort } from '../../../testing/free-port.ts';
import { CHANNEL, MODEL, SIGNER } from './releases.ts';

const PROGRAM = fileURLToPath(new URL('../../../../edge/bin/dandan-edge.js', import.meta.url));
/** It builds the Worker first, which takes two seconds alone and longer beside other tests. */
const START_MS = 90_000;

const OPERATOR_KEY = 'operator-key-of-the-tests-of-updates';

export interface RealEdge extends AsyncDisposable {
  readonly url: string;
  /** A key of a gateway. */
  key(device: string): Promise<string>;
  upload(bundle: TestBundle): Promise<void>;
  publish(pointer: Envelope, canary?: object): Promise<void>;
  rollBack(release: number): Promise<void>;
  call(method: string, path: string, body?: unknown, key?: string): Promise<Response>;
}

export async function startRealEdge(): Promise<RealEdge> {
  const folder = await mkdtemp(join(tmpdir(), 'dandan-update-edge-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [PROGRAM, 'serve', '--data', folder, '--port', String(port)],
    { stdio: 'ignore', env: { ...process.env, OPERATOR_KEY } },
  );
  const closed = once(child, 'close');

  async function call(method: string, path: string, body?: unknown, key = OPERATOR_KEY) {
    const bytes = body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': bytes ? SAFETENSORS_MEDIA_TYPE : 'application/json',
      },
      ...(body === undefined
        ? {}
        : { body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }

  const channel = `/v1/models/${MODEL}/channels/${CHANNEL}`;
  const end = async () => {
    child.kill('SIGTERM');
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  const healthy = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const deadline = Date.now() + START_MS; !(await healthy()); await delay(100)) {
    if (Date.now() < deadline) continue;
    await end();
    throw new Error(`The edge did not start within ${START_MS} ms`);
  }
  const publicKey = await exportPublicKey(SIGNER);
  await call('POST', '/v1/signing-keys', { name: 'tests', publicKey });
  return {
    url,
    call,
    async key(device) {
      const body = { name: device, scope: 'device', device };
      const { key } = (await (await call('POST', '/v1/keys', body)).json()) as { key: string };
      return key;
    },
    async upload({ bytes, sha256 }) {
      await call('PUT', `/v1/models/${MODEL}/bundles/${sha256}`, bytes);
    },
    async publish(pointer, canary) {
      await call('POST', channel, { pointer, ...(canary && { canary }) });
    },
    async rollBack(release) {
      await call('POST', `${channel}/rollout`, { release, action: 'rollback', reason: 'test' });
    },
    [Symbol.asyncDispose]: end,
  };
}
