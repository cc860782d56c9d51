// A bundle to an edge's registry and, signed, to a channel.
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import type { EdgeClient } from '../edge-client/edge-client.ts';
import { channelPath, signRelease } from '../release/sign-release.ts';
import { trustFirstKey } from '../release/trust-first-key.ts';
import type { Output } from './output.ts';
import { openSigningKey } from './signing-key.ts';

export interface Canary {
  readonly percent: number;
  readonly deadlineMinutes?: number | undefined;
  readonly atDeadline?: 'promote' | 'rollback' | undefined;
}

export interface PushBundleOptions {
  readonly client: EdgeClient;
  readonly edge: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly channel: string;
  /** @default {all gateways at once} */
  readonly canary?: Canary | undefined;
  /** File of the bundle to fall back to, where another key has signed it. */
  readonly fallback?: Uint8Array<ArrayBuffer> | undefined;
  /** File of the signing key. */
  readonly signingKey: string;
  readonly validDays: number;
  readonly output: Output;
}

/** Figures of a release as commands give them out. */
export type PushedRelease = Readonly<Record<string, unknown>>;

function tell(output: Output, edge: string, channel: string, released: PushedRelease) {
  const { model, bundle, release, state, percent, deadline } = released;
  output.line(`${model} ${String(bundle).slice(0, 12)} is at ${edge}, channel ${channel}`);
  if (state !== 'canary') return;
  output.line(`Release ${release} is tried by ${percent} % of the gateways until ${deadline};`);
  output.line(`promote it or roll it back with: dandan channel promote|rollback`);
}

/** @throws {InputError} as the client and `signRelease` do. */
export async function pushBundle(options: PushBundleOptions): Promise<PushedRelease> {
  const { client, edge, bytes, channel, canary, fallback, validDays, output } = options;
  const { model } = (await readBundle(bytes)).manifest;
  const sha256 = await sha256Hex(bytes);
  await client.putBundle(model, sha256, bytes);
  const key = await openSigningKey(options.signingKey, output);
  if (await trustFirstKey(client, key, 'first release')) {
    output.line(`${edge} now trusts the signing key ${key.id.slice(0, 12)}`);
  }
  const pointer = await signRelease({
    client,
    key,
    model,
    channel,
    bundle: bytes,
    fallback,
    validDays,
  });
  const json = { pointer, ...(canary && { canary }) };
  const released = await client.call('POST', channelPath(model, channel), { json });
  tell(output, edge, channel, released);
  const { pointer: _, ...shown } = released;
  return { model, bundle: sha256, bytes: bytes.byteLength, ...shown };
}
