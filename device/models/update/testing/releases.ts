// Bundles and signed releases of a model, for the tests of updates.
import {
  createSigningKey,
  describeBundle,
  type Envelope,
  type Pointer,
  type SigningKey,
  signPointer,
} from '@dandan/shared/release';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import { TEST_SPEC } from '../../../testing/telemetry-spec.ts';

export const MODEL = 'press';
export const CHANNEL = 'stable';

/** When the tests begin. */
export const START = Date.parse('2026-12-01T08:00:00Z');
export const DAY_MS = 86_400_000;

export const SIGNER: SigningKey = await createSigningKey();

/** Three versions of the model. */
export const VERSIONS: readonly TestBundle[] = await Promise.all(
  [1, 2, 3].map((seed) =>
    createTestBundle({ seed, telemetry: TEST_SPEC, model: MODEL, thresholds: [0.8, 0.8] }),
  ),
);

export interface ReleaseOptions {
  readonly release: number;
  readonly bundle: TestBundle;
  readonly fallback?: TestBundle | undefined;
  readonly change?: Partial<Pointer>;
  readonly key?: SigningKey;
}

/** A signed release as the person who releases makes it. */
export async function signRelease(options: ReleaseOptions): Promise<Envelope> {
  const { release, bundle, fallback, change, key = SIGNER } = options;
  const pointer: Pointer = {
    schema: 1,
    model: MODEL,
    channel: CHANNEL,
    release,
    bundle: await describeBundle(bundle.bytes),
    fallback: fallback ? await describeBundle(fallback.bytes) : null,
    issued: new Date(START - DAY_MS).toISOString(),
    expires: new Date(START + 30 * DAY_MS).toISOString(),
    ...change,
  };
  return signPointer(pointer, key);
}
