// A signed text: the envelope of DSSE v1 (github.com/secure-systems-lab/dsse), with Ed25519.
// What was signed travels as the very bytes that were signed, so nothing has to be canonical.
import * as z from 'zod';
import { InputError } from '../error/index.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import type { SigningKey, VerifyingKey } from './signing-key.ts';

/** A pointer is below 1 kB; base64 adds a third. */
export const MAX_PAYLOAD_BASE64 = 2048;

/** An Ed25519 signature has 64 bytes, 88 characters of base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** Two people may sign, or an old and a new key. */
const MAX_SIGNATURES = 4;

export const envelopeSchema = z.strictObject({
  payloadType: z.string().min(1).max(128),
  payload: z.base64().max(MAX_PAYLOAD_BASE64),
  signatures: z
    .array(
      z.strictObject({
        keyid: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
        sig: z.string().regex(SIGNATURE, '64 bytes as base64'),
      }),
    )
    .min(1)
    .max(MAX_SIGNATURES),
});

export type Envelope = z.infer<typeof envelopeSchema>;

const encoder = new TextEncoder();

/** DSSE's pre-authentication encoding: type and payload, each behind its length. */
function signedBytes(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const typeBytes = encoder.encode(payloadType).byteLength;
  const head = `DSSEv1 ${typeBytes} ${payloadType} ${payload.byteLength} `;
  const bytes = encoder.encode(head);
  const all = new Uint8Array(bytes.byteLength + payload.byteLength);
  all.set(bytes);
  all.set(payload, bytes.byteLength);
  return all;
}

/** Signs `text` as `payloadType`. */
export async function signText(options: {
  readonly payloadType: string;
  readonly text: string;
  readonly key: SigningKey;
}): Promise<Envelope> {
  const { payloadType, text, key } = options;
  const payload = encoder.encode(text);
  const signature = await crypto.subtle.sign(
    'Ed25519',
    key.privateKey,
    signedBytes(payloadType, payload),
  );
  return {
    payloadType,
    payload: encodeBase64(payload),
    signatures: [{ keyid: key.id, sig: encodeBase64(new Uint8Array(signature)) }],
  };
}

/**
 * The text of an envelope that at least one of `keys` has signed.
 *
 * @throws {InputError} `pointer-malformed` for another type or text that is not UTF-8,
 * `pointer-key-unknown` where no signature is by one of `keys`, `pointer-signature-invalid`.
 */
export async function verifiedText(options: {
  readonly payloadType: string;
  readonly envelope: Envelope;
  readonly keys: readonly VerifyingKey[];
}): Promise<string> {
  const { payloadType, envelope, keys } = options;
  if (envelope.payloadType !== payloadType) {
    throw new InputError('pointer-malformed', 'The envelope holds something else', {
      field: 'payloadType',
      value: envelope.payloadType,
      allowed: payloadType,
    });
  }
  const payload = decodeBase64(envelope.payload);
  const bytes = signedBytes(payloadType, payload);
  const known = envelope.signatures.flatMap(({ keyid, sig }) =>
    keys.filter(({ id }) => id === keyid).map(({ publicKey }) => ({ publicKey, sig })),
  );
  if (known.length === 0) {
    throw new InputError(
      'pointer-key-unknown',
      'The pointer is signed by a key nobody trusts here',
      {
        field: 'signatures[0].keyid',
        value: envelope.signatures[0].keyid,
        allowed:
          keys.map(({ id }) => id).join(', ') || 'a registered signing key; there is none yet',
      },
    );
  }
  for (const { publicKey, sig } of known) {
    if (await crypto.subtle.verify('Ed25519', publicKey, decodeBase64(sig), bytes)) {
      return textOf(payload);
    }
  }
  throw new InputError('pointer-signature-invalid', 'The signature is not of this pointer', {
    field: 'signatures[0].sig',
    allowed: 'a signature of the payload by the key of its keyid',
  });
}

function textOf(payload: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch (cause) {
    throw new InputError('pointer-malformed', 'The payload is not UTF-8', {
      field: 'payload',
      cause,
    });
  }
}
