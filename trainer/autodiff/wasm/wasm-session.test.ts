import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import {
  add,
  input,
  logSoftmax,
  mask,
  matmul,
  multiply,
  relu,
  scalar,
  sparseMatmul,
  subtract,
  sum,
  total,
} from '../build.ts';
import type { SparsePattern } from '../expression.ts';
import { gradients } from '../gradients.ts';
import type { Program } from '../program.ts';
import { createWasmSession } from './wasm-session.ts';

const NODES = 12_000;
const ENTRIES = 150_000;
const WIDTH = 36;

/** A step over a graph large enough that its strips are shared among threads. */
function largeProgram(): Program {
  const random = createRandom(4);
  const draw = (limit: number) => Int32Array.from({ length: ENTRIES }, () => random.below(limit));
  const pattern: SparsePattern = {
    rows: NODES,
    columns: NODES,
    rowOf: draw(NODES),
    columnOf: draw(NODES),
  };
  const x = input('x', [NODES, WIDTH]);
  const w = input('w', [WIDTH, 7]);
  const values = mask('values', [ENTRIES, 1], 0.4);
  const h = relu(sparseMatmul(pattern, x, { values }));
  const dropped = multiply(h, mask('hidden', h.shape, 0.5));
  const logits = logSoftmax(matmul(dropped, w));
  const loss = multiply(scalar(1 / NODES), total(logits));
  const [dx, dw] = gradients(loss, [x, w]);
  return {
    state: [x, w],
    entries: {
      step: {
        outputs: { loss, columns: sum(h, 0) },
        updates: { x: subtract(x, dx), w: add(w, dw) },
      },
    },
  };
}

async function train(threads: number, count: number) {
  const session = createWasmSession(largeProgram(), { threads });
  const random = createRandom(5);
  const matrix = (size: number) => Float32Array.from({ length: size }, () => random.normal());
  await session.write({ x: matrix(NODES * WIDTH), w: matrix(WIDTH * 7) });
  const steps = Array.from({ length: count }, (_, i) => ({
    values: Int32Array.of(31 * i),
    hidden: Int32Array.of(1000 + i),
  }));
  const results = await session.run('step', steps);
  const state = await session.read(['x', 'w']);
  await session.release();
  return { results, state };
}

test.each([2, 3])('createWasmSession() gives the bits of one thread on %d', async (threads) => {
  // Many steps: threads that take a chunk of the wrong strip do so only now and then.
  const one = await train(1, 40);
  expect(one.results.every(({ loss }) => Number.isFinite(loss[0]))).toBe(true);
  expect(await train(threads, 40)).toEqual(one);
});

test('createWasmSession() keeps a NaN a NaN: a diverged training must be seen', async () => {
  const a = input('a', [1, 5]);
  const loss = total(logSoftmax(relu(a)));
  const session = createWasmSession({ state: [], entries: { main: { outputs: { loss } } } });
  const [results] = await session.run('main', [{ a: Float32Array.of(1, Number.NaN, 2, 3, 4) }]);
  expect(results.loss[0]).toBeNaN();
  await session.release();
});

test('createWasmSession() refuses what does not fit into 4 GiB and says what to do', () => {
  const a = input('a', [2 ** 20, 1100]);
  const program: Program = { state: [a], entries: { main: { outputs: { b: relu(a) } } } };
  expect(() => createWasmSession(program)).toThrow(/needs 8\.6 GiB.*4 GiB/);
});

test('createWasmSession() refuses entries and state that are not there', async () => {
  const session = createWasmSession({ state: [], entries: {} });
  await expect(session.run('main')).rejects.toThrow("There is no entry 'main'");
  await expect(session.read(['w'])).rejects.toThrow("There is no state 'w'");
  await session.release();
});
