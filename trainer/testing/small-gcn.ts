// Sixty Adam steps of a small graph network as a program: everything that a training step needs.
import { createRandom } from '@dandan/shared/random';
import { adamCorrections, adamStep } from '../autodiff/adam.ts';
import {
  add,
  constant,
  gatherRows,
  indexInput,
  input,
  logSoftmax,
  mask,
  matmul,
  multiply,
  relu,
  scalar,
  sparseMatmul,
} from '../autodiff/build.ts';
import { drawMaskOffset } from '../autodiff/mask.ts';
import type { Program } from '../autodiff/program.ts';
import { crossEntropy, oneHot } from '../fit/cross-entropy.ts';

/** A two-layer GCN with dropout on its sparse input and on the hidden units, and row mixing. */
export function smallGcn() {
  const random = createRandom(21);
  const [nodes, words, hidden, classes] = [60, 40, 8, 3];
  const pairs = Array.from({ length: 150 }, () =>
    [0, 1].map(() => Math.floor(random.next() * nodes)),
  ).flatMap(([from, to]) => [
    [from, to],
    [to, from],
  ]);
  const graph = {
    rows: nodes,
    columns: nodes,
    rowOf: Int32Array.from(pairs, ([from]) => from),
    columnOf: Int32Array.from(pairs, ([, to]) => to),
  };
  const bag = {
    rows: nodes,
    columns: words,
    rowOf: Int32Array.from({ length: nodes * 5 }, (_, i) => Math.floor(i / 5)),
    columnOf: Int32Array.from({ length: nodes * 5 }, () => Math.floor(random.next() * words)),
  };
  const normal = (rows: number, columns: number, scale: number) =>
    Float32Array.from({ length: rows * columns }, () => scale * random.normal());
  const initial = { w0: normal(words, hidden, 0.3), w1: normal(hidden, classes, 0.3) };
  const w0 = input('w0', [words, hidden]);
  const w1 = input('w1', [hidden, classes]);
  const bias = input('bias', [1, classes]);
  const parameters = [w0, w1, bias];
  const ones = constant(new Float32Array(nodes * 5).fill(1), [nodes * 5, 1]);
  const values = multiply(ones, mask('dropout.x', [nodes * 5, 1], 0.4));
  const first = relu(sparseMatmul(graph, sparseMatmul(bag, w0, { values })));
  const dropped = multiply(first, mask('dropout.1', first.shape, 0.5));
  const logits = add(sparseMatmul(graph, matmul(dropped, w1)), bias);
  const labels = Int32Array.from({ length: nodes }, (_, i) => i % classes);
  const labelled = Int32Array.from({ length: 12 }, (_, i) => i * 5);
  const partners = indexInput('partners', labelled.length);
  const seen = gatherRows(logits, labelled);
  const mixed = multiply(scalar(0.5), add(seen, gatherRows(seen, partners)));
  const targets = constant(oneHot(labels, labelled, classes), [labelled.length, classes]);
  const loss = crossEntropy(targets, logSoftmax(mixed));
  const updates = adamStep({ loss, parameters, learningRate: 0.02, weightDecay: () => 1e-3 });
  const state = Object.entries(updates).map(([name, { shape }]) => input(name, shape));
  const program: Program = { state, entries: { step: { outputs: { loss }, updates } } };
  const draws = random.fork('draws');
  const steps = Array.from({ length: 60 }, (_, t) => ({
    ...adamCorrections(t + 1),
    'dropout.x': Int32Array.of(drawMaskOffset(draws)),
    'dropout.1': Int32Array.of(drawMaskOffset(draws)),
    partners: Int32Array.from(labelled, () => Math.floor(draws.next() * labelled.length)),
  }));
  return { program, initial, steps };
}
