// Node's Buffer is a Uint8Array whose slice() does not copy and whose memory is pooled.
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { createTestBundle } from '../testing/index.ts';
import { readBundle } from './index.ts';

test('readBundle() reads a Buffer as it reads a Uint8Array', async () => {
  const { bytes, bundle } = await createTestBundle();
  expect(await readBundle(Buffer.from(bytes))).toEqual(bundle);
});

test('readBundle() keeps nothing of a Buffer that is reused', async () => {
  const { bytes, bundle } = await createTestBundle();
  const buffer = Buffer.from(bytes);
  const read = await readBundle(buffer);
  buffer.fill(0);
  expect(read).toEqual(bundle);
});
