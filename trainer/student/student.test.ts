import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { type Expression, indexInput, input } from '../autodiff/index.ts';
import { evaluate, type ReferenceFeeds } from '../autodiff/reference.ts';
import { type DropoutMask, evaluationMode, trainingMode } from '../network/dropout.ts';
import { featureProduct } from '../network/feature-product.ts';
import { parameterInputs } from '../network/weights.ts';
import { expectClose } from '../testing/expect-close.ts';
import { createStudent, type Structure } from './student.ts';

const [COUNT, WIDTH, READS, CLASSES] = [4, 3, 2, 3];
const random = createRandom(9);
const matrix = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const x = matrix(COUNT * WIDTH);
const h = matrix(COUNT * READS);

function student(structure: Structure, rows = { count: COUNT, x, h }, widths = [5]) {
  const { count } = rows;
  return createStudent({
    features: featureProduct({ kind: 'dense', rows: { count, width: WIDTH, values: rows.x } }),
    previous: { width: READS, values: rows.h },
    structure,
    widths,
    classes: CLASSES,
    dropout: 0.5,
  });
}

const feedsOf = ({ shapes }: ReturnType<typeof student>): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, [rows, columns]]) => [
      name,
      Float64Array.from(matrix(rows * columns)),
    ]),
  );

/** a [n, k] · b [k, m], plainly. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, n: number, k: number): number[] {
  const m = b.length / k;
  return Array.from({ length: n * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let e = 0; e < k; e++) sum += a[i * k + e] * b[e * m + j];
    return sum;
  });
}

const sum = (...terms: ArrayLike<number>[]) =>
  Array.from(terms[0], (_, i) => terms.reduce((total, term) => total + term[i % term.length], 0));

test('createStudent() of the additive structure reads x alone and adds to the logits it is given', () => {
  const given = { width: CLASSES, values: matrix(COUNT * CLASSES) };
  const made = createStudent({
    features: featureProduct({ kind: 'dense', rows: { count: COUNT, width: WIDTH, values: x } }),
    previous: given,
    structure: 'additive',
    widths: [5],
    classes: CLASSES,
    dropout: 0.5,
  });
  expect(Object.keys(made.shapes).sort()).toEqual(['head.b', 'head.u', 'hidden0.b', 'hidden0.x']);
  expect(made.hiddenWidth).toBe(CLASSES);
  const feeds = feedsOf(made);
  const { units, logits } = made.forward(parameterInputs(made.shapes), evaluationMode);
  const first = sum(product(x, feeds['hidden0.x'], COUNT, WIDTH), feeds['hidden0.b']);
  const u = first.map((value) => Math.max(0, value));
  expectClose(evaluate(units, feeds), u);
  const own = sum(product(u, feeds['head.u'], COUNT, 5), feeds['head.b']);
  expectClose(evaluate(logits, feeds), sum(own, given.values));
});

for (const structure of ['paper', 'incremental'] as const) {
  test(`createStudent() reads [x ‖ h] and writes units and logits: ${structure}`, () => {
    const made = student(structure);
    const feeds = feedsOf(made);
    const { units, logits } = made.forward(parameterInputs(made.shapes), evaluationMode);
    const first = sum(
      product(x, feeds['hidden0.x'], COUNT, WIDTH),
      product(h, feeds['hidden0.h'], COUNT, READS),
      feeds['hidden0.b'],
    );
    const u = first.map((value) => Math.max(0, value));
    expectClose(evaluate(units, feeds), u);
    const own = sum(product(u, feeds['head.u'], COUNT, 5), feeds['head.b']);
    const expected =
      structure === 'paper' ? own : sum(own, product(h, feeds['head.h'], COUNT, READS));
    expectClose(evaluate(logits, feeds), expected);
    expect('head.h' in made.shapes).toBe(structure === 'incremental');
    expect(made.hiddenWidth).toBe(structure === 'paper' ? 5 : READS + 5);
  });

  test(`forwardMixed() equals the forward pass over mixed inputs [x ‖ h]: ${structure}`, () => {
    const made = student(structure);
    const feeds: ReferenceFeeds = { ...feedsOf(made), lambda: Float64Array.of(0.3) };
    const nodes = Int32Array.of(0, 1, 3);
    const partners = Int32Array.of(2, 1, 0);
    const { first } = made.forward(parameterInputs(made.shapes), evaluationMode);
    const mixed = made.forwardMixed(parameterInputs(made.shapes), evaluationMode, {
      first,
      nodes,
      partners: indexInput('partners', 3),
      lambda: input('lambda', [1, 1]),
    });
    const mix = (values: Float32Array, width: number) =>
      Float32Array.from({ length: 3 * width }, (_, at) => {
        const [i, j] = [Math.floor(at / width), at % width];
        return 0.3 * values[nodes[i] * width + j] + 0.7 * values[partners[i] * width + j];
      });
    const plain = student(structure, { count: 3, x: mix(x, WIDTH), h: mix(h, READS) });
    const { logits } = plain.forward(parameterInputs(plain.shapes), evaluationMode);
    expectClose(evaluate(mixed, { ...feeds, partners }), evaluate(logits, feeds));
  });
}

test('createStudent() without predecessor reads x alone', () => {
  const first = createStudent({
    features: featureProduct({ kind: 'dense', rows: { count: COUNT, width: WIDTH, values: x } }),
    previous: undefined,
    structure: 'incremental',
    widths: [5],
    classes: CLASSES,
    dropout: 0,
  });
  expect(first.shapes).toEqual({
    'hidden0.x': [WIDTH, 5],
    'hidden0.b': [1, 5],
    'head.u': [5, CLASSES],
    'head.b': [1, CLASSES],
  });
  expect(first.hiddenWidth).toBe(5);
});

test('createStudent() drops units behind every hidden layer, never the features', () => {
  const masks: DropoutMask[] = [];
  const made = student('paper', { count: COUNT, x, h }, [6, 5]);
  const { units }: { units: Expression } = made.forward(
    parameterInputs(made.shapes),
    trainingMode(masks),
  );
  expect(units.shape).toEqual([COUNT, 5]);
  expect(masks.map(({ size }) => size)).toEqual([COUNT * 6, COUNT * 5]);
  expect(made.shapes['hidden1.w']).toEqual([6, 5]);
});

test('createStudent() hides features in training only', () => {
  const features = featureProduct({
    kind: 'dense',
    rows: { count: COUNT, width: WIDTH, values: x },
  });
  const common = { features, previous: undefined, structure: 'paper', classes: CLASSES } as const;
  const hiding = createStudent({ ...common, widths: [5], inputDropout: 0.4, dropout: 0 });
  const inputs = parameterInputs(hiding.shapes);
  const masks: DropoutMask[] = [];
  hiding.forward(inputs, trainingMode(masks));
  expect(masks).toEqual([{ name: 'dropout.x', size: COUNT * WIDTH, rate: 0.4 }]);
  const plain = createStudent({ ...common, widths: [5], dropout: 0 });
  const feeds = feedsOf(plain);
  const logitsOf = (made: typeof plain) =>
    evaluate(made.forward(inputs, evaluationMode).logits, feeds);
  expect(logitsOf(hiding)).toEqual(logitsOf(plain));
});
