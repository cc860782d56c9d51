// A signed release for tests and benchmarks whose edge has none yet.
import {
  createSigningKey,
  describeBundle,
  exportPublicKey,
  type SigningKey,
  signPointer,
} from '../release/index.ts';
import type { TestBundle } from './test-bundle.ts';

const DAY_MS = 86_400_000;

/**
 * The bodies that make a bundle the first release of a channel: one to trust a key
 * (`POST /v1/signing-keys`), one to publish (`POST /v1/models/{model}/channels/{channel}`).
 */
export async function signFirstRelease(
  { bytes, bundle }: Pick<TestBundle, 'bytes' | 'bundle'>,
  options: { readonly channel?: string; readonly key?: SigningKey } = {},
) {
  const { channel = 'stable', key = await createSigningKey() } = options;
  const now = Date.now();
  const pointer = await signPointer(
    {
      schema: 1,
      model: bundle.manifest.model,
      channel,
      release: 1,
      bundle: await describeBundle(bytes),
      fallback: null,
      issued: new Date(now).toISOString(),
      expires: new Date(now + DAY_MS).toISOString(),
    },
    key,
  );
  return {
    trust: { name: 'first release', publicKey: await exportPublicKey(key) },
    publish: { pointer },
  };
}
