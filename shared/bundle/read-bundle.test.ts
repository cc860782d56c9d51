import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCascade, runCascade } from '../cascade/index.ts';
import { InputError } from '../error/index.ts';
import { createTestBundle, createTestRows } from '../testing/index.ts';
import {
  MAX_BUNDLE_BYTES,
  MAX_SCALE,
  parseSafetensors,
  readBundle,
  readTensor,
  sha256Hex,
  type TensorData,
  writeSafetensors,
} from './index.ts';

const { bytes: BYTES, bundle: BUNDLE } = await createTestBundle({ units: [4, 4, 8], width: 6 });
const FILE = parseSafetensors(BYTES);

async function refusal(bytes: Uint8Array, stages?: number): Promise<InputError> {
  try {
    await readBundle(bytes, stages === undefined ? {} : { stages });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('readBundle() accepted the file');
}

/** The tensors of the test bundle, for files that differ from it in one point. */
function tensors(): TensorData[] {
  return [...FILE.tensors].map(([name, { dtype, shape }]) => ({
    name,
    dtype,
    shape,
    data: readTensor(BYTES, FILE, name, { dtype, shape }),
  }));
}

// biome-ignore lint/suspicious/noExplicitAny: a manifest on its way to being damaged has no type
type Draft = any;

/** The bundle with a changed manifest, tensors and hashes as `change` leaves them. */
function altered(change: (manifest: Draft, list: TensorData[]) => void): Uint8Array {
  const manifest = JSON.parse(FILE.metadata.manifest);
  const list = tensors();
  change(manifest, list);
  return writeSafetensors(list, { manifest: JSON.stringify(manifest) });
}

/** As {@linkcode altered} but with stage hashes that fit the changed tensors. */
async function rehashed(change: (list: TensorData[]) => void): Promise<Uint8Array> {
  const list = tensors();
  change(list);
  const manifest = JSON.parse(FILE.metadata.manifest);
  const data = writeSafetensors(list);
  const { dataOffset } = parseSafetensors(data);
  let begin = dataOffset;
  for (const stage of manifest.stages) {
    stage.sha256 = await sha256Hex(data.subarray(begin, dataOffset + stage.endByte));
    begin = dataOffset + stage.endByte;
  }
  return writeSafetensors(list, { manifest: JSON.stringify(manifest) });
}

test('readBundle() refuses a whole bundle cut at any byte', async () => {
  for (let length = 0; length < BYTES.length; length++) {
    expect((await refusal(BYTES.subarray(0, length))).code).toBe('bundle-truncated');
  }
});

test('readBundle() reads stages 1..s from a file cut after them', async () => {
  for (let s = 1; s <= 3; s++) {
    const end = FILE.dataOffset + BUNDLE.manifest.stages[s - 1].endByte;
    for (const cut of [end, Math.min(end + 1, BYTES.length), BYTES.length]) {
      const prefix = await readBundle(BYTES.subarray(0, cut), { stages: s });
      expect(prefix.stages).toEqual(BUNDLE.stages.slice(0, s));
      expect(prefix.input).toEqual(BUNDLE.input);
      expect(prefix.manifest).toEqual(BUNDLE.manifest);
    }
    expect(await refusal(BYTES.subarray(0, end - 1), s)).toMatchObject({
      code: 'bundle-truncated',
      message: `The file ends before stage ${s}`,
    });
  }
});

test('readBundle() does not read beyond the stages asked for', async () => {
  const broken = BYTES.slice();
  broken[FILE.dataOffset + BUNDLE.manifest.stages[0].endByte] ^= 1;
  expect((await readBundle(broken, { stages: 1 })).stages).toEqual(BUNDLE.stages.slice(0, 1));
  expect(await refusal(broken, 2)).toMatchObject({
    code: 'bundle-hash-mismatch',
    field: 'manifest.stages.1.sha256',
  });
});

test.each([0, -1, 4, 1.5, Number.NaN])('readBundle() refuses %d stages of 3', async (stages) => {
  expect(await refusal(BYTES, stages)).toMatchObject({
    code: 'stage-out-of-range',
    allowed: '1..3',
  });
});

test('readBundle() notices any changed bit of the weights', async () => {
  const data = BYTES.length - FILE.dataOffset;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: data - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
      const broken = BYTES.slice();
      broken[FILE.dataOffset + at] ^= 1 << bit;
      expect((await refusal(broken)).code).toBe('bundle-hash-mismatch');
    }),
  );
});

test('readBundle() answers a flipped bit anywhere with a runnable bundle or an InputError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: BYTES.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
      const broken = BYTES.slice();
      broken[at] ^= 1 << bit;
      try {
        const bundle = await readBundle(broken);
        const rows = createTestRows(bundle.input, 2);
        const { confidence } = runCascade(createCascade(bundle), rows, {
          thresholds: [null, null],
        });
        expect(confidence.every((value) => value > 0 && value <= 1)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('readBundle() refuses a file above the limit before it looks inside', async () => {
  const error = await refusal(new Uint8Array(MAX_BUNDLE_BYTES + 1));
  expect(error).toMatchObject({ code: 'bundle-too-large', value: MAX_BUNDLE_BYTES + 1 });
});

test('readBundle() refuses a safetensors file that is no bundle', async () => {
  expect(await refusal(writeSafetensors(tensors()))).toMatchObject({
    code: 'bundle-manifest-invalid',
    field: '__metadata__.manifest',
  });
});

test.each<[unknown, unknown]>([
  [2, 2],
  [undefined, undefined],
  ['1', '1'],
  [{ toString: 1 }, 'an object'],
])('readBundle() refuses manifest schema %o', async (schema, value) => {
  const error = await refusal(altered((manifest) => Object.assign(manifest, { schema })));
  expect(error).toMatchObject({ code: 'bundle-schema-unsupported', value, allowed: '1' });
});

test('readBundle() refuses tensors that are missing, swapped or not described', async () => {
  const missing = await refusal(altered((_, list) => list.splice(3, 1)));
  expect(missing).toMatchObject({ code: 'bundle-tensor-invalid', field: 'stage1.hidden0.scale' });
  const swapped = await refusal(altered((_, list) => list.splice(2, 2, list[3], list[2])));
  expect(swapped).toMatchObject({ code: 'bundle-tensor-invalid', field: 'stage1.hidden0.bias' });
  const extra: TensorData = { name: 'extra', dtype: 'U8', shape: [0], data: new Uint8Array(0) };
  const surplus = await refusal(altered((_, list) => list.push(extra)));
  expect(surplus).toMatchObject({ code: 'bundle-tensor-invalid', field: 'extra' });
});

test('readBundle() refuses a stage end that leaves bytes out of the hash', async () => {
  const empty = await sha256Hex(new Uint8Array(0));
  const error = await refusal(
    altered((manifest) => {
      manifest.stages[1].endByte = manifest.stages[0].endByte;
      manifest.stages[1].sha256 = empty;
    }),
  );
  expect(error).toMatchObject({
    code: 'bundle-manifest-invalid',
    field: 'manifest.stages.1.endByte',
  });
});

/** Index in the tensor list and what to write at element 0. */
test.each<[string, number, number, string]>([
  ['an infinite input offset', 0, Number.POSITIVE_INFINITY, 'input.offset'],
  ['an input offset that is no number', 0, Number.NaN, 'input.offset'],
  ['an input multiplier of 0', 1, 0, 'input.multiplier'],
  ['a negative scale', 3, -1, 'stage1.hidden0.scale'],
  ['a scale of 0', 3, 0, 'stage1.hidden0.scale'],
  ['a scale that is no number', 3, Number.NaN, 'stage1.hidden0.scale'],
  ['a scale that overflows', 6, 2 * MAX_SCALE, 'stage1.head.scale'],
  ['a weight of -128', 4, -128, 'stage1.hidden0.weight'],
])('readBundle() refuses %s', async (_, tensor, value, field) => {
  const bytes = await rehashed((list) => {
    list[tensor].data[0] = value;
  });
  expect(await refusal(bytes)).toMatchObject({ code: 'bundle-tensor-invalid', field });
});

test('readBundle() refuses a tensor of another shape than the manifest', async () => {
  const bytes = await rehashed((list) => {
    list[4] = { ...list[4], shape: [...list[4].shape].reverse() };
  });
  expect(await refusal(bytes)).toMatchObject({
    code: 'bundle-tensor-invalid',
    field: 'stage1.hidden0.weight',
    value: 'I8 [6,4]',
    allowed: 'I8 [4,6]',
  });
});

test('readBundle() gives finite answers at the extremes it accepts', async () => {
  const { bundle } = await createTestBundle({ units: [4, 4, 8], width: 6 });
  const bytes = await rehashed((list) => {
    for (const { name, data } of list) if (name.endsWith('scale')) data.fill(MAX_SCALE);
  });
  const extreme = await readBundle(bytes);
  const rows = createTestRows(bundle.input, 20);
  const { confidence } = runCascade(createCascade(extreme), rows, { thresholds: [null, null] });
  expect(confidence.every((value) => value > 0 && value <= 1)).toBe(true);
});
