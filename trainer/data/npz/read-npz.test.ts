import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFolder } from '../../testing/graph-folder-fixture.ts';
import { readGraph } from '../read-graph.ts';
import { type ArraySpec, npzBytes } from '../testing/npz-bytes.ts';

const ints = (...values: number[]): ArraySpec => ({ descr: '<i4', shape: [values.length], values });
const floats = (...values: number[]): ArraySpec => ({ ...ints(...values), descr: '<f4' });

/** Three nodes, edges 0–1 and 1–2, two columns. */
const ARRAYS: Readonly<Record<string, ArraySpec>> = {
  adj_data: floats(1, 1),
  adj_indices: ints(1, 2),
  adj_indptr: ints(0, 1, 2, 2),
  adj_shape: ints(3, 3),
  attr_data: floats(1, 1, 2),
  attr_indices: ints(0, 1, 0),
  attr_indptr: ints(0, 1, 2, 3),
  attr_shape: ints(3, 2),
  labels: ints(0, 1, 0),
};

async function read(changes: Readonly<Record<string, ArraySpec | undefined>>) {
  const arrays = Object.entries({ ...ARRAYS, ...changes }).filter(([, spec]) => spec !== undefined);
  const bytes = npzBytes(Object.fromEntries(arrays) as Record<string, ArraySpec>);
  return readGraph({ path: join(await writeFolder({ 'g.npz': bytes }), 'g.npz') });
}

const names = (...values: string[]): ArraySpec => ({
  descr: '<U8',
  shape: [values.length],
  values,
});

test('readNpz() names classes that the file names', async () => {
  const { graph } = await read({ class_names: names('off', 'on') });
  expect(graph).toMatchObject({ name: 'g', classes: ['off', 'on'] });
});

test.each<[string, ArraySpec]>([
  ['a name given twice', names('on', 'on')],
  ['numbers', ints(0, 1)],
  ['an empty name', names('', 'on')],
])('readNpz() calls classes by number where class_names holds %s', async (_, spec) => {
  const { graph, notes } = await read({ class_names: spec });
  expect(graph.classes).toEqual(['0', '1']);
  expect(notes).toEqual(['class_names is not plain text; classes are called by number.']);
});

test('readNpz() reads one-hot and sparse labels', async () => {
  const onehot: ArraySpec = { descr: '<i8', shape: [3, 2], values: [1, 0, 0, 1, 0, 0] };
  expect([...(await read({ labels: onehot })).graph.labels]).toEqual([0, 1, -1]);
  const sparse = {
    labels_indices: ints(1, 0),
    labels_indptr: ints(0, 1, 1, 2),
    labels_shape: ints(3, 2),
  };
  expect([...(await read({ labels: undefined, ...sparse })).graph.labels]).toEqual([1, -1, 0]);
});

test('readNpz() leaves out zeros, adds up repeats, and says that weights are not used', async () => {
  const { graph, notes } = await read({
    adj_data: floats(0, 5),
    attr_indices: ints(0, 1, 1),
    attr_indptr: ints(0, 1, 1, 3),
  });
  expect([...graph.adjacency.indices]).toEqual([2, 1]);
  expect(graph.features.rows.values).toEqual(Float32Array.of(1, 3));
  expect(notes).toEqual(['Edge weights (adj_data) are not used.']);
});

test('readNpz() takes every entry as an edge where there is no adj_data', async () => {
  const { graph } = await read({ adj_data: undefined });
  expect([...graph.adjacency.indices]).toEqual([1, 0, 2, 1]);
});

test('readNpz() takes the first of several splits and says so', async () => {
  const mask = (...values: number[]): ArraySpec => ({ descr: '|b1', shape: [3, 2], values });
  const { graph, notes } = await read({
    train_mask: mask(1, 0, 0, 1, 0, 0),
    val_mask: mask(0, 0, 1, 0, 0, 1),
  });
  expect([...graph.publicSplit!.train]).toEqual([0]);
  expect([...graph.publicSplit!.validation]).toEqual([1]);
  expect(notes[0]).toBe('train_mask holds 2 splits; the first is used.');
});

const bools = (...values: number[]): ArraySpec => ({
  descr: '|b1',
  shape: [values.length],
  values,
});

test.each<[string, Record<string, ArraySpec | undefined>, string]>([
  ['a column beyond the shape', { adj_indices: ints(1, 3) }, 'g.npz:adj_indices[1]'],
  ['a negative column', { adj_indices: ints(-1, 2) }, 'g.npz:adj_indices[0]'],
  ['rows that run backwards', { adj_indptr: ints(0, 2, 1, 2) }, 'g.npz:adj_indptr[2]'],
  ['rows that begin late', { adj_indptr: ints(1, 1, 2, 2) }, 'g.npz:adj_indptr[0]'],
  ['rows that end early', { adj_indptr: ints(0, 1, 1, 1) }, 'g.npz:adj_indptr[3]'],
  ['rows of another number', { adj_indptr: ints(0, 2) }, 'g.npz:adj_indptr'],
  ['data of another length', { adj_data: floats(1) }, 'g.npz:adj_data'],
  ['a matrix that is not square', { adj_shape: ints(3, 4) }, 'g.npz:adj_shape[1]'],
  ['three axes', { adj_shape: ints(3, 3, 3) }, 'g.npz:adj_shape'],
  ['more nodes than there may be', { adj_shape: ints(1e8, 1e8) }, 'g.npz:adj_shape[0]'],
  [
    'features of other nodes',
    { attr_shape: ints(2, 2), attr_indptr: ints(0, 1, 3) },
    'g.npz:attr_shape[0]',
  ],
  ['a fraction as a column', { attr_indices: floats(0, 1.5, 0) }, 'g.npz:attr_indices[1]'],
  ['an infinite value', { attr_data: floats(1, 1, Infinity) }, 'g.npz:attr_data[2]'],
  ['labels of other nodes', { labels: ints(0, 1) }, 'g.npz:labels:shape'],
  ['a label below −1', { labels: ints(0, 1, -2) }, 'g.npz:labels[2]'],
  ['texts as labels', { labels: names('a', 'b', 'a') }, 'g.npz:labels'],
  [
    'two classes a node',
    { labels: { descr: '|u1', shape: [3, 2], values: [1, 0, 1, 1, 0, 1] } },
    'g.npz:labels[1,1]',
  ],
  ['a mask of other nodes', { train_mask: bools(1, 0) }, 'g.npz:train_mask:shape'],
  [
    'a node in two sets',
    { train_mask: bools(1, 0, 0), test_mask: bools(1, 0, 0) },
    'g.npz:test_mask[0]',
  ],
  ['no adjacency', { adj_shape: undefined }, 'g.npz:adj_shape'],
  ['no features', { attr_shape: undefined }, 'g.npz:attr_shape'],
  ['no labels', { labels: undefined }, 'g.npz:labels'],
])('readNpz() names the place of %s', async (_, changes, field) => {
  await expect(read(changes)).rejects.toMatchObject({
    code: expect.stringMatching(/^data-(invalid|missing)$/),
    field,
    allowed: expect.stringMatching(/./),
  });
});
