// The next release of a channel, signed here: what the edge says of the present is believed only
// where this key has signed it, or where the file itself is at hand.
import { InputError } from '@dandan/shared/error';
import {
  describeBundle,
  type Envelope,
  envelopeSchema,
  knownGood,
  openPointer,
  type PointedBundle,
  type Pointer,
  type SigningKey,
  signPointer,
} from '@dandan/shared/release';
import * as z from 'zod';
import { type EdgeClient, refusalCode } from '../edge-client/edge-client.ts';

const DAY_MS = 86_400_000;

/** Parts of the edge's answer on a channel that a release builds on. */
const channelSchema = z.object({
  release: z.int().min(1),
  state: z.string(),
  bundle: z.string(),
  fallback: z.string().nullable(),
  pointer: envelopeSchema.nullable(),
});

type Channel = z.output<typeof channelSchema>;

export const channelPath = (model: string, channel: string) =>
  `/v1/models/${model}/channels/${channel}`;

/** The channel as it is now; `undefined` before its first release. */
async function readChannel(client: EdgeClient, path: string): Promise<Channel | undefined> {
  try {
    return channelSchema.parse(await client.call('GET', path));
  } catch (error) {
    if (refusalCode(error) === 'channel-unknown') return undefined;
    throw error;
  }
}

/**
 * The pointer of an envelope if `key` signed it. Its time does not matter here: an old statement
 * still says truly what it once pointed at.
 */
async function openOwn(
  envelope: Envelope,
  { key, model, channel }: SignReleaseOptions,
): Promise<Pointer | undefined> {
  try {
    const { issued } = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
    const now = Date.parse(issued);
    return await openPointer({ envelope, keys: [key], model, channel, after: 0, now });
  } catch {
    return undefined;
  }
}

/** What this key has signed of the bundle that the channel serves as good. */
async function signedFallback(
  current: Channel,
  options: SignReleaseOptions,
): Promise<PointedBundle | null> {
  const good = knownGood(current);
  if (good === null) return null;
  const opened = current.pointer && (await openOwn(current.pointer, options));
  const known = opened && [opened.bundle, opened.fallback].find((each) => each?.sha256 === good);
  if (known) return known;
  const { model, channel } = options;
  throw new InputError(
    'option-invalid',
    `Another key has signed what ${model}/${channel} serves now`,
    {
      field: '--fallback',
      value: good,
      allowed: 'the file of that bundle, so that this key vouches for what it has seen',
    },
  );
}

export interface SignReleaseOptions {
  readonly client: EdgeClient;
  readonly key: SigningKey;
  readonly model: string;
  readonly channel: string;
  readonly bundle: Uint8Array<ArrayBuffer>;
  /** File of the bundle to fall back to, where another key has signed it. */
  readonly fallback?: Uint8Array<ArrayBuffer> | undefined;
  readonly validDays: number;
}

/**
 * A signed pointer that follows what the channel serves now.
 *
 * @throws {InputError} `option-invalid` where the bundle to fall back to cannot be vouched for, and
 * as the client does.
 */
export async function signRelease(options: SignReleaseOptions): Promise<Envelope> {
  const { client, key, model, channel, bundle, validDays } = options;
  const current = await readChannel(client, channelPath(model, channel));
  const now = Date.now();
  const pointer: Pointer = {
    schema: 1,
    model,
    channel,
    release: (current?.release ?? 0) + 1,
    bundle: await describeBundle(bundle),
    fallback: await fallbackOf(current, options),
    issued: new Date(now).toISOString(),
    expires: new Date(now + validDays * DAY_MS).toISOString(),
  };
  return signPointer(pointer, key);
}

async function fallbackOf(current: Channel | undefined, options: SignReleaseOptions) {
  if (current === undefined) return null;
  const { fallback } = options;
  return fallback ? describeBundle(fallback) : signedFallback(current, options);
}
