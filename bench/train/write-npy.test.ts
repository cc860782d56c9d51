import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { npyHeader, writeNpy } from './write-npy.ts';

test('npyHeader() is aligned and ends in a newline, whatever the shape', () => {
  for (const shape of [[0], [7], [2, 3], [2_449_029, 100]]) {
    const header = Buffer.from(npyHeader(new Float32Array(0), shape));
    expect(header.length % 64).toBe(0);
    expect(header.readUInt16LE(8)).toBe(header.length - 10);
    expect(header.at(-1)).toBe(10);
    expect(header.subarray(1, 6).toString()).toBe('NUMPY');
  }
});

test('writeNpy() writes type, shape and data', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'dandan-npy-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'a.npy');
  await writeNpy(path, Int32Array.of(1, -2, 3, 4, 5, 6), [2, 3]);
  const bytes = await readFile(path);
  const text = bytes.subarray(10, 128).toString('latin1');
  expect(text).toContain(`{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }`);
  const begin = 10 + bytes.readUInt16LE(8);
  expect(bytes.length - begin).toBe(24);
  expect([0, 1, 5].map((i) => bytes.readInt32LE(begin + 4 * i))).toEqual([1, -2, 6]);
  await writeNpy(path, Float32Array.of(0.5));
  expect((await readFile(path)).toString('latin1')).toContain(
    `'<f4', 'fortran_order': False, 'shape': (1,)`,
  );
});
