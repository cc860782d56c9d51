import { expect, test } from 'vitest';
import {
  createSigningKey,
  exportPrivateKey,
  exportPublicKey,
  importPublicKey,
  importSigningKey,
  PUBLIC_KEY_BYTES,
} from './index.ts';

/** Secret key, public key and the signature of an empty message: RFC 8032, section 7.1, test 1. */
const RFC_SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const RFC_PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const RFC_SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

const fromHex = (hex: string) =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const toHex = (bytes: ArrayBuffer) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
/** DER of an Ed25519 private key up to its 32 bytes: RFC 8410, section 7. */
const PKCS8_HEAD = '302e020100300506032b657004220420';

test('a key pair survives its exports', async () => {
  const key = await createSigningKey();
  const again = await importSigningKey(new Uint8Array(await exportPrivateKey(key)));
  const verifying = await importPublicKey(await exportPublicKey(key));
  expect([again.id, verifying.id]).toEqual([key.id, key.id]);
  expect(key.id).toMatch(/^[0-9a-f]{64}$/);
  const message = new TextEncoder().encode('段々');
  const signature = await crypto.subtle.sign('Ed25519', again.privateKey, message);
  expect(await crypto.subtle.verify('Ed25519', verifying.publicKey, signature, message)).toBe(true);
});

test('keys are those of RFC 8032', async () => {
  const key = await importSigningKey(fromHex(PKCS8_HEAD + RFC_SECRET));
  expect(await exportPublicKey(key)).toBe(btoa(String.fromCharCode(...fromHex(RFC_PUBLIC))));
  const signature = await crypto.subtle.sign('Ed25519', key.privateKey, new Uint8Array());
  expect(toHex(signature)).toBe(RFC_SIGNATURE);
});

test.each(['', 'a', '!!', btoa('x'.repeat(PUBLIC_KEY_BYTES - 1)), btoa('x'.repeat(100))])(
  'importPublicKey() refuses %j',
  async (text) => {
    await expect(importPublicKey(text)).rejects.toThrow(
      expect.objectContaining({ code: 'signing-key-invalid', field: 'publicKey' }),
    );
  },
);

test('importSigningKey() refuses other bytes without repeating them', async () => {
  const bytes = new TextEncoder().encode('not a key but perhaps a secret');
  const error = await importSigningKey(bytes).catch((reason: Error) => reason);
  expect(error).toMatchObject({ code: 'signing-key-invalid' });
  expect(JSON.stringify(error)).not.toContain('secret');
});
