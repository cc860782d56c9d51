// Key material: how keys are made, and how they are compared without leaking time.
import { sha256Hex } from '@dandan/shared/bundle';
import { encodeBase64Url } from 'hono/utils/encode';
import { MIN_OPERATOR_KEY_LENGTH } from './operator-key-length.ts';

/** 256 bits: not to be guessed, so an unsalted SHA-256 at rest is enough. */
const KEY_BYTES = 32;

/** Marks the string as a Dandan key for people and for secret scanners. */
const KEY_PREFIX = 'dk_';

const encoder = new TextEncoder();

/** A new random key: `dk_` and 43 base64url characters. */
export function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return KEY_PREFIX + encodeBase64Url(bytes.buffer).replace('=', '');
}

/** SHA-256 of a secret's UTF-8 bytes, as hex. */
export function digestSecret(secret: string): Promise<string> {
  return sha256Hex(encoder.encode(secret));
}

/** Whether `digest` is that of the bootstrap key; never true while that key is unset or too short. */
export async function isOperatorKey(
  digest: string,
  operatorKey: string | undefined,
): Promise<boolean> {
  if (operatorKey === undefined || operatorKey.length < MIN_OPERATOR_KEY_LENGTH) return false;
  const expected = await digestSecret(operatorKey);
  return crypto.subtle.timingSafeEqual(encoder.encode(digest), encoder.encode(expected));
}
