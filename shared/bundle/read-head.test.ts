import { expect, test } from 'vitest';
import { createTestBundle, createTestRows } from '../testing/index.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import { headBytes, readBundleHead } from './read-head.ts';

const made = [
  await createTestBundle({ seed: 1, trainedOn: (input) => createTestRows(input, 50) }),
  await createTestBundle({ seed: 2, sparse: true, width: 40 }),
];

/** Reads as much as is asked for, as from a store that reads ranges; how often it was asked. */
function readHead(bytes: Uint8Array, first: number) {
  let part = bytes.subarray(0, first);
  let reads = 1;
  for (let wanted = headBytes(part); wanted > part.byteLength; wanted = headBytes(part)) {
    part = bytes.subarray(0, wanted);
    reads++;
  }
  return { head: readBundleHead(part), reads, bytes: part.byteLength };
}

test.each(made)(
  'readBundleHead() reads what the whole file says, from its beginning alone',
  (entry) => {
    const { manifest, input } = entry.bundle;
    for (const first of [0, 3, 8, 100, 64_000]) {
      const read = readHead(entry.bytes, first);
      expect(read.head).toEqual({ manifest, input });
      expect(read.reads).toBeLessThanOrEqual(4);
    }
    expect(readHead(entry.bytes, 0).bytes).toBeLessThan(entry.bytes.byteLength);
  },
);

test('headBytes() asks for no more than a header may have', () => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(MAX_HEADER_BYTES) + 1n, true);
  expect(() => headBytes(bytes)).toThrow('The header has');
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
  expect(() => headBytes(bytes)).toThrow('The header has');
});

test('readBundleHead() refuses a file that ends before its input', () => {
  const [{ bytes }] = made;
  const { bytes: enough } = readHead(bytes, 0);
  expect(() => readBundleHead(bytes.subarray(0, enough - 1))).toThrow();
});
