import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Envelope, signText } from './envelope.ts';
import {
  createSigningKey,
  MAX_CLOCK_SKEW_MS,
  MAX_POINTER_DAYS,
  type OpenPointerOptions,
  openPointer,
  type Pointer,
  signPointer,
  verifyPointer,
} from './index.ts';

const key = await createSigningKey();
const stranger = await createSigningKey();
const ISSUED = Date.parse('2026-11-01T00:00:00Z');
const DAY_MS = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

const pointer: Pointer = {
  schema: 1,
  model: 'press',
  channel: 'stable',
  release: 4,
  bundle: { sha256: 'a'.repeat(64), header: 'b'.repeat(64), bytes: 1000 },
  fallback: { sha256: 'c'.repeat(64), header: 'd'.repeat(64), bytes: 900 },
  issued: iso(ISSUED),
  expires: iso(ISSUED + 90 * DAY_MS),
};
const envelope = await signPointer(pointer, key);

const open = (options: Partial<OpenPointerOptions> = {}) =>
  openPointer({
    envelope,
    keys: [key],
    model: 'press',
    channel: 'stable',
    after: 3,
    now: ISSUED + DAY_MS,
    ...options,
  });

test('openPointer() gives back what was signed', async () => {
  expect(await open()).toEqual(pointer);
  expect(await open({ keys: [stranger, key] })).toEqual(pointer);
});

test.each<[string, Partial<OpenPointerOptions>, string, string]>([
  ['a replay of the same release', { after: 4 }, 'pointer-replayed', 'pointer.release'],
  ['a replay of an older release', { after: 9 }, 'pointer-replayed', 'pointer.release'],
  ['the end of its time', { now: ISSUED + 90 * DAY_MS }, 'pointer-expired', 'pointer.expires'],
  [
    'a time before it',
    { now: ISSUED - MAX_CLOCK_SKEW_MS - 1 },
    'pointer-expired',
    'pointer.expires',
  ],
  ['another model', { model: 'lathe' }, 'pointer-mismatch', 'pointer.model'],
  ['another channel', { channel: 'canary' }, 'pointer-mismatch', 'pointer.channel'],
  ['a key nobody trusts', { keys: [stranger] }, 'pointer-key-unknown', 'signatures[0].keyid'],
  ['no keys at all', { keys: [] }, 'pointer-key-unknown', 'signatures[0].keyid'],
  [
    'a key under another id',
    { keys: [{ id: key.id, publicKey: stranger.publicKey }] },
    'pointer-signature-invalid',
    'signatures[0].sig',
  ],
])('openPointer() refuses %s', async (_, options, code, field) => {
  await expect(open(options)).rejects.toThrow(expect.objectContaining({ code, field }));
});

test('verifyPointer() looks at the signature, model and channel, and not at the time', async () => {
  const subject = { envelope, keys: [key], model: 'press', channel: 'stable' };
  expect(await verifyPointer(subject)).toEqual(pointer);
  await expect(verifyPointer({ ...subject, keys: [stranger] })).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-key-unknown' }),
  );
  await expect(verifyPointer({ ...subject, channel: 'canary' })).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-mismatch', field: 'pointer.channel' }),
  );
});

test('openPointer() takes a clock that is a little slow', async () => {
  expect(await open({ now: ISSUED - MAX_CLOCK_SKEW_MS })).toEqual(pointer);
});

test('openPointer() refuses every change of a signed byte', async () => {
  const bytes = Uint8Array.from(atob(envelope.payload), (c) => c.charCodeAt(0));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(bytes.length - 1),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const altered = bytes.slice();
        altered[at] ^= flip;
        const payload = btoa(String.fromCharCode(...altered));
        await expect(open({ envelope: { ...envelope, payload } })).rejects.toThrow(
          expect.objectContaining({ code: 'pointer-signature-invalid' }),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('openPointer() refuses a signature moved to another statement or another type', async () => {
  const other = await signPointer({ ...pointer, release: 5 }, key);
  const moved: Envelope = { ...other, signatures: envelope.signatures };
  await expect(open({ envelope: moved })).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-signature-invalid' }),
  );
  const typed: Envelope = { ...envelope, payloadType: 'text/plain' };
  await expect(open({ envelope: typed })).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-malformed', field: 'payloadType' }),
  );
});

test('one good signature among others is enough, in any order', async () => {
  const { signatures } = await signPointer(pointer, stranger);
  for (const both of [
    [...signatures, ...envelope.signatures],
    [...envelope.signatures, ...signatures],
  ]) {
    expect(await open({ envelope: { ...envelope, signatures: both } })).toEqual(pointer);
  }
});

test('the signature is that of DSSE, so that any verifier of it can check a pointer', async () => {
  const payload = atob(envelope.payload);
  const type = envelope.payloadType;
  const text = `DSSEv1 ${type.length} ${type} ${payload.length} ${payload}`;
  const signature = Uint8Array.from(atob(envelope.signatures[0].sig), (c) => c.charCodeAt(0));
  const bytes = new TextEncoder().encode(text);
  expect(await crypto.subtle.verify('Ed25519', key.publicKey, signature, bytes)).toBe(true);
});

test.each<[string, Partial<Pointer>, string]>([
  ['no time', { expires: pointer.issued }, 'pointer.expires'],
  ['too long', { expires: iso(ISSUED + (MAX_POINTER_DAYS + 1) * DAY_MS) }, 'pointer.expires'],
  ['release 0', { release: 0 }, 'pointer.release'],
  ['a model that is no name', { model: 'A b' }, 'pointer.model'],
  [
    'a hash too short',
    { fallback: { ...pointer.bundle, header: 'ab' } },
    'pointer.fallback.header',
  ],
])('signPointer() refuses %s', async (_, change, field) => {
  await expect(async () => signPointer({ ...pointer, ...change }, key)).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-malformed', field }),
  );
});

test.each(['', 'no json', '[]', '{"schema":2}'])('a signed %j is no pointer', async (text) => {
  const signed = await signText({ payloadType: envelope.payloadType, text, key });
  expect(signed.payload).toBe(btoa(text));
  await expect(open({ envelope: signed })).rejects.toThrow(
    expect.objectContaining({ code: 'pointer-malformed' }),
  );
});
