import { expect, test } from 'vitest';
import { allBatches, joinBatches, nodeBatches, rowBatch } from './row-batch.ts';

const x = { width: 2, values: Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41) };

test('rowBatch() feeds the rows of nodes, and repeats the last where they are too few', () => {
  const { inputs, feeds } = rowBatch('b', 3, { x });
  expect(inputs.x).toMatchObject({ name: 'b.x', shape: [3, 2] });
  expect(feeds(Int32Array.of(4, 0, 2))).toEqual({ 'b.x': Float32Array.of(40, 41, 0, 1, 20, 21) });
  expect(feeds(Int32Array.of(3))).toEqual({ 'b.x': Float32Array.of(30, 31, 30, 31, 30, 31) });
});

test('nodeBatches() takes every node once before it shuffles again', () => {
  let shuffles = 0;
  const draw = nodeBatches(Int32Array.of(1, 2, 3, 4), 2, (nodes) => {
    shuffles++;
    nodes.reverse();
  });
  expect([draw(), draw()].map((nodes) => [...nodes])).toEqual([
    [4, 3],
    [2, 1],
  ]);
  expect(shuffles).toBe(1);
  expect([...draw()]).toEqual([1, 2]);
  expect(shuffles).toBe(2);
});

test('joinBatches() gives the rows of allBatches() back', () => {
  const { feeds } = rowBatch('b', 3, { x });
  const batches = [...allBatches(5, 3, feeds)].map((fed) => fed['b.x'] as Float32Array);
  expect(batches).toHaveLength(2);
  expect(joinBatches(batches, 5, 2)).toEqual(x.values);
});
