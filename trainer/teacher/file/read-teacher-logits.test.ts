import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { readTeacherLogits } from './read-teacher-logits.ts';

/** Three nodes, two classes; every number is exact in float16. */
const LOGITS = [1, -2.5, 0.125, 7, -0, 2048];
/** IEEE 754 binary16 of the above, worked out by hand. */
const HALVES = [0x3c00, 0xc100, 0x3000, 0x4700, 0x8000, 0x6800];

/** Version 1.0 of NumPy's format: 10 bytes, then a header padded to a multiple of 64. */
function npy(descr: string, items: Buffer, { fortran = false, shape = '(3, 2)' } = {}): Buffer {
  const order = fortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const padded = `${text.padEnd(117)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(padded),
    items,
  ]);
}

const doubles = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer);
const floats = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const halves = (values: readonly number[]) => Buffer.from(Uint16Array.from(values).buffer);

function safetensors(tensors: Record<string, { dtype: string; shape: number[]; data: Buffer }>) {
  let at = 0;
  const header = Object.entries(tensors).map(([name, { dtype, shape, data }]) => {
    const entry = { dtype, shape, data_offsets: [at, at + data.length] };
    at += data.length;
    return [name, entry];
  });
  const text = JSON.stringify({ __metadata__: { by: 'a test' }, ...Object.fromEntries(header) });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, Buffer.from(text), ...Object.values(tensors).map((t) => t.data)]);
}

async function read(name: string, bytes: Uint8Array, sizes = { nodeCount: 3, classes: 2 }) {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return readTeacherLogits({ path, ...sizes });
}

const columnsFirst = [0, 2, 4, 1, 3, 5].map((i) => LOGITS[i]);

test.each<[string, Buffer]>([
  ['float32', npy('<f4', floats(LOGITS))],
  ['float64', npy('<f8', doubles(LOGITS))],
  ['float16', npy('<f2', halves(HALVES))],
  ['float32, big-endian', npy('>f4', floats(LOGITS).swap32())],
  ['float64, big-endian', npy('>f8', doubles(LOGITS).swap64())],
  ['float16, big-endian', npy('>f2', halves(HALVES).swap16())],
  ['float32, columns first', npy('<f4', floats(columnsFirst), { fortran: true })],
  [
    'float64, columns first, big-endian',
    npy('>f8', doubles(columnsFirst).swap64(), { fortran: true }),
  ],
])('readTeacherLogits() reads .npy of %s', async (_, bytes) => {
  const { logits, sha256 } = await read('logits.npy', bytes);
  expect([...logits]).toEqual(LOGITS);
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

const other = { dtype: 'I64', shape: [3], data: Buffer.alloc(24) };
const matrix = { dtype: 'F32', shape: [3, 2], data: floats(LOGITS) };

test.each<[string, Record<string, typeof other>]>([
  ['its only matrix', { ids: other, outputs: matrix }],
  [
    'the one named logits',
    { hidden: { ...matrix, data: floats([1, 2, 3, 4, 5, 6]) }, logits: matrix },
  ],
  ['float16', { logits: { dtype: 'F16', shape: [3, 2], data: halves(HALVES) } }],
  ['float64', { logits: { dtype: 'F64', shape: [3, 2], data: doubles(LOGITS) } }],
])('readTeacherLogits() reads safetensors: %s', async (_, tensors) => {
  const { logits } = await read('model.safetensors', safetensors(tensors));
  expect([...logits]).toEqual(LOGITS);
});

test.each<[string, Buffer, string, RegExp | string]>([
  [
    'too few rows',
    npy('<f4', floats(LOGITS.slice(2)), { shape: '(2, 2)' }),
    'x.npy:shape',
    '[3 nodes, 2 classes]',
  ],
  [
    'a vector',
    npy('<f4', floats(LOGITS), { shape: '(6,)' }),
    'x.npy:shape',
    '[3 nodes, 2 classes]',
  ],
  ['classes, not logits', npy('<i8', Buffer.alloc(48)), 'x.npy:descr', /float32/],
  ['pickled objects', npy('|O', Buffer.alloc(48)), 'x.npy:descr', /float16\/32\/64/],
  ['no number', npy('<f4', floats([1, 2, 3, Number.NaN, 5, 6])), 'x.npy[1, 1]', 'a finite float32'],
  [
    'beyond float32',
    npy('<f8', doubles([1, 2, 3, 4, 1e300, 6])),
    'x.npy[2, 0]',
    'a finite float32',
  ],
  ['a cut', npy('<f4', floats(LOGITS)).subarray(0, -1), 'x.npy', 'at least 152 bytes'],
  ['nothing', Buffer.alloc(0), 'x.npy', 'a .npy array'],
  ['text', Buffer.from('node,logit\n1,2\n'), 'x.npy', 'a .npy array'],
  ['two matrices', safetensors({ a: matrix, b: matrix }), 'x.safetensors', /named 'logits'/],
  [
    'bfloat16',
    safetensors({ a: { ...matrix, dtype: 'BF16' } }),
    'x.safetensors:a.dtype',
    'F16, F32, F64',
  ],
  [
    'odd offsets',
    safetensors({ a: { ...matrix, shape: [4, 2] } }),
    'x.safetensors:a.data_offsets',
    '32 bytes',
  ],
  ['a cut in the data', safetensors({ a: matrix }).subarray(0, -1), 'x.safetensors:a', /at least/],
  ['a cut in the header', safetensors({ a: matrix }).subarray(0, 40), 'x.safetensors', /whole/],
  ['a list', Buffer.from('\x02\0\0\0\0\0\0\0[]', 'latin1'), 'x.safetensors:', 'tensors by name'],
])('readTeacherLogits() refuses %s by place', async (_, bytes, field, allowed) => {
  const error = await read(field.split(/[:[]/)[0], bytes).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code: 'data-invalid', field });
  expect((error as InputError).allowed).toEqual(
    typeof allowed === 'string' ? allowed : expect.stringMatching(allowed),
  );
});

test('readTeacherLogits() names a file that is not there', async () => {
  const reading = readTeacherLogits({ path: '/nowhere/l.npy', nodeCount: 3, classes: 2 });
  await expect(reading).rejects.toMatchObject({ code: 'data-missing', value: 'ENOENT' });
});
