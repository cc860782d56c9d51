// Signed releases for the edge's tests.
import {
  createSigningKey,
  describeBundle,
  type Envelope,
  exportPublicKey,
  type Pointer,
  type SigningKey,
  signPointer,
} from '@dandan/shared/release';
import type { TestBundle } from '@dandan/shared/testing';
import { expect } from 'vitest';
import { bundlePath, call, safetensors } from './edge-client.ts';

/** The key that the tests release with. */
export const SIGNER: SigningKey = await createSigningKey();

/** Makes the edge trust a key; adding one twice is no error. */
export async function trust(key = SIGNER): Promise<void> {
  const json = { name: 'release', publicKey: await exportPublicKey(key) };
  expect((await call('POST /v1/signing-keys', { json })).status).toBe(201);
}

export async function upload(test: TestBundle): Promise<void> {
  const { status } = await call(`PUT ${bundlePath(test)}`, safetensors(test.bytes));
  expect([200, 201]).toContain(status);
}

export interface ChannelAnswer {
  readonly release: number;
  readonly bundle: string;
  readonly fallback: string | null;
  readonly state: 'canary' | 'promoted' | 'rolled-back';
  readonly serve: string;
  readonly reason: string;
}

export const channelPath = (test: TestBundle, channel = 'stable') =>
  `/v1/models/${test.bundle.manifest.model}/channels/${channel}`;

export async function showChannel(path: string, key?: string): Promise<ChannelAnswer | undefined> {
  const response = await call(`GET ${path}`, key === undefined ? {} : { key });
  return response.ok ? response.json<ChannelAnswer>() : undefined;
}

export interface DraftOptions {
  readonly channel?: string;
  /** What the pointer says instead of what would be right. */
  readonly change?: Partial<Pointer>;
  readonly key?: SigningKey;
  /** The bundle to fall back to. */
  readonly fallback?: TestBundle | undefined;
}

const DAY_MS = 86_400_000;

/** A signed pointer to `test`, the next release of its channel unless `change` says otherwise. */
export async function signed(test: TestBundle, options: DraftOptions = {}): Promise<Envelope> {
  const { channel = 'stable', change, key = SIGNER, fallback } = options;
  const current = await showChannel(channelPath(test, channel));
  const now = Date.now();
  const pointer: Pointer = {
    schema: 1,
    model: test.bundle.manifest.model,
    channel,
    release: (current?.release ?? 0) + 1,
    bundle: await describeBundle(test.bytes),
    fallback: fallback ? await describeBundle(fallback.bytes) : null,
    issued: new Date(now).toISOString(),
    expires: new Date(now + 30 * DAY_MS).toISOString(),
    ...change,
  };
  return signPointer(pointer, key);
}

/** Publishes `test` on its channel; `canary` as the route takes it. */
export async function release(
  test: TestBundle,
  options: DraftOptions & { readonly canary?: object } = {},
): Promise<ChannelAnswer> {
  const { canary, ...draft } = options;
  const json = { pointer: await signed(test, draft), ...(canary && { canary }) };
  const response = await call(`POST ${channelPath(test, draft.channel)}`, { json });
  expect([response.status, await response.clone().text()]).toMatchObject([201, expect.anything()]);
  return response.json<ChannelAnswer>();
}

/** Uploads a bundle and points channel `stable` of a model that has none at it. */
export async function publish(test: TestBundle): Promise<void> {
  await trust();
  await upload(test);
  await release(test);
}
