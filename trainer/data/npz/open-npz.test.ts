import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import { describe, expect, test } from 'vitest';
import { writeFolder } from '../../testing/graph-folder-fixture.ts';
import { type ArraySpec, npyBytes, npzBytes, zipBytes } from '../testing/npz-bytes.ts';
import { npyFloats, npyNumbers, npyTexts, npyWhole } from './npy-values.ts';
import { type NpyArray, openNpz } from './open-npz.ts';

async function readArray(content: Uint8Array, name = 'a'): Promise<NpyArray> {
  const path = join(await writeFolder({ 'x.npz': content }), 'x.npz');
  await using npz = await openNpz({ path, file: 'x.npz' });
  return await npz.read(name);
}

const readSpec = (spec: ArraySpec, deflate = false) =>
  readArray(npzBytes({ a: spec }, { deflate }));

const WHOLE = ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8'];

describe.each([false, true])('openNpz() with deflate %s', (deflate) => {
  test.each(WHOLE.flatMap((code) => [`<${code}`, `>${code}`]))('reads %s', async (descr) => {
    const signed = !descr.includes('u');
    const values = [0, 1, 2, 100, ...(signed ? [-1, -100] : [])];
    const array = await readSpec({ descr, shape: [values.length], values }, deflate);
    expect([...npyWhole(array, { minimum: -100, maximum: 100 })]).toEqual(values);
  });

  test.each(['<f2', '>f2', '<f4', '>f4', '<f8', '>f8'])('reads fractions of %s', async (descr) => {
    const values = [0.5, -0.25, 1000.5, 6.103515625e-5];
    const array = await readSpec({ descr, shape: [4], values }, deflate);
    expect([...npyFloats(array, { missing: false })]).toEqual(values);
  });

  test('reads matrices by rows and by columns', async () => {
    const values = [1, 2, 3, 4, 5, 6];
    for (const fortran of [false, true]) {
      const array = await readSpec({ descr: '<i2', shape: [2, 3], values, fortran }, deflate);
      expect([...npyNumbers(array)]).toEqual(values);
      expect(array).toMatchObject({ shape: [2, 3], fortranOrder: fortran });
    }
  });

  test('reads texts, booleans and single items', async () => {
    const texts = ['', 'mill', 'Pümpe'];
    const unicode = await readSpec({ descr: '<U5', shape: [3], values: texts }, deflate);
    expect(npyTexts(unicode)).toEqual(texts);
    const bytes = await readSpec({ descr: '|S4', shape: [2], values: ['a', 'mill'] }, deflate);
    expect(npyTexts(bytes)).toEqual(['a', 'mill']);
    const truth = await readSpec({ descr: '|b1', shape: [2], values: [0, 1] }, deflate);
    expect([...npyWhole(truth, { minimum: 0, maximum: 1 })]).toEqual([0, 1]);
    const single = await readSpec({ descr: '<i4', shape: [], values: [7] }, deflate);
    expect(single).toMatchObject({ shape: [], count: 1 });
  });
});

test('npyFloats() names the item that is not finite', async () => {
  const values = [1, Number.NaN, Number.POSITIVE_INFINITY];
  const array = await readSpec({ descr: '<f4', shape: [3], values });
  expect(() => npyFloats(array, { missing: false })).toThrow(
    expect.objectContaining({ field: 'x.npz:a[1]', code: 'data-invalid' }),
  );
  expect(() => npyFloats(array, { missing: true })).toThrow(
    expect.objectContaining({ field: 'x.npz:a[2]', value: Number.POSITIVE_INFINITY }),
  );
});

async function refusal(content: Uint8Array): Promise<InputError> {
  const error = await readArray(content).catch((cause: unknown) => cause);
  if (error instanceof InputError) return error;
  throw new Error('was read', { cause: error });
}

const SOUND: ArraySpec = { descr: '<i4', shape: [2], values: [1, 2] };

test('openNpz() misses an array by name and says which there are', async () => {
  expect(await refusal(npzBytes({ b: SOUND }))).toMatchObject({
    code: 'data-missing',
    field: 'x.npz:a',
    value: 'b',
  });
});

test.each([
  ["'|O'", 'descr', 'pickled objects'],
  ["'<c8'", 'descr', 'booleans'],
  ["'<f16'", 'descr', 'booleans'],
  ["[('a', '<i4')]", 'descr', 'booleans'],
])('openNpz() refuses the type %s', async (descr, part, allowed) => {
  const plain = npyBytes(SOUND).toString('latin1');
  const bytes = Buffer.from(plain.replace("'<i4'", descr), 'latin1');
  bytes.writeUInt16LE(bytes.indexOf('\n') - 9, 8);
  const error = await refusal(zipBytes({ 'a.npy': bytes }));
  expect(error).toMatchObject({ code: 'data-invalid', field: `x.npz:a:${part}` });
  expect(error.allowed).toContain(allowed);
});

test.each([
  ['(99999999999,)', 'at most 4000000000 bytes'],
  ['(-2,)', 'whole numbers'],
  ['(2, x)', 'whole numbers'],
  [`(${'1,'.repeat(9)})`, 'at most 8'],
])('openNpz() refuses the shape %s before it makes room', async (shape, allowed) => {
  const bytes = Buffer.from(npyBytes(SOUND).toString('latin1').replace('(2,)', shape), 'latin1');
  bytes.writeUInt16LE(bytes.indexOf('\n') - 9, 8);
  expect(await refusal(zipBytes({ 'a.npy': bytes }))).toMatchObject({
    field: 'x.npz:a:shape',
    allowed: expect.stringContaining(allowed),
  });
});

test('openNpz() refuses an array of another size than its shape says', async () => {
  const bytes = Buffer.concat([npyBytes(SOUND), Buffer.alloc(4)]);
  expect(await refusal(zipBytes({ 'a.npy': bytes }))).toMatchObject({
    field: 'x.npz:a',
    value: '12 bytes',
    allowed: '8 bytes',
  });
});

test('openNpz() refuses an entry that promises more than deflate can hold', async () => {
  const bytes = zipBytes({ 'a.npy': npyBytes(SOUND) }, { deflate: true });
  const listed = bytes.indexOf(Buffer.from('PK\x01\x02'));
  bytes.writeUInt32LE(3_000_000_000, listed + 24);
  expect((await refusal(bytes)).value).toBe('a.npy: 3000000000 bytes');
});

test('openNpz() stops unpacking where an entry holds more than it promised', async () => {
  const bytes = zipBytes(
    { 'a.npy': Buffer.concat([npyBytes(SOUND), Buffer.alloc(5_000_000)]) },
    { deflate: true },
  );
  const listed = bytes.indexOf(Buffer.from('PK\x01\x02'));
  bytes.writeUInt32LE(npyBytes(SOUND).length, listed + 24);
  expect(await refusal(bytes)).toMatchObject({
    field: 'x.npz:a.npy',
    allowed: `${npyBytes(SOUND).length} bytes`,
  });
});

test('openNpz() refuses contents of another checksum', async () => {
  const bytes = npzBytes({ a: SOUND });
  bytes[bytes.indexOf(Buffer.from('PK\x01\x02')) - 1] ^= 1;
  expect((await refusal(bytes)).allowed).toMatch(/^CRC-32 \d+$/);
});

test.each([
  ['no zip file', Buffer.from('PK, but not a zip file')],
  ['a gzip stream', deflateRawSync('nothing')],
  ['an empty file', Buffer.alloc(0)],
])('openNpz() refuses %s', async (_, bytes) => {
  expect(await refusal(bytes)).toMatchObject({ code: 'data-invalid', field: 'x.npz' });
});

test('openNpz() refuses an encrypted entry and another method than deflate', async () => {
  for (const [at, value, said] of [
    [8, 1, 'a.npy is encrypted'],
    [10, 12, 'a.npy: zip method 12'],
  ] as const) {
    const bytes = npzBytes({ a: SOUND });
    bytes.writeUInt16LE(value, bytes.indexOf(Buffer.from('PK\x01\x02')) + at);
    expect((await refusal(bytes)).value).toBe(said);
  }
});
