import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../error/index.ts';
import {
  MAX_HEADER_BYTES,
  MAX_TENSORS,
  parseSafetensors,
  readTensor,
  type TensorData,
  writeSafetensors,
} from './index.ts';

const TENSORS: TensorData[] = [
  { name: 'codes', dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
  { name: 'weights', dtype: 'I8', shape: [1, 2], data: Int8Array.of(-1, 127) },
  { name: 'offsets', dtype: 'I32', shape: [2], data: Int32Array.of(-(2 ** 31), 7) },
  { name: 'scales', dtype: 'F32', shape: [1, 1, 1, 1], data: Float32Array.of(0.1) },
  { name: 'nothing', dtype: 'F32', shape: [0, 9], data: new Float32Array(0) },
];

/** A file with any header text before `data`. */
function withHeader(header: string, data = new Uint8Array(0), length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

function refusal(bytes: Uint8Array, prefix = false): InputError {
  try {
    parseSafetensors(bytes, { prefix });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('parseSafetensors() accepted the file');
}

test('parseSafetensors() reads what writeSafetensors() wrote', () => {
  const bytes = writeSafetensors(TENSORS, { note: 'ja: 段々' });
  const file = parseSafetensors(bytes);
  expect(file.metadata).toEqual({ note: 'ja: 段々' });
  expect(file.fileBytes).toBe(bytes.length);
  expect([...file.tensors.keys()]).toEqual(TENSORS.map(({ name }) => name));
  for (const { name, dtype, shape, data } of TENSORS) {
    expect(readTensor(bytes, file, name, { dtype, shape })).toEqual(data);
  }
});

test('writeSafetensors() aligns the data section to 8 bytes', () => {
  for (let length = 0; length < 9; length++) {
    const file = parseSafetensors(writeSafetensors(TENSORS, { pad: 'x'.repeat(length) }));
    expect(file.dataOffset % 8).toBe(0);
  }
});

test('parseSafetensors() round-trips any tensors', () => {
  const tensor = fc.record({
    name: fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'toString', '0'),
      fc.string({ maxLength: 20 }),
    ),
    values: fc.array(fc.integer(), { maxLength: 20 }),
  });
  const tensors = fc.uniqueArray(tensor, {
    selector: ({ name }) => name,
    maxLength: 10,
  });
  fc.assert(
    fc.property(
      tensors.map((list) => list.filter(({ name }) => name !== '__metadata__')),
      fc.dictionary(fc.string(), fc.string()),
      (list, metadata) => {
        const data = list.map(
          ({ name, values }): TensorData => ({
            name,
            dtype: 'I32',
            shape: [values.length],
            data: Int32Array.from(values),
          }),
        );
        const bytes = writeSafetensors(data, metadata);
        const file = parseSafetensors(bytes);
        expect(Object.entries(file.metadata).sort()).toEqual(Object.entries(metadata).sort());
        expect(file.tensors.size).toBe(list.length);
        for (const { name, values } of list) {
          const read = readTensor(bytes, file, name, { dtype: 'I32', shape: [-1] });
          expect([...read]).toEqual([...Int32Array.from(values)]);
        }
      },
    ),
  );
});

test('parseSafetensors() refuses a file cut at any byte', () => {
  const bytes = writeSafetensors(TENSORS, { note: 'x' });
  for (let length = 0; length < bytes.length; length++) {
    expect(refusal(bytes.subarray(0, length)).code).toBe('bundle-truncated');
  }
});

test('parseSafetensors() with prefix accepts a cut only after the header', () => {
  const bytes = writeSafetensors(TENSORS);
  const { dataOffset } = parseSafetensors(bytes);
  for (let length = 0; length < dataOffset; length++) {
    expect(refusal(bytes.subarray(0, length), true).code).toBe('bundle-truncated');
  }
  for (let length = dataOffset; length <= bytes.length; length++) {
    const file = parseSafetensors(bytes.subarray(0, length), { prefix: true });
    expect(file.fileBytes).toBe(bytes.length);
  }
});

test('readTensor() refuses a tensor that the prefix cuts off', () => {
  const bytes = writeSafetensors(TENSORS);
  const file = parseSafetensors(bytes);
  const cut = bytes.subarray(0, file.dataOffset + 4);
  expect(() => readTensor(cut, file, 'weights', { dtype: 'I8', shape: [1, 2] })).toThrow(
    expect.objectContaining({ code: 'bundle-truncated', field: 'weights' }),
  );
});

test.each([
  ['another dtype', { dtype: 'I8', shape: [3] } as const],
  ['another size', { dtype: 'U8', shape: [4] } as const],
  ['another rank', { dtype: 'U8', shape: [3, 1] } as const],
])('readTensor() refuses %s', (_, expected) => {
  const bytes = writeSafetensors(TENSORS);
  const file = parseSafetensors(bytes);
  expect(() => readTensor(bytes, file, 'codes', expected)).toThrow(
    expect.objectContaining({ code: 'bundle-tensor-invalid', field: 'codes', value: 'U8 [3]' }),
  );
});

test('readTensor() names a missing tensor and what was wanted', () => {
  const bytes = writeSafetensors(TENSORS);
  const wanted = { dtype: 'U8', shape: [-1, 4] } as const;
  expect(() =>
    readTensor(bytes, parseSafetensors(bytes), 'gone', wanted, 'rows-malformed'),
  ).toThrow(
    expect.objectContaining({ code: 'rows-malformed', field: 'gone', allowed: 'U8 [n,4]' }),
  );
});

test('readTensor() reads at any alignment and copies', () => {
  const bytes = writeSafetensors(TENSORS);
  for (let shift = 0; shift < 4; shift++) {
    const moved = new Uint8Array(bytes.length + shift);
    moved.set(bytes, shift);
    const view = moved.subarray(shift);
    const file = parseSafetensors(view);
    const read = readTensor(view, file, 'offsets', { dtype: 'I32', shape: [2] });
    moved.fill(0);
    expect([...read]).toEqual([-(2 ** 31), 7]);
  }
});

test('parseSafetensors() answers random damage with a result or an InputError', () => {
  const bytes = writeSafetensors(TENSORS, { manifest: '{"a":[1,2,{"b":null}]}' });
  const damage = fc.array(
    fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(damage, fc.boolean(), (changes, prefix) => {
      const broken = bytes.slice();
      for (const [at, byte] of changes) broken[at] = byte;
      try {
        expect(parseSafetensors(broken, { prefix }).fileBytes).toBeGreaterThanOrEqual(8);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('parseSafetensors() answers garbage with an InputError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
      expect(refusal(garbage)).toBeInstanceOf(InputError);
      expect(refusal(withHeader(new TextDecoder('latin1').decode(garbage)), true)).toBeInstanceOf(
        InputError,
      );
    }),
    { numRuns: 500, examples: [[new Uint8Array(0)]] },
  );
});

test('parseSafetensors() answers any JSON header with a result or an InputError', () => {
  const entry = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('U8', 'F32', 'F64', 'toString'), fc.jsonValue()),
        shape: fc.oneof(fc.array(fc.maxSafeInteger()), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(fc.maxSafeInteger()), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), entry), fc.jsonValue()), (header) => {
      try {
        parseSafetensors(withHeader(JSON.stringify(header).padEnd(2)), { prefix: true });
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [0n],
  [1n],
  [BigInt(MAX_HEADER_BYTES) + 1n],
  [2n ** 31n],
  [2n ** 53n + 1n],
  [2n ** 64n - 1n],
])('parseSafetensors() refuses a header length of %d before it allocates', (length) => {
  const error = refusal(withHeader('{}', new Uint8Array(100), length));
  expect(error).toMatchObject({ code: 'bundle-header-invalid', field: 'header.length' });
  expect(error.value).toBe(String(length));
});

const ONE = { dtype: 'U8', shape: [1], data_offsets: [0, 1] };

test.each<[string, unknown, string]>([
  ['a list', [], 'header'],
  ['null', null, 'header'],
  ['metadata that is no object', { __metadata__: 'x' }, '__metadata__'],
  ['null metadata', { __metadata__: null }, '__metadata__'],
  ['metadata that is not text', { __metadata__: { a: 1 } }, '__metadata__'],
  ['a tensor that is no object', { a: 1 }, 'a'],
  ['a tensor without a dtype', { a: { shape: [], data_offsets: [0, 1] } }, 'a.dtype'],
  ['a dtype of another kind', { a: { ...ONE, dtype: 'F64' } }, 'a.dtype'],
  ['a dtype that every object has', { a: { ...ONE, dtype: 'constructor' } }, 'a.dtype'],
  ['a dtype that cannot become text', { a: { ...ONE, dtype: { toString: 1 } } }, 'a.dtype'],
  ['no shape', { a: { dtype: 'U8', data_offsets: [0, 1] } }, 'a.shape'],
  ['five axes', { a: { ...ONE, shape: [1, 1, 1, 1, 1] } }, 'a.shape'],
  ['a negative size', { a: { ...ONE, shape: [-1] } }, 'a.shape'],
  ['a fractional size', { a: { ...ONE, shape: [0.5] } }, 'a.shape'],
  ['a size that is no number', { a: { ...ONE, shape: ['1'] } }, 'a.shape'],
  ['a size beyond 2^53', { a: { ...ONE, shape: [2 ** 53] } }, 'a.shape'],
  ['one offset', { a: { ...ONE, data_offsets: [0] } }, 'a.data_offsets'],
  ['negative offsets', { a: { ...ONE, data_offsets: [-1, 0] } }, 'a.data_offsets'],
  ['swapped offsets', { a: { ...ONE, data_offsets: [1, 0] } }, 'a.data_offsets'],
  ['a range shorter than its shape', { a: { ...ONE, shape: [2] } }, 'a.data_offsets'],
  [
    'sizes whose product overflows',
    { a: { ...ONE, shape: Array(4).fill(2 ** 52) } },
    'a.data_offsets',
  ],
  ['a hole at the start', { a: { ...ONE, data_offsets: [1, 2] } }, 'a.data_offsets'],
  ['a hole between', { a: ONE, b: { ...ONE, data_offsets: [2, 3] } }, 'b.data_offsets'],
  [
    'an overlap',
    { a: { ...ONE, shape: [2], data_offsets: [0, 2] }, b: { ...ONE, data_offsets: [1, 2] } },
    'b.data_offsets',
  ],
  ['the same range twice', { a: ONE, b: ONE }, 'b.data_offsets'],
  ['bytes after the last tensor', { a: ONE }, 'file'],
  ['a name of 1,000 characters', { ['n'.repeat(1000)]: ONE }, 'header'],
])('parseSafetensors() refuses a header with %s', (_, header, field) => {
  const error = refusal(withHeader(JSON.stringify(header), new Uint8Array(4)));
  expect(error).toMatchObject({ code: 'bundle-header-invalid', field });
});

test('parseSafetensors() refuses a hole named __proto__ and keeps prototypes clean', () => {
  const hole = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[9,10]}}';
  expect(refusal(withHeader(hole)).field).toBe('__proto__.data_offsets');
  const metadata = '{"__metadata__":{"__proto__":"x","constructor":"y"}}';
  const file = parseSafetensors(withHeader(metadata));
  expect(Object.keys(file.metadata)).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>).dtype).toBeUndefined();
});

test('parseSafetensors() refuses too many tensors', () => {
  const entries = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`t${i}`, { ...ONE, data_offsets: [i, i + 1] }]),
    );
  const most = JSON.stringify(entries(MAX_TENSORS));
  expect(parseSafetensors(withHeader(most, new Uint8Array(MAX_TENSORS))).tensors.size).toBe(512);
  const error = refusal(withHeader(JSON.stringify(entries(MAX_TENSORS + 1))));
  expect(error).toMatchObject({ code: 'bundle-header-invalid', value: MAX_TENSORS + 1 });
});

test('parseSafetensors() refuses nesting that would exhaust the stack', () => {
  const deep = `{"a":{"dtype":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
  expect(refusal(withHeader(deep))).toMatchObject({ code: 'bundle-header-invalid' });
  for (const note of ['[{'.repeat(1000), '"[{\\'.repeat(1000)]) {
    const text = JSON.stringify({ __metadata__: { note } });
    expect(parseSafetensors(withHeader(text)).metadata).toEqual({ note });
  }
});

test('parseSafetensors() refuses a header that is not UTF-8', () => {
  const file = withHeader('{"a":"?"}');
  file[14] = 0xff;
  expect(refusal(file)).toMatchObject({ code: 'bundle-header-invalid', field: 'header' });
});
