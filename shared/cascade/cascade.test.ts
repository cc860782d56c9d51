import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Bundle, readBundle } from '../bundle/index.ts';
import type { Layer, QuantisedRows } from '../kernel/index.ts';
import { selectRows } from '../kernel/index.ts';
import { createTestBundle, createTestRows, type TestBundleOptions } from '../testing/index.ts';
import {
  type CascadeResult,
  createCascade,
  createResult,
  runCascade,
  STOP_REASONS,
  type StopReason,
  stageProbabilities,
  traceCascade,
  usableKernels,
} from './index.ts';

const SHAPES = [
  { structure: 'incremental', sparse: false, seed: 1 },
  { structure: 'incremental', sparse: true, seed: 2 },
  { structure: 'paper', sparse: false, seed: 3 },
  { structure: 'paper', sparse: true, seed: 4 },
  { structure: 'incremental', sparse: false, seed: 5, units: [1, 3, 17, 2], classes: 11, width: 1 },
  { structure: 'paper', sparse: true, seed: 6, units: [5], classes: 2, width: 33 },
  { structure: 'additive', sparse: false, seed: 7, classes: 5 },
  { structure: 'additive', sparse: true, seed: 8, units: [3, 17, 4], classes: 9, width: 50 },
] satisfies TestBundleOptions[];

function rowValues(rows: QuantisedRows, i: number): number[] {
  if (rows.kind === 'dense') return [...rows.codes.slice(i * rows.width, (i + 1) * rows.width)];
  const values = Array<number>(rows.width).fill(0);
  for (let e = rows.offsets[i]; e < rows.offsets[i + 1]; e++) {
    values[rows.indices[e]] = rows.codes[e];
  }
  return values;
}

function affine({ weight, bias, scale, inputs }: Layer, x: readonly number[]): number[] {
  expect(x).toHaveLength(inputs);
  return Array.from(
    bias,
    (b, o) => scale[o] * x.reduce((s, v, j) => s + weight[o * inputs + j] * v, b),
  );
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const toCode = (y: number) => Math.min(127, Math.max(0, Math.floor(y + 0.5)));

function exactSoftmax(values: readonly number[]): number[] {
  const powers = values.map((value) => Math.exp(value - Math.max(...values)));
  return powers.map((power) => power / sum(powers));
}

/** q_1..q_K of one row in float64, straight from the method: no code of the runner is used. */
function model({ stages, manifest }: Bundle, row: readonly number[]): number[][] {
  const { structure } = manifest;
  let hidden: number[] = [];
  let logits = manifest.classes.map(() => 0);
  const outputs: number[][] = [];
  return stages.map((stage) => {
    const units = stage.hidden.reduce<number[]>(
      (x, layer) => affine(layer, x).map(toCode),
      structure === 'additive' ? [...row] : [...row, ...hidden],
    );
    hidden = structure === 'incremental' ? [...hidden, ...units] : units;
    const before = structure === 'additive' ? logits : logits.map(() => 0);
    logits = affine(stage.head, hidden).map((z, c) => before[c] + z);
    const scaled = logits.map((z) => z * stage.inverseTemperature);
    outputs.push(exactSoftmax(scaled));
    const weights = exactSoftmax(outputs.map((p) => Math.max(...p)));
    return outputs[0].map((_, c) => sum(outputs.map((p, j) => weights[j] * p[c])));
  });
}

/** Multiply-accumulates of stages 1..s for a row with `nonZeros` listed columns. */
function countMacs({ stages, manifest }: Bundle, nonZeros: number, s: number): number {
  let hidden = 0;
  let macs = 0;
  for (const { hidden: layers, head } of stages.slice(0, s)) {
    let inputs = manifest.structure === 'additive' ? nonZeros : nonZeros + hidden;
    for (const { outputs } of layers) {
      macs += inputs * outputs;
      inputs = outputs;
    }
    hidden = manifest.structure === 'incremental' ? hidden + inputs : inputs;
    macs += hidden * head.outputs;
  }
  return macs;
}

const listed = (rows: QuantisedRows, i: number) =>
  rows.kind === 'dense' ? rows.width : rows.offsets[i + 1] - rows.offsets[i];

test('STOP_REASONS keeps its order, which CascadeResult.stopped stores', () => {
  expect(STOP_REASONS).toEqual(['confident', 'last-stage', 'stage-limit', 'budget']);
  expectTypeOf<StopReason>().toEqualTypeOf<'confident' | 'last-stage' | 'stage-limit' | 'budget'>();
  expectTypeOf(runCascade).parameter(2).toHaveProperty('thresholds');
  expectTypeOf<CascadeResult['confidence']>().toExtend<Float32Array>();
  expectTypeOf<Bundle['stages']>().not.toExtend<unknown[]>();
});

// Every implementation of the kernels is held to the same tests.
describe.each(usableKernels())('$path', (kernels) => {
  test.each(SHAPES)('runCascade() equals a float64 model of per-node exit: %o', async (shape) => {
    const { bundle } = await createTestBundle(shape);
    const rows = createTestRows(bundle.input, 60, shape.seed);
    const thresholds = bundle.stages.slice(1).map((_, k) => 0.6 - 0.05 * k);
    const result = runCascade(createCascade(bundle, { kernels }), rows, { thresholds });
    for (let i = 0; i < rows.count; i++) {
      const steps = model(bundle, rowValues(rows, i));
      const first = steps.findIndex(
        (q, k) => k === steps.length - 1 || Math.max(...q) >= thresholds[k],
      );
      const q = steps[first];
      expect(result.stage[i]).toBe(first + 1);
      expect(result.classes[i]).toBe(q.indexOf(Math.max(...q)));
      expect(result.confidence[i]).toBeCloseTo(Math.max(...q), 5);
      expect(result.macs[i]).toBe(countMacs(bundle, listed(rows, i), first + 1));
      expect(STOP_REASONS[result.stopped[i]]).toBe(
        first + 1 === steps.length ? 'last-stage' : 'confident',
      );
    }
  });

  test('the test bundles stop at every stage', async () => {
    const { bundle } = await createTestBundle({ structure: 'paper', sparse: true });
    const { stage } = runCascade(
      createCascade(bundle, { kernels }),
      createTestRows(bundle.input, 100),
      {
        thresholds: [0.6, 0.6],
      },
    );
    expect(new Set(stage)).toEqual(new Set([1, 2, 3]));
  });

  test.each(SHAPES)('traceCascade() equals the float64 model at every stage: %o', async (shape) => {
    const { bundle } = await createTestBundle(shape);
    const rows = createTestRows(bundle.input, 40, 9);
    const trace = traceCascade(createCascade(bundle, { kernels }), rows);
    for (let i = 0; i < rows.count; i++) {
      model(bundle, rowValues(rows, i)).forEach((q, k) => {
        expect(trace.confidence[k][i]).toBeCloseTo(Math.max(...q), 5);
        expect(trace.classes[k][i]).toBe(q.indexOf(Math.max(...q)));
        expect(trace.macs[k][i]).toBe(countMacs(bundle, listed(rows, i), k + 1));
      });
    }
  });

  test('runCascade() stops at the first stage whose traced confidence reaches its threshold', async () => {
    for (const shape of SHAPES.slice(0, 4)) {
      const { bundle } = await createTestBundle(shape);
      const rows = createTestRows(bundle.input, 25, 4);
      const trace = traceCascade(createCascade(bundle, { kernels }), rows);
      const seen = trace.confidence.flatMap((values) => [...values]);
      // Thresholds that equal a confidence exactly are where a sloppy comparison shows.
      const threshold = fc.oneof(
        fc.constant(null),
        fc.constantFrom(...seen),
        fc.double({ min: 0, max: 1, noNaN: true }),
      );
      fc.assert(
        fc.property(fc.tuple(threshold, threshold), (thresholds) => {
          const result = runCascade(createCascade(bundle, { kernels }), rows, { thresholds });
          for (let i = 0; i < rows.count; i++) {
            const at = thresholds.findIndex(
              (value, k) => value !== null && trace.confidence[k][i] >= Math.fround(value),
            );
            const k = at < 0 ? thresholds.length : at;
            expect(result.stage[i]).toBe(k + 1);
            expect(result.classes[i]).toBe(trace.classes[k][i]);
            expect(result.confidence[i]).toBe(trace.confidence[k][i]);
            expect(result.macs[i]).toBe(trace.macs[k][i]);
          }
        }),
      );
    }
  });

  test('runCascade() never stops early without thresholds', async () => {
    const { bundle } = await createTestBundle();
    const { stage, stopped } = runCascade(
      createCascade(bundle, { kernels }),
      createTestRows(bundle.input, 30),
      {
        thresholds: [null, null],
      },
    );
    expect(new Set(stage)).toEqual(new Set([3]));
    expect(new Set(stopped)).toEqual(new Set([STOP_REASONS.indexOf('last-stage')]));
  });

  test('runCascade() with thresholds of 0 stops at stage 1', async () => {
    const { bundle } = await createTestBundle();
    const { stage, stopped } = runCascade(
      createCascade(bundle, { kernels }),
      createTestRows(bundle.input, 30),
      {
        thresholds: [0, 0],
      },
    );
    expect(new Set(stage)).toEqual(new Set([1]));
    expect(new Set(stopped)).toEqual(new Set([STOP_REASONS.indexOf('confident')]));
  });

  test('runCascade() stops at maxStage and says why', async () => {
    const { bundle } = await createTestBundle();
    const rows = createTestRows(bundle.input, 100);
    const free = runCascade(createCascade(bundle, { kernels }), rows, { thresholds: [0.7, 0.7] });
    const capped = runCascade(createCascade(bundle, { kernels }), rows, {
      thresholds: [0.7, 0.7],
      maxStage: 2,
    });
    const reasons = new Set<StopReason>();
    for (let i = 0; i < rows.count; i++) {
      expect(capped.stage[i]).toBe(Math.min(2, free.stage[i]));
      const reason = STOP_REASONS[capped.stopped[i]];
      expect(reason).toBe(free.stage[i] <= 2 ? 'confident' : 'stage-limit');
      reasons.add(reason);
    }
    expect(reasons.size).toBe(2);
  });

  test('runCascade() on a prefix answers as the whole bundle to that stage', async () => {
    const { bytes, bundle } = await createTestBundle();
    const prefix = await readBundle(bytes, { stages: 2 });
    const rows = createTestRows(bundle.input, 50);
    const thresholds = [0.65, 0.65];
    const local = runCascade(createCascade(prefix, { kernels }), rows, { thresholds });
    expect(local).toEqual(
      runCascade(createCascade(bundle, { kernels }), rows, { thresholds, maxStage: 2 }),
    );
    expect(STOP_REASONS.indexOf('stage-limit')).toBeOneOf([...local.stopped]);
  });

  test.each([0, 4, 1.5, -1, Number.NaN])(
    'runCascade() refuses maxStage %d of 3',
    async (maxStage) => {
      const { bundle } = await createTestBundle();
      const rows = createTestRows(bundle.input, 1);
      expect(() =>
        runCascade(createCascade(bundle, { kernels }), rows, {
          thresholds: [null, null],
          maxStage,
        }),
      ).toThrow(
        expect.objectContaining({ code: 'stage-out-of-range', field: 'maxStage', allowed: '1..3' }),
      );
    },
  );

  test('runCascade() and traceCascade() refuse rows that do not fit', async () => {
    const { bundle } = await createTestBundle();
    const rows = createTestRows({ width: 5, sparse: false }, 1);
    const refusal = expect.objectContaining({ code: 'rows-wrong-width' });
    expect(() =>
      runCascade(createCascade(bundle, { kernels }), rows, { thresholds: [null, null] }),
    ).toThrow(refusal);
    expect(() => traceCascade(createCascade(bundle, { kernels }), rows)).toThrow(refusal);
  });

  test('runCascade() answers no rows with no answers', async () => {
    const { bundle } = await createTestBundle();
    const result = runCascade(createCascade(bundle, { kernels }), createTestRows(bundle.input, 0), {
      thresholds: [null, null],
    });
    expect(Object.values(result).map(({ length }) => length)).toEqual([0, 0, 0, 0, 0]);
  });

  test.each(SHAPES)('one row at a time gives the bits of all at once: %o', async (shape) => {
    const { bundle } = await createTestBundle(shape);
    const rows = createTestRows(bundle.input, 30, 8);
    const options = { thresholds: bundle.stages.slice(1).map(() => 0.6) };
    const all = runCascade(createCascade(bundle, { kernels }), rows, options);
    const shuffled = fc.shuffledSubarray([...Array(rows.count).keys()], { minLength: 1 });
    fc.assert(
      fc.property(shuffled, (positions) => {
        const some = runCascade(
          createCascade(bundle, { kernels }),
          selectRows(rows, positions),
          options,
        );
        positions.forEach((position, i) => {
          for (const key of Object.keys(all) as (keyof CascadeResult)[]) {
            expect(some[key][i]).toBe(all[key][position]);
          }
        });
      }),
      { numRuns: 30 },
    );
  });

  test('a sparse row and the same row written out give the same answers', async () => {
    const { bundle } = await createTestBundle({ sparse: true });
    const sparse = createTestRows(bundle.input, 30);
    const codes = Array.from({ length: sparse.count }, (_, i) => rowValues(sparse, i)).flat();
    const { count, width } = sparse;
    const dense: QuantisedRows = { kind: 'dense', count, width, codes: Uint8Array.from(codes) };
    const written = { ...bundle, input: { ...bundle.input, sparse: false } };
    const a = traceCascade(createCascade(bundle, { kernels }), sparse);
    const b = traceCascade(createCascade(written, { kernels }), dense);
    expect(b.classes).toEqual(a.classes);
    expect(b.confidence).toEqual(a.confidence);
  });

  test('stages of several hidden layers run layer by layer', async () => {
    const { bundle } = await createTestBundle({ units: [6], structure: 'paper' });
    const [stage] = bundle.stages;
    const square = (seed: number): Layer => ({
      inputs: 6,
      outputs: 6,
      weight: Int8Array.from({ length: 36 }, (_, i) => ((i * seed) % 255) - 127),
      bias: new Int32Array(6).fill(50),
      scale: new Float32Array(6).fill(0.004),
    });
    for (const extra of [
      [square(7)],
      [square(7), square(11)],
      [square(7), square(11), square(13)],
    ]) {
      const deep: Bundle = {
        ...bundle,
        stages: [{ ...stage, hidden: [...stage.hidden, ...extra] }],
      };
      const rows = createTestRows(bundle.input, 20);
      const trace = traceCascade(createCascade(deep, { kernels }), rows);
      for (let i = 0; i < rows.count; i++) {
        const [q] = model(deep, rowValues(rows, i));
        expect(trace.confidence[0][i]).toBeCloseTo(Math.max(...q), 5);
        expect(trace.macs[0][i]).toBe(countMacs(deep, bundle.input.width, 1));
      }
    }
  });

  test('the lowest class wins a tie', async () => {
    const { bundle } = await createTestBundle({ units: [4], classes: 5 });
    const [stage] = bundle.stages;
    const head = { ...stage.head, weight: stage.head.weight.map(() => 0), bias: new Int32Array(5) };
    const { classes, confidence } = runCascade(
      createCascade({ ...bundle, stages: [{ ...stage, head }] }, { kernels }),
      createTestRows(bundle.input, 3),
      { thresholds: [] },
    );
    expect([...classes]).toEqual([0, 0, 0]);
    expect(confidence[0]).toBeCloseTo(0.2, 6);
  });

  test('runCascade() writes into a result it is given', async () => {
    const { bundle } = await createTestBundle();
    const rows = createTestRows(bundle.input, 70);
    const cascade = createCascade(bundle, { kernels });
    const room = createResult(80);
    const options = { thresholds: [0.6, 0.6] };
    expect(runCascade(cascade, rows, options, room)).toBe(room);
    const fresh = runCascade(cascade, rows, options);
    for (const key of Object.keys(fresh) as (keyof CascadeResult)[]) {
      expect(room[key].subarray(0, 70)).toEqual(fresh[key]);
      expect(new Set(room[key].subarray(70))).toEqual(new Set([0]));
    }
  });

  test('stageProbabilities() are those that the stages answer by', async () => {
    const { bundle } = await createTestBundle({ classes: 5 });
    const rows = createTestRows(bundle.input, 50);
    const trace = traceCascade(createCascade(bundle, { kernels }), rows);
    const probabilities = stageProbabilities(createCascade(bundle, { kernels }), rows);
    expect(probabilities).toHaveLength(bundle.stages.length);
    probabilities.forEach((stage, k) => {
      for (let i = 0; i < rows.count; i++) {
        const row = stage.subarray(i * 5, (i + 1) * 5);
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        expect(row.indexOf(Math.max(...row))).toBe(trace.stageClasses[k][i]);
        // The first stage's running output is its own.
        if (k === 0) expect(Math.max(...row)).toBeCloseTo(trace.confidence[0][i], 6);
      }
    });
  });
});
