import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_LAYOUT } from './layout.ts';
import type { TableProblem } from './problem.ts';
import { readTables, type TableSource } from './read-tables.ts';
import type { TableStore } from './table-store.ts';

/** A store of one folder of text files. */
function storeOf(files: Readonly<Record<string, Uint8Array>>): TableStore {
  return {
    list: async () =>
      Object.entries(files).map(([name, bytes]) => ({ name, kind: 'file', bytes: bytes.length })),
    async *text(path, onBytes) {
      onBytes(files[path].length);
      yield files[path];
    },
    parquet: () => {
      throw new TypeError('no Parquet here');
    },
  };
}

async function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  source: Partial<TableSource> = {},
) {
  const encoder = new TextEncoder();
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      typeof text === 'string' ? encoder.encode(text) : text,
    ]),
  );
  const problems: TableProblem[] = [];
  const shares: number[] = [];
  const result = await readTables({
    sources: [{ ...DEFAULT_LAYOUT, files: '*.csv', asset: 'a', ...source }],
    timeZone: 'UTC',
    store: storeOf(bytes),
    report: (problem) => void problems.push(problem),
    onProgress: (share) => void shares.push(share),
  });
  return { ...result, problems, shares };
}

test('the order of day and month is that of the first file that shows it', async () => {
  const { telemetry, files, problems } = await read({
    'a.csv': 'time,x\n05/01/2026,1\n06/01/2026,2\n',
    'b.csv': 'time,x\n12/01/2026,3\n13/01/2026,4\n',
  });
  expect(problems).toEqual([]);
  expect([...telemetry.series[0].times].map((time) => new Date(time).getUTCDate())).toEqual([
    5, 6, 12, 13,
  ]);
  expect(files.map(({ dateOrder }) => dateOrder)).toEqual(['day-month', 'day-month']);
});

test('where no file shows it, dates are refused with the setting that says it', async () => {
  const { problems } = await read({ 'a.csv': 'time,x\n05/01/2026,1\n' });
  expect(problems).toMatchObject([
    { field: 'a.csv:2:time', allowed: expect.stringContaining('dateOrder') },
  ]);
});

test('a date and a time of day in columns of their own are one time', async () => {
  const { telemetry, files } = await read({ 'a.csv': 'date,time,x\n2026-01-05,06:00:30,1\n' });
  expect([...telemetry.series[0].times]).toEqual([Date.UTC(2026, 0, 5, 6, 0, 30)]);
  expect(files[0].columns.map(({ use }) => use.kind)).toEqual(['date', 'time', 'channel']);
  const both = await read({ 'a.csv': 'date,timestamp,x\n2026-01-05,2026-01-05 06:00,1\n' });
  expect([...both.telemetry.series[0].times]).toEqual([Date.UTC(2026, 0, 5, 6)]);
});

test('a channel whose name tells what is wrong raises a doubt', async () => {
  const { files } = await read({ 'a.csv': 'time,x,anomaly\n1,2,0\n' });
  expect(files[0].doubts).toEqual([expect.stringContaining('labelColumn')]);
});

test('a run cannot be for two sets', async () => {
  const { problems } = await read(
    { 'a.csv': 'time,x,set\n1,2,train\n2,3,test\n' },
    { setColumn: 'set' },
  );
  expect(problems).toMatchObject([{ field: 'a.csv:3:set', value: 'test' }]);
});

test('a column that the layout calls something else is not guessed at', async () => {
  const { telemetry, problems } = await read(
    { 'a.csv': 'time,device,date,x\n1,7,8,9\n' },
    { columns: { device: 'device_load' }, ignore: ['date'] },
  );
  expect(problems).toEqual([]);
  expect(telemetry.channels.map(({ name }) => name)).toEqual(['device_load', 'x']);
});

test('a column that no file has is told, with the titles that they have', async () => {
  const columns = { Flwo: 'flow', x: 'level' };
  const { problems } = await read({ 'a.csv': 'time,x,Flow\n1,2,3\n' }, { columns });
  expect(problems).toMatchObject([
    { field: 'telemetry.0.columns.Flwo', value: 'Flwo', allowed: expect.stringContaining('Flow') },
  ]);
  const tags = await read({ 'a.csv': 'time,tag,value\n1,x,3\n' }, { columns: { x: 'level' } });
  expect(tags.problems).toEqual([]);
});

test('assets have the name that the project gives them', async () => {
  const { telemetry } = await read(
    { 'a.csv': 'time,machine,x\n1,Press 1,2\n' },
    { asset: undefined, assets: { 'Press 1': 'press-1' } },
  );
  expect(telemetry.assets).toEqual(['press-1']);
});

test('names that objects have by themselves are names like any other', async () => {
  const { telemetry, problems } = await read(
    { 'a.csv': 'time,machine,tag,value\n1,constructor,__proto__,2\n2,toString,valueOf,3\n' },
    { asset: undefined, assets: {}, columns: {}, labelNames: {} },
  );
  expect(problems).toEqual([]);
  expect(telemetry.assets).toEqual(['constructor', 'toString']);
  expect(telemetry.channels.map(({ name }) => name)).toEqual(['__proto__', 'valueOf']);
});

test('progress rises to the whole', async () => {
  const { shares } = await read({ 'a.csv': 'time,x\n1,2\n', 'b.csv': 'time,x\n2,3\n' });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
});

test('whatever bytes a file holds, problems are told and nothing is thrown', async () => {
  const piece = fc.constantFrom(
    'time',
    'x',
    ',',
    ';',
    '\t',
    '"',
    '\n',
    '\r\n',
    '1',
    '2026-01-05',
    'é',
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  const bytes = fc.oneof(
    text.map((each) => new TextEncoder().encode(each)),
    text.map((each) => new TextEncoder().encode(`time,x\n${each}`)),
    fc.uint8Array({ maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const { problems, telemetry, files } = await read({ 'a.csv': content });
      for (const { field, allowed } of problems) {
        expect(field).toMatch(/^a\.csv/);
        expect(allowed).toMatch(/./);
      }
      for (const { times, values } of telemetry.series) {
        expect(times.every((time, i) => i === 0 || time > times[i - 1])).toBe(true);
        expect(values.every(Number.isFinite)).toBe(true);
      }
      expect(files).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
