// Ed25519 keys of the people who release bundles. The private half never leaves their machine;
// edge and gateways hold the public half.
import { sha256Hex } from '../bundle/hash.ts';
import { InputError } from '../error/index.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** RFC 8032. */
export const PUBLIC_KEY_BYTES = 32;

export interface VerifyingKey {
  /** SHA-256 of the raw public key, as hex. */
  readonly id: string;
  readonly publicKey: CryptoKey;
}

export interface SigningKey extends VerifyingKey {
  readonly privateKey: CryptoKey;
}

const idOf = async (publicKey: CryptoKey) =>
  sha256Hex(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));

/** A new key pair that may be exported. */
export async function createSigningKey(): Promise<SigningKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  return { ...pair, id: await idOf(pair.publicKey) };
}

/** The public half as base64 of its 32 raw bytes. */
export async function exportPublicKey({ publicKey }: VerifyingKey): Promise<string> {
  return encodeBase64(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)));
}

/** @throws {InputError} `signing-key-invalid` when `base64` is no Ed25519 public key. */
export async function importPublicKey(base64: string): Promise<VerifyingKey> {
  try {
    const bytes = decodeBase64(base64);
    if (bytes.byteLength !== PUBLIC_KEY_BYTES) throw new RangeError(`${bytes.byteLength} bytes`);
    const publicKey = await crypto.subtle.importKey('raw', bytes, 'Ed25519', true, ['verify']);
    return { id: await idOf(publicKey), publicKey };
  } catch (cause) {
    throw new InputError('signing-key-invalid', 'This is no Ed25519 public key', {
      field: 'publicKey',
      value: base64,
      allowed: `base64 of ${PUBLIC_KEY_BYTES} bytes`,
      cause,
    });
  }
}

/** The private half as PKCS #8, which OpenSSL reads and writes too. */
export async function exportPrivateKey({ privateKey }: SigningKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
}

/** @throws {InputError} `signing-key-invalid` when `pkcs8` is no Ed25519 private key. */
export async function importSigningKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<SigningKey> {
  try {
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', privateKey);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x } as JsonWebKey;
    const publicKey = await crypto.subtle.importKey('jwk', jwk, 'Ed25519', true, ['verify']);
    return { id: await idOf(publicKey), publicKey, privateKey };
  } catch (cause) {
    throw new InputError('signing-key-invalid', 'This is no Ed25519 private key', {
      field: 'signing key',
      allowed:
        'PKCS #8, as `dandan signing-key create` or `openssl genpkey -algorithm ed25519` writes',
      cause,
    });
  }
}
