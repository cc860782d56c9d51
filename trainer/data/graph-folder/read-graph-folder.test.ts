import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CLEAN, writeFolder } from '../../testing/graph-folder-fixture.ts';
import { collectIssues } from '../issues.ts';
import { readGraph } from '../read-graph.ts';

async function read(files: Readonly<Record<string, string | Uint8Array>>) {
  return readGraph({ path: await writeFolder({ ...CLEAN, ...files }) });
}

test('readGraphFolder() reads nodes, edges, labels, features and split', async () => {
  const { graph, counts } = await read({});
  expect([...graph.adjacency.offsets]).toEqual([0, 1, 3, 5, 6]);
  expect([...graph.adjacency.indices]).toEqual([1, 0, 2, 1, 3, 2]);
  expect([...graph.labels]).toEqual([0, 1, 0, 1]);
  expect(graph.classes).toEqual(['0', '1']);
  expect(graph.featureSpec).toEqual({ kind: 'table', columns: 3 });
  expect(graph.features).toEqual({
    kind: 'sparse',
    rows: {
      count: 4,
      width: 3,
      offsets: Int32Array.of(0, 2, 3, 6, 7),
      indices: Int32Array.of(0, 2, 1, 0, 1, 2, 2),
      values: new Float32Array(7).fill(1),
    },
  });
  expect(graph.publicSplit).toEqual({
    train: Int32Array.of(0, 1),
    validation: Int32Array.of(2),
    test: Int32Array.of(3),
    unlabelled: new Int32Array(0),
  });
  expect(Object.values(counts)).toEqual([0, 0, 0]);
});

test('readGraphFolder() reads the same from gzip, CRLF, shuffled lines and columns, a BOM, no final line end', async () => {
  const { graph } = await read({});
  const messy = await read({
    'edges.csv': '\uFEFFdst,src,weight\r\n1,2,9\r\n2,3,9\r\n\r\n0,1,9',
    'labels.csv': 'split,label,node\r\ntest,1,3\r\nvalidation,0,2\r\ntrain,1,1\r\ntrain,0,0',
    'features.csv': 'node,features\r\n3,2\r\n2,2 0 1:1\r\n0,2:1  0\r\n1,1',
  });
  expect(messy.graph.sha256).toBe(graph.sha256);
  expect(messy.graph.publicSplit).toEqual(graph.publicSplit);
  const packed = Object.entries(CLEAN).map(([name, text]) => [`${name}.gz`, gzipSync(text)]);
  const dir = await writeFolder(Object.fromEntries(packed));
  expect((await readGraph({ path: dir })).graph.sha256).toBe(graph.sha256);
});

test('readGraphFolder() drops self-loops, merges repeats and counts both', async () => {
  const { graph, counts } = await read({ 'edges.csv': 'src,dst\n0,1\n1,0\n0,1\n2,2\n1,2\n2,3\n' });
  expect(graph.sha256).toBe((await read({})).graph.sha256);
  expect(counts).toEqual({ selfLoops: 1, duplicateEdges: 1, reciprocalEdges: 1 });
});

test('readGraphFolder() keeps counts, orders columns and leaves out zeros', async () => {
  const features = 'node,features\n0,2:3 0:0.5\n1,1:0\n2,\n3,2:1e1\n';
  const { rows } = (await read({ 'features.csv': features })).graph.features;
  expect(rows).toMatchObject({
    offsets: Int32Array.of(0, 2, 2, 2, 3),
    indices: Int32Array.of(0, 2, 2),
    values: Float32Array.of(0.5, 3, 10),
  });
});

test('readGraphFolder() holds rows dense when a value is negative', async () => {
  const { features } = (await read({ 'features.csv': 'node,features\n0,1:-2\n1,0\n2,\n3,1\n' }))
    .graph;
  expect(features.kind).toBe('dense');
  expect([...features.rows.values]).toEqual([0, -2, 1, 0, 0, 0, 0, 1]);
});

test('readGraphFolder() takes nodes without label, label line or feature line', async () => {
  const { graph, notes } = await read({
    'labels.csv': 'node,label,split\n0,0,train\n1,1,train\n2,,none\n',
    'features.csv': 'node,features\n0,0 2\n3,2\n',
  });
  expect([...graph.labels]).toEqual([0, 1, -1, -1]);
  expect([...graph.publicSplit!.unlabelled]).toEqual([2, 3]);
  expect([...graph.features.rows.values]).toEqual([1, 1, 1]);
  expect(notes).toEqual([
    '1 nodes are not in labels.csv; they count as unlabelled.',
    '2 nodes are not in features.csv; their rows are all zero.',
  ]);
});

test('readGraphFolder() has no public split where no node is marked for training', async () => {
  const { graph } = await read({ 'labels.csv': 'node,label\n0,0\n1,1\n2,0\n3,1\n' });
  expect(graph.publicSplit).toBeUndefined();
});

test('readGraphFolder() names text classes, and numbers by meta.json', async () => {
  const labels = 'node,label,split\n0,pump,train\n1,"fan, large",val\n2,pump,test\n3,pump,none\n';
  const text = (await read({ 'labels.csv': labels })).graph;
  expect(text.classes).toEqual(['fan, large', 'pump']);
  expect([...text.labels]).toEqual([1, 0, 1, 1]);
  const named = await read({ 'meta.json': '{"name":"mill","classes":["off","on"],"more":1}' });
  expect(named.graph).toMatchObject({ name: 'mill', classes: ['off', 'on'] });
});

test('readGraphFolder() orders number classes by value', async () => {
  const labels = 'node,label,split\n0,10,train\n1,9,train\n2,10,val\n3,-1,none\n';
  const { graph } = await read({ 'labels.csv': labels });
  expect(graph.classes).toEqual(['9', '10']);
  expect([...graph.labels]).toEqual([1, 0, 1, -1]);
});

const GOOD_LABELS = CLEAN['labels.csv'];

test.each([
  ['edges.csv', 'src,dst\n0,1\n1,x\n', 'edges.csv:3:dst', 'x', '0..3'],
  ['edges.csv', 'src,dst\n4,1\n', 'edges.csv:2:src', '4', '0..3'],
  ['edges.csv', 'src,dst\n-1,1\n', 'edges.csv:2:src', '-1', '0..3'],
  ['edges.csv', 'src,dst\n4294967296,1\n', 'edges.csv:2:src', '4294967296', '0..3'],
  ['edges.csv', 'src,dst\n0\n', 'edges.csv:2', '0', 'at least 2 comma-separated fields'],
  ['edges.csv', '0,1\n1,2\n', 'edges.csv:1:src', '0,1', 'a header with src,dst'],
  ['edges.csv', '', 'edges.csv:1:src', '', 'a header with src,dst'],
  ['labels.csv', `${GOOD_LABELS}3,0,test\n`, 'labels.csv:6:node', '3', 'one line per node'],
  ['labels.csv', 'node,label,split\n1.5,0,train\n', 'labels.csv:2:node', '1.5', '0..9999999'],
  ['labels.csv', 'node,label,split\n0,,train\n', 'labels.csv:2:label', '', 'a label'],
  ['labels.csv', 'node,label,split\n0,0,tran\n', 'labels.csv:2:split', 'tran', 'train, val'],
  ['labels.csv', 'node,label,split\n0,"a,train\n', 'labels.csv:2', '0,"a,train', 'quotes closed'],
  ['labels.csv', 'node,label,split\n0,0,train\n', 'labels.csv:label', '0', 'at least 2'],
  ['labels.csv', `node,label\n0,${'a'.repeat(129)}\n`, 'labels.csv:2:label', /^a{64}…$/, '128'],
  ['features.csv', 'node,features\n0,1\n0,2\n', 'features.csv:3:node', '0', 'one line per node'],
  ['features.csv', 'node,features\n0,3 a\n', 'features.csv:2:features', 'a', 'a column id'],
  ['features.csv', 'node,features\n0,1000000\n', 'features.csv:2:features', '1000000', '0..999999'],
  ['features.csv', 'node,features\n0,1:nan\n', 'features.csv:2:features', '1:nan', 'finite'],
  ['features.csv', 'node,features\n0,1:\n', 'features.csv:2:features', '1:', 'finite'],
  ['features.csv', 'node,features\n0,1:1e39\n', 'features.csv:2:features', '1:1e39', 'finite'],
  ['features.csv', 'node,features\n0,3 1 3\n', 'features.csv:2:features', '3', 'once a row'],
  ['features.csv', 'node,features\n5,1\n', 'labels.csv:node', 4, 'every number from 0'],
  ['meta.json', '{"classes":["a","a"]}', 'meta.json:classes', undefined, 'must differ'],
  ['meta.json', '{', 'meta.json', undefined, 'a JSON object'],
])('readGraphFolder() refuses %s holding %j at %s', async (file, text, field, value, allowed) => {
  await expect(read({ [file]: text })).rejects.toMatchObject({
    name: 'InputError',
    code: 'data-invalid',
    field,
    value: value instanceof RegExp ? expect.stringMatching(value) : value,
    allowed: expect.stringContaining(allowed),
  });
});

test('readGraphFolder() refuses more classes than a bundle can hold', async () => {
  const lines = Array.from({ length: 1025 }, (_, node) => `${node},c${node}`);
  await expect(read({ 'labels.csv': `node,label\n${lines.join('\n')}` })).rejects.toMatchObject({
    code: 'data-invalid',
    field: 'labels.csv:1026:label',
    allowed: 'at most 1024 different labels',
  });
});

test.each(['edges.csv', 'labels.csv', 'features.csv'])(
  'readGraphFolder() misses %s by name',
  async (name) => {
    const { [name]: _, ...others } = CLEAN;
    const dir = await writeFolder(others);
    await expect(readGraph({ path: dir })).rejects.toMatchObject({
      code: 'data-missing',
      field: name,
    });
  },
);

test('readGraphFolder() does not make room for ten million nodes because of one mistyped number', async () => {
  const issues = collectIssues();
  const labels = `${GOOD_LABELS}9999999,0,none\n`;
  const dir = await writeFolder({ ...CLEAN, 'labels.csv': labels });
  expect(await readGraph({ path: dir, issues })).toBeUndefined();
  expect(issues.issues).toMatchObject([{ field: 'labels.csv:node', value: 4 }]);
});

test('readGraphFolder() stops when aborted', async () => {
  const dir = await writeFolder(CLEAN);
  const signal = AbortSignal.abort(new Error('stop'));
  await expect(readGraph({ path: dir, signal })).rejects.toThrow('stop');
});
