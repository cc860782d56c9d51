// X25519 keys of sites: each pair of sites derives the mask that one adds and the other subtracts.
import { webcrypto } from 'node:crypto';
import { InputError } from '@dandan/shared/error';

type CryptoKey = webcrypto.CryptoKey;

const { subtle } = webcrypto;
const ALGORITHM = 'X25519';

/** Of a public key, raw. */
export const PUBLIC_KEY_BYTES = 32;

export interface SiteKey {
  readonly privateKey: CryptoKey;
  /** Base64 of 32 bytes. */
  readonly publicKey: string;
}

async function publicOf(privateKey: CryptoKey): Promise<string> {
  const { x } = await subtle.exportKey('jwk', privateKey);
  return Buffer.from(x ?? '', 'base64url').toString('base64');
}

/** A new key, and its private half as PKCS #8. */
export async function createSiteKey(): Promise<{ key: SiteKey; pkcs8: Uint8Array }> {
  const pair = (await subtle.generateKey(ALGORITHM, true, ['deriveBits'])) as {
    privateKey: CryptoKey;
  };
  const { privateKey } = pair;
  const pkcs8 = new Uint8Array(await subtle.exportKey('pkcs8', privateKey));
  return { key: { privateKey, publicKey: await publicOf(privateKey) }, pkcs8 };
}

/** @throws {InputError} `signing-key-invalid`. */
export async function importSiteKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<SiteKey> {
  try {
    const privateKey = await subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['deriveBits']);
    return { privateKey, publicKey: await publicOf(privateKey) };
  } catch (cause) {
    throw new InputError('signing-key-invalid', 'This is no key of a site', {
      field: '--key',
      allowed: 'a file that `dandan federate key` made',
      cause,
    });
  }
}

export interface PairMaskOptions {
  readonly own: SiteKey;
  /** Base64 of the other site's public key. */
  readonly other: string;
  /** What the mask is for: no two uses may share it. */
  readonly context: string;
  /** Numbers. */
  readonly length: number;
}

/**
 * The same random numbers at both sites of a pair: X25519, HKDF-SHA-256, AES-256 in counter mode
 * over zeros.
 *
 * @returns uint64 [length].
 */
export async function pairMask(options: PairMaskOptions): Promise<BigUint64Array> {
  const { own, other, context, length } = options;
  const raw = Uint8Array.from(Buffer.from(other, 'base64'));
  const publicKey = await subtle.importKey('raw', raw, ALGORITHM, true, []);
  const secret = await subtle.deriveBits(
    { name: ALGORITHM, public: publicKey },
    own.privateKey,
    8 * PUBLIC_KEY_BYTES,
  );
  const material = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const key = await subtle.deriveKey(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(32),
      info: new TextEncoder().encode(context),
    },
    material,
    { name: 'AES-CTR', length: 256 },
    false,
    ['encrypt'],
  );
  const counter = { name: 'AES-CTR', counter: new Uint8Array(16), length: 64 };
  const stream = Buffer.from(await subtle.encrypt(counter, key, new Uint8Array(8 * length)));
  return BigUint64Array.from({ length }, (_, i) => stream.readBigUInt64LE(8 * i));
}
