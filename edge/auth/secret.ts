// Key material: how keys are made, and how they are compared without leaking time.
import { encodeBase64Url } from 'hono/utils/encode';
import { MIN_OPERATOR_KEY_LENGTH } from './operator-key-length.ts';
import { MAX_BLOCK_TEXT, sha256Block } from './sha256-block.ts';

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

const ASCII = /^[ -~]*$/;

/** SHA-256 of a secret's UTF-8 bytes; of a key that was made here at once. */
export function digestSecret(secret: string): Uint8Array | Promise<Uint8Array> {
  if (secret.length <= MAX_BLOCK_TEXT && ASCII.test(secret)) return sha256Block(secret);
  const bytes = encoder.encode(secret);
  return crypto.subtle.digest('SHA-256', bytes).then((digest) => new Uint8Array(digest));
}

/** A digest as the database has it: 64 lower-case hex digits. */
export function hexOf(digest: Uint8Array): string {
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256 of a secret, as the database has it. */
export async function hexDigestOf(secret: string): Promise<string> {
  return hexOf(await digestSecret(secret));
}

/** Whether `digest` is that of the bootstrap key `operatorKey`; see {@linkcode createOperatorDigest}. */
export function isOperatorDigest(digest: Uint8Array, expected: Uint8Array | undefined): boolean {
  return expected !== undefined && crypto.subtle.timingSafeEqual(digest, expected);
}

/**
 * The digest of the bootstrap key, worked out once: it is that of every request. `undefined` while
 * that key is unset or too short.
 */
export function createOperatorDigest() {
  let known: string | undefined;
  let digest: Uint8Array | undefined;
  return function operatorDigest(
    operatorKey: string | undefined,
  ): Uint8Array | undefined | Promise<Uint8Array> {
    if (operatorKey === undefined || operatorKey.length < MIN_OPERATOR_KEY_LENGTH) return undefined;
    if (operatorKey === known) return digest;
    const made = digestSecret(operatorKey);
    const keep = (bytes: Uint8Array) => {
      known = operatorKey;
      digest = bytes;
      return bytes;
    };
    return made instanceof Promise ? made.then(keep) : keep(made);
  };
}
