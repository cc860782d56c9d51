import '../autodiff/onnx/environment.ts';
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import { type FloatRows, quantiseFloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle, type TestBundleOptions } from '@dandan/shared/testing';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { exportOnnx } from './export-onnx.ts';

const COUNT = 2000;

const SHAPES = [
  { structure: 'incremental', sparse: false, units: [8, 8, 16, 32], width: 21, classes: 5 },
  { structure: 'paper', sparse: false, units: [16, 16, 16], width: 37, classes: 7 },
  { structure: 'incremental', sparse: true, units: [4, 9, 17], width: 90, classes: 3 },
  { structure: 'paper', sparse: true, units: [12, 12], width: 60, classes: 11 },
  { structure: 'additive', sparse: false, units: [8, 8, 16, 32], width: 21, classes: 5 },
  { structure: 'additive', sparse: true, units: [4, 9, 17], width: 90, classes: 3 },
  { structure: 'incremental', sparse: false, units: [7], width: 3, classes: 2, seed: 2 },
] satisfies TestBundleOptions[];

function floatRows(width: number, sparse: boolean): FloatRows {
  const random = createRandom(width);
  const values = Float32Array.from({ length: COUNT * width }, () => {
    if (sparse) return random.below(5) === 0 ? 1 + random.below(90) : 0;
    const kind = random.below(50);
    if (kind === 0) return Number.NaN;
    return kind === 1 ? 1e6 * random.normal() : 2 * random.normal();
  });
  return { count: COUNT, width, values };
}

async function open(file: Uint8Array | undefined): Promise<InferenceSession> {
  if (file === undefined) throw new Error('The file was not exported');
  return InferenceSession.create(file, { logSeverityLevel: 3 });
}

const share = (count: number) => count / COUNT;

test.each(SHAPES)('onnxruntime gives the classes of the cascade: %o', async (shape) => {
  const { bundle } = await createTestBundle(shape);
  const rows = floatRows(bundle.input.width, bundle.input.sparse);
  const trace = traceCascade(createCascade(bundle), quantiseFloatRows(rows, bundle.input));
  const files = exportOnnx(bundle);
  const cascade = await open(files.get('cascade.onnx'));
  const x = new Tensor('float32', rows.values, [COUNT, rows.width]);
  const outputs = await cascade.run({ x });
  trace.classes.forEach((classes, k) => {
    const answers = outputs[`class_${k + 1}`].data as BigInt64Array;
    const confidence = outputs[`confidence_${k + 1}`].data as Float32Array;
    const same = classes.filter((value, i) => value === Number(answers[i])).length;
    expect(share(same)).toBeGreaterThanOrEqual(0.999);
    const near = confidence.filter((value, i) => Math.abs(value - trace.confidence[k][i]) < 1e-3);
    expect(share(near.length)).toBeGreaterThanOrEqual(0.99);
  });
  expect(new Set(trace.classes.at(-1)).size, 'several classes are answered').toBeGreaterThan(1);
});

test.each(SHAPES)('stages chained by hand give the classes of the cascade: %o', async (shape) => {
  const { bundle } = await createTestBundle(shape);
  const { input } = bundle;
  const rows = floatRows(input.width, input.sparse);
  const quantised = quantiseFloatRows(rows, input);
  const trace = traceCascade(createCascade(bundle), quantised);
  const codes = new Uint8Array(COUNT * input.width);
  if (quantised.kind === 'dense') codes.set(quantised.codes);
  else {
    for (let i = 0; i < COUNT; i++) {
      for (let e = quantised.offsets[i]; e < quantised.offsets[i + 1]; e++) {
        codes[i * input.width + quantised.indices[e]] = quantised.codes[e];
      }
    }
  }
  const files = exportOnnx(bundle);
  let handed: Record<string, Tensor> = {};
  for (const [k] of bundle.stages.entries()) {
    const stage = await open(files.get(`stage-${k + 1}.onnx`));
    const feeds = { codes: new Tensor('uint8', codes, [COUNT, input.width]) };
    const { next_h: h, logits } = await stage.run({ ...feeds, ...handed });
    handed = h ? { h: h as Tensor } : { previous_logits: logits as Tensor };
    const classes = bundle.manifest.classes.length;
    const matrix = logits.data as Float32Array;
    const same = trace.stageClasses[k].filter((value, i) => {
      const row = matrix.subarray(i * classes, (i + 1) * classes);
      return row.indexOf(Math.max(...row)) === value;
    });
    expect(share(same.length)).toBeGreaterThanOrEqual(0.999);
  }
});
