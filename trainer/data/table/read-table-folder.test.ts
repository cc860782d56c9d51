import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { checkData } from '../check-data.ts';
import { readGraph } from '../read-graph.ts';
import type { Files } from '../testing/layout-variant.ts';
import { writeFiles } from '../testing/layouts.ts';

/** Three nodes, two edges, two columns. */
const FILES: Files = {
  'nodes.csv':
    'node,label,split,age,on\na,off,train,1,true\nb,on,val,0,false\n"c, 2",off,test,2,False\n',
  'edges.csv': 'src,dst\na,b\n"c, 2",a\n',
};

const read = async (files: Files) => readGraph({ path: await writeFiles(files) });

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];

const parquet = (columnData: Columns) => new Uint8Array(parquetWriteBuffer({ columnData }));

test('readTableFolder() maps texts to nodes in the order of the table', async () => {
  const { graph, notes } = await read(FILES);
  expect([...graph.adjacency.indices]).toEqual([1, 2, 0, 0]);
  expect(graph.classes).toEqual(['off', 'on']);
  expect([...graph.features.rows.values]).toEqual([1, 1, 2]);
  expect(graph.featureSpec).toEqual({ kind: 'table', columns: 2 });
  expect(notes).toEqual([]);
});

test('readTableFolder() reads empty fields as missing values', async () => {
  const { graph } = await read({ ...FILES, 'nodes.csv': 'id,y,age\na,0,\nb,1,nan\n"c, 2",,-3\n' });
  expect([...graph.features.rows.values]).toEqual([NaN, NaN, -3]);
  expect([...graph.labels]).toEqual([0, 1, -1]);
});

test('readTableFolder() takes any two columns as edges and leaves index columns out', async () => {
  const { graph, notes } = await read({
    'nodes.csv': ',Node_ID,Class,__index_level_0__,x\n0,a,0,0,5\n1,b,1,1,6\n',
    'edges.csv': 'pump,valve\na,b\n',
  });
  expect([...graph.adjacency.indices]).toEqual([1, 0]);
  expect(graph.featureSpec).toEqual({ kind: 'table', columns: 1 });
  expect(notes[0]).toContain('2 columns that are an index');
});

test('readTableFolder() reads a Parquet id as the digits a CSV file has', async () => {
  const nodes = parquet([
    { name: 'id', data: [10n, 7n], type: 'INT64' },
    { name: 'label', data: ['x', 'y'] },
    { name: 'on', data: [true, false] },
    { name: 'level', data: [1.5, null], type: 'DOUBLE', nullable: true },
  ]);
  const { graph } = await read({ 'nodes.parquet': nodes, 'edges.csv': 'from,to\n7,10\n' });
  expect([...graph.adjacency.indices]).toEqual([1, 0]);
  expect([...graph.features.rows.values]).toEqual([1, 1.5, 0, Number.NaN]);
});

const nodes = (text: string): Files => ({ ...FILES, 'nodes.csv': text });
const edges = (text: string): Files => ({ ...FILES, 'edges.csv': text });

test.each<[string, Files, string, unknown]>([
  ['an edge to nobody', edges('src,dst\na,b\na,x\n'), 'edges.csv:3:dst', 'x'],
  ['an edge without an end', edges('weight,src,dst\n1,a,\n'), 'edges.csv:2:dst', ''],
  ['half a header', edges('src,end,weight\na,b,1\n'), 'edges.csv:1:dst', 'src,end,weight'],
  ['a header of no names', edges('a,b,1\n'), 'edges.csv:1:src', 'a,b,1'],
  ['an empty table', edges(''), 'edges.csv:1', undefined],
  ['a second row for a node', nodes('node,label,x\na,0,1\na,1,2\n'), 'nodes.csv:3:node', 'a'],
  ['a node without id', nodes('node,label,x\n,0,1\n'), 'nodes.csv:2:node', ''],
  ['a text among the numbers', nodes('node,label,x\na,0,1\nb,1,high\n'), 'nodes.csv:3:x', 'high'],
  ['a value beyond float32', nodes('node,label,x\na,0,1e39\n'), 'nodes.csv:2:x', '1e39'],
  ['an unknown split', nodes('node,label,split,x\na,0,tran,1\n'), 'nodes.csv:2:split', 'tran'],
  ['no label column', nodes('node,x\na,1\n'), 'nodes.csv:1:label', 'node,x'],
  ['no feature column', nodes('node,label\na,1\n'), 'nodes.csv:1', 'node,label'],
  ['a column named twice', nodes('node,label,x,x\na,1,1,1\n'), 'nodes.csv:1', 'x twice'],
  ['no rows', nodes('node,label,x\n'), 'nodes.csv', 0],
  ['a row cut short', nodes('node,label,x\na,0\n'), 'nodes.csv:2', 'a,0'],
])('readTableFolder() names the place of %s', async (_, files, field, value) => {
  const dir = await writeFiles(files);
  await expect(readGraph({ path: dir })).rejects.toMatchObject({
    code: 'data-invalid',
    field,
    value,
  });
  const report = await checkData({ path: dir });
  expect(report.issues[0]).toMatchObject({ field, allowed: expect.stringMatching(/./) });
});

test('readTableFolder() names file, row and column of a Parquet value', async () => {
  const columns: Columns = [
    { name: 'id', data: ['a', 'b'] },
    { name: 'label', data: ['x', 'y'] },
    { name: 'when', data: [new Date(0), new Date(1)], type: 'TIMESTAMP' },
  ];
  const dir = await writeFiles({
    'nodes.parquet': parquet(columns),
    'edges.csv': 'src,dst\na,b\n',
  });
  await expect(readGraph({ path: dir })).rejects.toMatchObject({
    message: 'nodes.parquet row 1: not a number',
    field: 'nodes.parquet:1:when',
  });
});

test('readTableFolder() misses the edges by name', async () => {
  const { 'edges.csv': _, ...others } = FILES;
  await expect(read(others)).rejects.toMatchObject({
    code: 'data-missing',
    field: 'edges.parquet',
  });
});

test.each<[string, (file: Uint8Array) => Uint8Array, RegExp]>([
  ['no Parquet at all', () => Buffer.from('node,label,x\na,0,1\n'), /ends in PAR1/],
  ['a few bytes', () => Buffer.from('PAR1'), /complete/],
  ['a file cut short', (file) => file.subarray(0, file.length / 2), /ends in PAR1/],
  [
    'a footer longer than the file',
    (file) => {
      new DataView(file.buffer).setUint32(file.length - 8, 0x7fffffff, true);
      return file;
    },
    /at most \d+ bytes/,
  ],
])('readTableFolder() refuses %s', async (_, damage, allowed) => {
  const sound = parquet([
    { name: 'node', data: ['a', 'b'] },
    { name: 'label', data: ['x', 'y'] },
    { name: 'x', data: [1, 2], type: 'INT32' },
  ]);
  const files = { 'nodes.parquet': damage(sound), 'edges.csv': 'src,dst\na,b\n' };
  await expect(read(files)).rejects.toMatchObject({
    code: 'data-invalid',
    field: 'nodes.parquet',
    allowed: expect.stringMatching(allowed),
  });
});

test('readTableFolder() refuses a codec that Node cannot unpack', async () => {
  const columnData: Columns = [
    { name: 'node', data: ['a', 'b'] },
    { name: 'label', data: ['x', 'y'] },
    { name: 'x', data: [1, 2], type: 'INT32' },
  ];
  const compressors = { LZ4_RAW: (bytes: Uint8Array) => bytes };
  const file = parquetWriteBuffer({ columnData, codec: 'LZ4_RAW', compressors });
  const files = { 'nodes.parquet': new Uint8Array(file), 'edges.csv': 'src,dst\na,b\n' };
  await expect(read(files)).rejects.toMatchObject({
    field: 'nodes.parquet:node',
    value: 'LZ4_RAW',
    allowed: 'UNCOMPRESSED, SNAPPY, GZIP, BROTLI, ZSTD pages',
  });
});
