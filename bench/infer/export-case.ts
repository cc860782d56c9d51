// Whether exported cascades answer alike elsewhere: share of rows whose class differs from ours, at
// any stage, for all structures, dense and sparse.
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import { quantiseFloatRows } from '@dandan/shared/kernel';
import { createTestBundle, goldenRows, type TestBundleOptions } from '@dandan/shared/testing';
import { exportOnnx } from '../../trainer/export/export-onnx.ts';
import { summarise } from '../figures.ts';
import { nativeRuntime, type OnnxRuntime, webRuntime } from './contestants/onnxruntime.ts';
import type { InferCase } from './infer-case.ts';

const STRUCTURES = ['paper', 'incremental', 'additive'] as const;
const SEEDS = [1, 2, 3, 4, 5];

const BUNDLES: readonly (TestBundleOptions & { width: number; sparse: boolean; seed: number })[] =
  STRUCTURES.flatMap((structure) =>
    [false, true].flatMap((sparse) =>
      SEEDS.map((seed) => ({
        structure,
        sparse,
        seed,
        width: sparse ? 200 : 40,
        classes: 7,
        units: [16, 16, 16, 16],
      })),
    ),
  );

/** Percent of answers, over all bundles, rows and stages, that differ. */
async function differing(runtime: OnnxRuntime, provider: string): Promise<number> {
  let answers = 0;
  let different = 0;
  for (const options of BUNDLES) {
    const { bundle } = await createTestBundle(options);
    const rows = goldenRows(options.width, options.sparse, options.seed);
    const trace = traceCascade(createCascade(bundle), quantiseFloatRows(rows, bundle.input));
    const model = exportOnnx(bundle).get('cascade.onnx') ?? new Uint8Array(0);
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: [provider],
      logSeverityLevel: 3,
    });
    const x = new runtime.Tensor('float32', rows.values, [rows.count, rows.width]);
    const outputs = await session.run({ x });
    trace.classes.forEach((classes, k) => {
      const theirs = outputs[`class_${k + 1}`].data as BigInt64Array;
      answers += classes.length;
      different += classes.filter((value, i) => value !== Number(theirs[i])).length;
    });
    await session.release();
  }
  return (100 * different) / answers;
}

export const exportCase: InferCase = {
  name: 'export',
  summary: 'classes of exported cascades that differ from ours, % of answers',
  optIn: false,
  async run({ peers, withPeers, line }) {
    const shares: Record<string, number[]> = {};
    if (withPeers) shares['ort-node'] = [await differing(nativeRuntime(), 'cpu')];
    if (peers.kind === 'present') {
      shares['ort-web'] = [await differing(webRuntime(peers.require), 'wasm')];
    }
    line(`export: ${JSON.stringify(shares)} % of the classes differ`);
    return [summarise({ name: 'export', unit: '% of answers', ours: [0], peers: shares })];
  },
};
