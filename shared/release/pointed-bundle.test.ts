import { expect, test } from 'vitest';
import { parseSafetensors, readBundle } from '../bundle/index.ts';
import { createTestBundle } from '../testing/index.ts';
import { checkPointedBundle, describeBundle } from './index.ts';

const { bytes, sha256, bundle } = await createTestBundle();
const other = await createTestBundle({ seed: 2 });
const pointed = await describeBundle(bytes);
const { dataOffset } = parseSafetensors(bytes);
const prefix = bytes.slice(0, dataOffset + bundle.manifest.stages[0].endByte);
const mismatch = (field: string) =>
  expect.objectContaining({ code: 'bundle-hash-mismatch', field });

test('describeBundle() names the file, its header and its length', () => {
  expect(pointed).toMatchObject({ sha256, bytes: bytes.byteLength });
  expect(pointed.header).not.toBe(sha256);
});

test('checkPointedBundle() takes the file and a prefix of its stages', async () => {
  await checkPointedBundle(bytes, pointed);
  await checkPointedBundle(prefix, pointed, { prefix: true });
  expect((await readBundle(prefix, { stages: 1 })).stages).toHaveLength(1);
});

test('checkPointedBundle() refuses another bundle, whole or in part', async () => {
  await expect(checkPointedBundle(other.bytes, pointed)).rejects.toThrow(
    mismatch('pointer.bundle.sha256'),
  );
  await expect(checkPointedBundle(other.bytes, pointed, { prefix: true })).rejects.toThrow(
    mismatch('pointer.bundle.header'),
  );
  await expect(checkPointedBundle(prefix, pointed)).rejects.toThrow(
    expect.objectContaining({ code: 'bundle-truncated' }),
  );
});

test('a prefix that was altered anywhere is refused, by its header or by the hash of its stage', async () => {
  for (let at = 0; at < prefix.byteLength; at += 97) {
    const altered = prefix.slice();
    altered[at] ^= 1;
    const opened = checkPointedBundle(altered, pointed, { prefix: true }).then(() =>
      readBundle(altered, { stages: 1 }),
    );
    await expect(opened, `byte ${at}`).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^bundle-/) }),
    );
  }
});
