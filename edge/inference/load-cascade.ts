// From a hash or a channel to a bundle that can be run.
import { type Bundle, readBundle } from '@dandan/shared/bundle';
import { type Cascade, createCascade } from '@dandan/shared/cascade';
import type { Caller } from '../auth/scope.ts';
import { deviceOf } from '../devices/device-store.ts';
import type { Bindings } from '../env.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { type CurrentRelease, servedBundle } from '../registry/release.ts';
import type { ReleaseCache } from '../registry/release-cache.ts';
import { createReleaseStore } from '../registry/release-store.ts';
import { bundleUnknown, modelUnknown } from '../registry/unknown.ts';
import { superviseRelease } from '../rollout/supervise.ts';
import type { CascadeCache } from './cascade-cache.ts';

export interface LoadCascadeOptions {
  readonly env: Bindings;
  readonly cache: CascadeCache;
  readonly model: string;
  readonly sha256: string;
}

export interface NamedBundleOptions extends Pick<LoadCascadeOptions, 'env' | 'model'> {
  readonly releases: ReleaseCache;
  readonly caller: Caller;
}

/** The SHA-256 that options name, or that of the bundle their channel serves the caller now. */
export async function namedBundle(
  { env, model, releases, caller }: NamedBundleOptions,
  { bundle, channel }: { readonly bundle?: string | undefined; readonly channel: string },
): Promise<string> {
  if (bundle !== undefined) return bundle;
  const target = { env, model, channel };
  const release = await releases.find(target, () => findRelease(target));
  return servedBundle(release, deviceOf(caller));
}

/**
 * A bundle as it was uploaded.
 *
 * @param makeRoom called with its size before it is in memory.
 * @throws {EdgeError} `bundle-unknown`.
 */
export async function loadBundle(
  { env, model, sha256 }: Omit<LoadCascadeOptions, 'cache'>,
  makeRoom?: (bytes: number) => void,
): Promise<Bundle> {
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  const record = await store.find(model, sha256);
  if (record === undefined) throw bundleUnknown(model, sha256);
  makeRoom?.(record.bytes);
  const object = await store.open(sha256);
  return readBundle(new Uint8Array(await object.arrayBuffer()));
}

/**
 * Makes a bundle of `model` ready to run, from the cache where it is.
 *
 * Requests that miss at the same time each load the file: waiting on another
 * request's load would tie one client's answer to another client's connection.
 *
 * @throws {EdgeError} `bundle-unknown`.
 */
export async function loadCascade(options: LoadCascadeOptions): Promise<Cascade> {
  const { cache, model, sha256 } = options;
  const cached = cache.get(sha256);
  if (cached !== undefined) {
    if (cached.manifest.model !== model) throw bundleUnknown(model, sha256);
    return cached;
  }
  const cascade = createCascade(await loadBundle(options, cache.makeRoom));
  cache.set(sha256, cascade, cascade.block.bytes);
  return cascade;
}

/**
 * What a channel points at now, by one indexed row of D1.
 *
 * A canary past its deadline is ended here, whether or not a cron runs.
 *
 * @throws {EdgeError} `channel-unknown`, or `model-unknown` where the model has no bundle at all.
 */
export async function findRelease(options: {
  readonly env: Bindings;
  readonly model: string;
  readonly channel: string;
}): Promise<CurrentRelease> {
  const { env, model, channel } = options;
  const release = await createReleaseStore(env.REGISTRY).current(model, channel);
  if (release !== undefined) {
    const { deadline } = release;
    const due =
      release.state === 'canary' && deadline !== null && Date.now() >= Date.parse(deadline);
    return due ? superviseRelease(release, { database: env.REGISTRY }) : release;
  }
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  if ((await store.list(model)).length === 0) throw modelUnknown(model);
  throw new EdgeError('channel-unknown', `Model '${model}' has no channel '${channel}'`, {
    field: 'channel',
    value: channel,
    allowed: 'a channel that was pointed at a bundle',
  });
}
