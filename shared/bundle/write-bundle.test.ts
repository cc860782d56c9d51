import { expect, expectTypeOf, test } from 'vitest';
import { createTestBundle } from '../testing/index.ts';
import {
  type Bundle,
  type DraftManifest,
  type Manifest,
  parseSafetensors,
  readBundle,
  sha256Hex,
  type WriteBundleOptions,
  writeBundle,
} from './index.ts';

async function draft(): Promise<WriteBundleOptions> {
  const { bundle } = await createTestBundle();
  return { manifest: bundle.manifest, input: bundle.input, stages: bundle.stages };
}

test('sha256Hex() matches the FIPS 180-2 example', async () => {
  expect(await sha256Hex(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test.each(['paper', 'incremental'] as const)('writeBundle() round-trips, %s', async (structure) => {
  for (const sparse of [false, true]) {
    const { bytes, sha256, bundle } = await createTestBundle({ structure, sparse });
    const again = await writeBundle({
      manifest: bundle.manifest,
      input: bundle.input,
      stages: bundle.stages,
    });
    expect(again.bytes).toEqual(bytes);
    expect(again.sha256).toBe(sha256);
    expect(await sha256Hex(bytes)).toBe(sha256);
    expect(await readBundle(again.bytes)).toEqual(bundle);
  }
});

test('writeBundle() gives the same bytes whatever the order of the manifest keys', async () => {
  const options = await draft();
  const reversed = Object.fromEntries(Object.entries(options.manifest).reverse());
  const first = await writeBundle(options);
  const second = await writeBundle({ ...options, manifest: reversed as unknown as DraftManifest });
  expect(second.sha256).toBe(first.sha256);
});

test('writeBundle() gives other bytes for one changed weight', async () => {
  const options = await draft();
  const first = await writeBundle(options);
  const [stage] = options.stages;
  stage.head.weight[0] ^= 1;
  expect((await writeBundle(options)).sha256).not.toBe(first.sha256);
});

test('writeBundle() lays stages out one after the other and hashes each', async () => {
  const { bytes, bundle } = await createTestBundle({ units: [4, 4, 8] });
  const { dataOffset, tensors, fileBytes } = parseSafetensors(bytes);
  const names = [...tensors.keys()];
  expect(names.slice(0, 2)).toEqual(['input.offset', 'input.multiplier']);
  expect(names.slice(2).map((name) => name.split('.')[0])).toEqual(
    ['stage1', 'stage2', 'stage3'].flatMap((stage) => Array(6).fill(stage)),
  );
  let begin = dataOffset;
  for (const { endByte, sha256 } of bundle.manifest.stages) {
    expect(await sha256Hex(bytes.subarray(begin, dataOffset + endByte))).toBe(sha256);
    begin = dataOffset + endByte;
  }
  expect(begin).toBe(fileBytes);
});

type Change = (options: WriteBundleOptions) => WriteBundleOptions;

test.each<[string, Change]>([
  ['fewer stages', (o) => ({ ...o, stages: o.stages.slice(1) })],
  ['fewer hidden layers', (o) => ({ ...o, stages: o.stages.map((s) => ({ ...s, hidden: [] })) })],
  [
    'a head of another width',
    (o) => ({ ...o, stages: o.stages.map((s) => ({ ...s, head: { ...s.head, inputs: 1 } })) }),
  ],
  [
    'weights of another length',
    (o) => ({
      ...o,
      stages: o.stages.map((s) => ({ ...s, head: { ...s.head, weight: new Int8Array(1) } })),
    }),
  ],
  [
    'another temperature',
    (o) => ({ ...o, stages: o.stages.map((s) => ({ ...s, inverseTemperature: 1.5 })) }),
  ],
  ['input of another width', (o) => ({ ...o, input: { ...o.input, offset: new Float32Array(3) } })],
  ['an unknown model name', (o) => ({ ...o, manifest: { ...o.manifest, model: 'No Name' } })],
])('writeBundle() throws on %s than the manifest has', async (_, change) => {
  await expect(writeBundle(change(await draft()))).rejects.toThrow();
});

test('a draft manifest is a manifest without what the writer measures', () => {
  expectTypeOf<Manifest>().toExtend<DraftManifest>();
  expectTypeOf<DraftManifest['stages'][number]>().not.toHaveProperty('sha256');
  expectTypeOf<DraftManifest['stages'][number]>().not.toHaveProperty('endByte');
  expectTypeOf(readBundle).returns.resolves.toEqualTypeOf<Bundle>();
});
