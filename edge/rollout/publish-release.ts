// A signed pointer becomes the newest release of its channel, if everything it says holds here.

import { InputError } from '@dandan/shared/error';
import {
  type Envelope,
  knownGood,
  openPointer,
  type PointedBundle,
  type Pointer,
} from '@dandan/shared/release';
import type { Caller } from '../auth/scope.ts';
import type { Bindings } from '../env.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import type { CurrentRelease } from '../registry/release.ts';
import { createReleaseStore, type NewRelease } from '../registry/release-store.ts';
import { createSigningKeyStore } from '../registry/signing-key-store.ts';
import { bundleUnknown } from '../registry/unknown.ts';
import { releaseConflict } from './release-problems.ts';

interface PublishOptions {
  readonly env: Bindings;
  readonly model: string;
  readonly channel: string;
  readonly envelope: Envelope;
  readonly canary: NewRelease['canary'];
  readonly caller: Caller;
}

/** @throws {EdgeError} `bundle-unknown`; {InputError} `pointer-mismatch` where the file here differs. */
async function checkBundle(env: Bindings, { model, bundle }: Pointer): Promise<void> {
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  const stored = await store.find(model, bundle.sha256);
  if (stored === undefined) throw bundleUnknown(model, bundle.sha256, 'pointer.bundle.sha256');
  const here: Partial<PointedBundle> = {
    bytes: stored.bytes,
    ...(stored.header !== null && { header: stored.header }),
  };
  for (const field of ['bytes', 'header'] as const) {
    if (here[field] === undefined || here[field] === bundle[field]) continue;
    throw new InputError('pointer-mismatch', 'The pointer describes another file', {
      field: `pointer.bundle.${field}`,
      value: bundle[field],
      allowed: String(here[field]),
    });
  }
}

/**
 * Publishes a release.
 *
 * @throws {InputError} `pointer-*` (see `openPointer`), `option-invalid` for a canary with nothing
 * to fall back to; {EdgeError} `bundle-unknown`, `release-conflict` where the pointer's fallback is
 * not what the channel serves now as good, or another release came first.
 */
export async function publishRelease(options: PublishOptions): Promise<CurrentRelease> {
  const { env, model, channel, envelope, canary, caller } = options;
  const store = createReleaseStore(env.REGISTRY);
  const [keys, follows] = await Promise.all([
    createSigningKeyStore(env.REGISTRY).trusted(),
    store.current(model, channel),
  ]);
  const now = Date.now();
  const after = follows?.release ?? 0;
  const pointer = await openPointer({ envelope, keys, model, channel, after, now });
  await checkBundle(env, pointer);
  const good = follows ? knownGood(follows) : null;
  const fallback = pointer.fallback?.sha256 ?? null;
  if (fallback !== good) throw releaseConflict('pointer.fallback.sha256', fallback, follows);
  if (canary && fallback === null) {
    throw new InputError('option-invalid', 'The first release of a channel cannot be a canary', {
      field: 'canary',
      allowed: 'only where there is a bundle to fall back to',
    });
  }
  const published = await store.publish({ pointer, envelope, follows, canary }, caller);
  const current = await store.current(model, channel);
  if (!published || current === undefined) {
    throw releaseConflict('pointer.release', pointer.release, current);
  }
  return current;
}
