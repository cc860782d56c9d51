// What a channel means since a release: a statement that the person who releases has signed.
//
// It names the new bundle and the one to fall back to. Edge and gateways may move between these two,
// which makes a canary and an automatic rollback possible without a private key on a server, and
// nowhere else. Numbers only grow, so an old statement cannot be played again as new.
import * as z from 'zod';
import { modelNameSchema } from '../bundle/manifest.ts';
import { InputError } from '../error/index.ts';
import { channelNameSchema } from '../wire/predict.ts';
import { type Envelope, signText, verifiedText } from './envelope.ts';
import type { SigningKey, VerifyingKey } from './signing-key.ts';

export const POINTER_TYPE = 'application/vnd.dandan.pointer+json';

/** A statement nobody has renewed for longer than this says nothing about today. */
export const MAX_POINTER_DAYS = 400;

/** Clocks of signer and verifier may differ by this much. */
export const MAX_CLOCK_SKEW_MS = 5 * 60_000;

const DAY_MS = 86_400_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

export const pointedBundleSchema = z.strictObject({
  /** SHA-256 of the whole file. */
  sha256,
  /** SHA-256 of its header: with the manifest's hashes it vouches for a prefix of stages. */
  header: sha256,
  /** Length of the whole file. */
  bytes: z.int().min(1),
});

export const pointerSchema = z.strictObject({
  schema: z.literal(1),
  model: modelNameSchema,
  channel: channelNameSchema,
  /** Grows within the channel; an older number is never taken again. */
  release: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  bundle: pointedBundleSchema,
  /** Where a rollback leads; `null` in the first release of a channel. */
  fallback: pointedBundleSchema.nullable(),
  issued: z.iso.datetime(),
  /** From then on nobody installs by this statement; what runs goes on. */
  expires: z.iso.datetime(),
});

export type PointedBundle = z.infer<typeof pointedBundleSchema>;
export type Pointer = z.infer<typeof pointerSchema>;

/** Signs a pointer. @throws {InputError} `pointer-malformed`. */
export function signPointer(pointer: Pointer, key: SigningKey): Promise<Envelope> {
  const text = JSON.stringify(parsePointer(JSON.stringify(pointer)));
  return signText({ payloadType: POINTER_TYPE, text, key });
}

function parsePointer(text: string): Pointer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new InputError('pointer-malformed', 'The payload is not JSON', {
      field: 'payload',
      cause,
    });
  }
  const result = pointerSchema.safeParse(json);
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    throw new InputError('pointer-malformed', `The pointer is not usable: ${message}`, {
      field: ['pointer', ...path].join('.'),
      allowed: message,
    });
  }
  const { issued, expires } = result.data;
  const lifeMs = Date.parse(expires) - Date.parse(issued);
  if (lifeMs > 0 && lifeMs <= MAX_POINTER_DAYS * DAY_MS) return result.data;
  throw new InputError('pointer-malformed', 'The pointer is valid for no time, or for too long', {
    field: 'pointer.expires',
    value: expires,
    allowed: `after ${issued}, by at most ${MAX_POINTER_DAYS} days`,
  });
}

export interface VerifyPointerOptions {
  readonly envelope: Envelope;
  readonly keys: readonly VerifyingKey[];
  readonly model: string;
  readonly channel: string;
}

export interface OpenPointerOptions extends VerifyPointerOptions {
  /** Highest release number seen so far; 0 before the first. */
  readonly after: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The pointer of an envelope, whether or not it may still be acted on: what was taken up in its time
 * goes on after it.
 *
 * @throws {InputError} `pointer-malformed`, `pointer-key-unknown`, `pointer-signature-invalid`,
 * `pointer-mismatch` for another model or channel.
 */
export async function verifyPointer(options: VerifyPointerOptions): Promise<Pointer> {
  const { envelope, keys } = options;
  const pointer = parsePointer(await verifiedText({ payloadType: POINTER_TYPE, envelope, keys }));
  for (const field of ['model', 'channel'] as const) {
    if (pointer[field] === options[field]) continue;
    throw new InputError('pointer-mismatch', `The pointer is of another ${field}`, {
      field: `pointer.${field}`,
      value: pointer[field],
      allowed: options[field],
    });
  }
  return pointer;
}

/**
 * The pointer of an envelope that may be acted on.
 *
 * @throws {InputError} `pointer-malformed`, `pointer-key-unknown`, `pointer-signature-invalid`,
 * `pointer-mismatch` for another model or channel, `pointer-expired`, `pointer-replayed` when its
 * number is not above `after`.
 */
export async function openPointer(options: OpenPointerOptions): Promise<Pointer> {
  const { after, now } = options;
  const pointer = await verifyPointer(options);
  const { issued, expires, release } = pointer;
  if (now >= Date.parse(expires) || now < Date.parse(issued) - MAX_CLOCK_SKEW_MS) {
    throw new InputError('pointer-expired', 'The pointer is not valid at this time', {
      field: 'pointer.expires',
      value: expires,
      allowed: `valid from ${issued}; here it is ${new Date(now).toISOString()}`,
    });
  }
  if (release > after) return pointer;
  throw new InputError('pointer-replayed', `Release ${release} is not new`, {
    field: 'pointer.release',
    value: release,
    allowed: `above ${after}`,
  });
}
