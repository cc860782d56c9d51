import { env } from 'cloudflare:workers';
import { createCascade } from '@dandan/shared/cascade';
import type { FloatRows } from '@dandan/shared/kernel';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, expect, test } from 'vitest';
import { call, migrate, safetensors } from '../testing/edge-client.ts';
import { floatFile, floatRows, jsonRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';
import { csvField } from './result/csv-slice.ts';
import { bothResults, createHarness, putInput } from './testing/job-harness.ts';

const dense = await createTestBundle({ model: 'dense', seed: 5, width: 6, classes: 4 });
const sparse = await createTestBundle({ model: 'sparse', seed: 6, width: 40, sparse: true });

beforeAll(async () => {
  await migrate();
  await publish(dense);
  await publish(sparse);
});

interface Answer {
  readonly class: number;
  readonly label: string;
  readonly confidence: number;
  readonly stage: number;
  readonly stopped: string;
  readonly macs: number;
}

/** What POST predict says of the rows, 4,096 at a time. */
async function predicted({ bundle }: TestBundle, rows: FloatRows, query = ''): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let begin = 0; begin < rows.count; begin += 4096) {
    const count = Math.min(4096, rows.count - begin);
    const values = rows.values.slice(begin * rows.width, (begin + count) * rows.width);
    const body = floatFile({ count, width: rows.width, values });
    const path = `/v1/models/${bundle.manifest.model}/predict?policy=night${query}`;
    const response = await call(`POST ${path}`, safetensors(body));
    answers.push(...(await response.json<{ answers: Answer[] }>()).answers);
  }
  return answers;
}

const IDS = Array.from({ length: 9000 }, (_, i) => (i % 3 === 0 ? `a "${i}",\r\nß` : `asset-${i}`));

const ids = (count: number) => IDS.slice(0, count);

function csvFile(rows: FloatRows, names: readonly string[]): string {
  const header = [
    'ignored',
    ...Array.from({ length: rows.width }, (_, j) => `x${j}`).reverse(),
    'id',
  ];
  const lines = jsonRows(rows).map((row, i) =>
    ['"a, b"', ...row.map(String).reverse(), csvField(names[i])].join(','),
  );
  return [header.join(','), ...lines].join('\r\n');
}

function parquetFile(rows: FloatRows, names: readonly string[], rowGroupSize: number) {
  const columns = Array.from({ length: rows.width }, (_, j) => ({
    name: `x${j}`,
    type: 'FLOAT' as const,
    data: jsonRows(rows).map((row) => row[j]),
  }));
  const id = { name: 'id', type: 'STRING' as const, data: [...names] };
  return new Uint8Array(parquetWriteBuffer({ columnData: [id, ...columns], rowGroupSize }));
}

const sparseLine = (row: readonly number[], i: number) => {
  if (i % 5 === 0) return JSON.stringify(row);
  const indices = row.flatMap((value, j) => (value === 0 ? [] : [j]));
  const values = indices.map((j) => row[j]);
  return JSON.stringify({ id: i, indices, values });
};

const codesOf = (made: TestBundle, rows: FloatRows) =>
  encodeQuantisedRows(createCascade(made.bundle).quantise(rows), { bundle: made.sha256 });

type Written = { readonly body: string | Uint8Array; readonly ids: (string | null)[] };

const none = (count: number) => new Array<null>(count).fill(null);

const FORMATS: readonly [string, TestBundle, string, (rows: FloatRows) => Written][] = [
  [
    'float32 safetensors',
    dense,
    'safetensors',
    (rows) => ({ body: floatFile(rows), ids: none(rows.count) }),
  ],
  [
    'codes',
    dense,
    'safetensors',
    (rows) => ({ body: codesOf(dense, rows), ids: none(rows.count) }),
  ],
  [
    'sparse codes',
    sparse,
    'safetensors',
    (rows) => ({ body: codesOf(sparse, rows), ids: none(rows.count) }),
  ],
  [
    'float32 of a sparse model',
    sparse,
    'safetensors',
    (rows) => ({ body: floatFile(rows), ids: none(rows.count) }),
  ],
  ['CSV', dense, 'csv', (rows) => ({ body: csvFile(rows, ids(rows.count)), ids: ids(rows.count) })],
  [
    'CSV of a sparse model',
    sparse,
    'csv',
    (rows) => ({ body: csvFile(rows, ids(rows.count)), ids: ids(rows.count) }),
  ],
  [
    'NDJSON',
    dense,
    'ndjson',
    (rows) => ({
      body: jsonRows(rows)
        .map((row, i) => JSON.stringify({ row, id: IDS[i] }))
        .join('\n'),
      ids: ids(rows.count),
    }),
  ],
  [
    'NDJSON of sparse rows',
    sparse,
    'jsonl',
    (rows) => ({
      body: `${jsonRows(rows).map(sparseLine).join('\n\n')}\n`,
      ids: jsonRows(rows).map((_, i) => (i % 5 === 0 ? null : String(i))),
    }),
  ],
  [
    'Parquet',
    dense,
    'parquet',
    (rows) => ({ body: parquetFile(rows, ids(rows.count), 700), ids: ids(rows.count) }),
  ],
];

test.each(FORMATS)('%s rows get the answers of POST predict', async (name, made, end, write) => {
  const rows = floatRows(made, 9000);
  const written = write(rows);
  const input = `${name.replaceAll(' ', '-')}.${end}`;
  await putInput(input, written.body);
  const { run } = createHarness();
  const job = await run({ model: made.bundle.manifest.model, input });
  expect(job).toMatchObject({ state: 'finished', failures: [], error: null });
  expect(job.progress).toMatchObject({ rows: 9000, rowsDone: 9000, files: 1 });
  expect(job.progress.chunks).toBeGreaterThan(1);
  const answers = await predicted(made, rows);
  const expected = answers.map((answer, i) => ({
    row: String(i),
    id: written.ids[i] ?? '',
    class: String(answer.class),
    label: answer.label,
    confidence: answer.confidence,
    stage: String(answer.stage),
    stopped: answer.stopped,
    macs: String(answer.macs),
  }));
  const { csv, parquet } = await bothResults(job.id);
  expect(csv).toEqual(expected);
  expect(parquet).toEqual(expected);
  const counted = Map.groupBy(answers, (answer) => answer.class);
  expect(job.summary?.classes.map((each) => each.rows)).toEqual(
    made.bundle.manifest.classes.map((_, c) => counted.get(c)?.length ?? 0),
  );
  expect(job.summary?.macs).toBe(answers.reduce((sum, { macs }) => sum + macs, 0));
});

test('several files follow each other in the order of their names, whatever their formats', async () => {
  const rows = floatRows(dense, 3000);
  const part = (begin: number, count: number): FloatRows => ({
    count,
    width: rows.width,
    values: rows.values.slice(begin * rows.width, (begin + count) * rows.width),
  });
  await putInput('mixed/a.csv', csvFile(part(0, 1000), ids(1000)));
  await putInput('mixed/b.safetensors', floatFile(part(1000, 1000)));
  await putInput('mixed/c.parquet', parquetFile(part(2000, 1000), ids(1000), 400));
  const { run } = createHarness();
  const job = await run({ model: 'dense', input: 'mixed/' });
  const { csv } = await bothResults(job.id);
  const answers = await predicted(dense, rows);
  expect(csv.map((row) => [row.row, row.class, row.confidence])).toEqual(
    answers.map((answer, i) => [String(i), String(answer.class), answer.confidence]),
  );
  expect(csv[1000].id).toBe('');
  expect(csv[2000].id).toBe(ids(1)[0]);
});

test('profiles, policy and results are as asked', async () => {
  const rows = floatRows(dense, 5000);
  await putInput('asked.safetensors', floatFile(rows));
  const { run } = createHarness();
  const request = { model: 'dense', input: 'asked.safetensors' } as const;
  const free = await run(request);
  const paid = await run({ ...request, profile: 'paid' });
  expect(paid.progress.chunks).toBeLessThan(free.progress.chunks);
  const texts = await Promise.all([free, paid].map(({ id }) => bothResults(id)));
  expect(texts[0].csv).toEqual(texts[1].csv);
  expect(texts[0].parquet).toEqual(texts[1].parquet);
  const day = await run({ ...request, policy: 'day', maxStage: 2, results: ['csv'] });
  expect(day.results).toEqual(['results.csv', 'summary.json']);
  expect(await env.BATCH.head(`jobs/${day.id}/results.parquet`)).toBeNull();
  expect(day.summary?.exits.map(({ stage }) => stage)).toEqual([1, 2]);
});
