import { env } from 'cloudflare:workers';
import { writeSafetensors } from '@dandan/shared/bundle';
import { createTestBundle } from '@dandan/shared/testing';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, expect, test, vi } from 'vitest';
import { call, migrate } from '../testing/edge-client.ts';
import { floatFile } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';
import { handleDeadMessage, handleMessage } from './handle-message.ts';
import { inputKey } from './job.ts';
import { consumeDeadJobs, consumeJobs } from './queue.ts';
import { bothResults, createHarness, csvResult, putInput, showJob } from './testing/job-harness.ts';

const dense = await createTestBundle({ model: 'poisoned', seed: 5, width: 3 });
const sparse = await createTestBundle({ model: 'sparse', seed: 6, width: 9, sparse: true });

beforeAll(async () => {
  await migrate();
  await publish(dense);
  await publish(sparse);
});

const HEADER = 'x0,x1,x2,id';
const lines = (count: number) => Array.from({ length: count }, (_, i) => `1,2,${i},a${i}`);

test('a malformed row sets its chunk aside with file, line and field; the rest is answered', async () => {
  const good = lines(20_000);
  good[7000] = '1,two,3,b';
  await putInput('a/rows.csv', [HEADER, ...good].join('\n'));
  const { run } = createHarness();
  const job = await run({ model: 'poisoned', input: 'a/' });
  expect(job.state).toBe('finished-with-failures');
  expect(job.failures).toHaveLength(1);
  const [{ rows, error }] = job.failures;
  expect(error).toMatchObject({
    code: 'rows-malformed',
    file: 'a/rows.csv',
    line: 7002,
    field: 'x1',
    value: 'two',
    allowed: 'a decimal number',
  });
  expect(job.progress).toMatchObject({ rows: 20_000, rowsDone: 20_000 - rows, chunksFailed: 1 });
  expect(job.summary).toMatchObject({ rows: 20_000, answered: 20_000 - rows });
  const { csv, parquet } = await bothResults(job.id);
  expect(csv).toHaveLength(20_000 - rows);
  expect(parquet).toEqual(csv);
  expect(csv.some(({ row }) => row === '7000')).toBe(false);
  // The index of a row is that of the input, failures or not.
  expect(csv.every(({ row, id }) => id === `a${row}`)).toBe(true);
});

type Broken = readonly [string, string, string | Uint8Array, object];

const floats = (values: readonly number[]) =>
  floatFile({ count: values.length / 3, width: 3, values: Float32Array.from(values) });

const parquet = (x1: unknown[], type = 'DOUBLE') =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: ['x0', 'x1', 'x2'].map((name) => ({
        name,
        data: name === 'x1' ? x1 : [1, 2],
        type: (name === 'x1' ? type : 'DOUBLE') as 'DOUBLE',
        nullable: true,
      })),
    }),
  );

const sound = parquet([1, 2]);
const cut = sound.slice();
cut.fill(0xff, 4, 40);

const CHUNKS: readonly Broken[] = [
  ['blank.csv', 'a blank field', `${HEADER}\n1,,3,a\n`, { line: 2, field: 'x1', value: '' }],
  ['hex.csv', 'a hexadecimal number', `${HEADER}\n1,0x10,3,a\n`, { line: 2, field: 'x1' }],
  [
    'inf.csv',
    'infinity',
    `${HEADER}\n1,2,3,a\n1,Infinity,3,a`,
    { line: 3, code: 'rows-not-finite' },
  ],
  [
    'big.csv',
    'a number beyond float32',
    `${HEADER}\n1,2,1e39,a`,
    { field: 'x2', code: 'rows-not-finite' },
  ],
  [
    'short.csv',
    'a missing field',
    `${HEADER}\n1,2,3\n`,
    { line: 2, code: 'rows-wrong-width', allowed: '4, as in the header' },
  ],
  ['quote.csv', 'an open quote', `${HEADER}\n1,2,3,"a\n1,2,3,b\n`, { line: 2, value: '"a' }],
  ['inside.csv', 'a quote inside a field', `${HEADER}\n1,2,3,a"b"\n`, { line: 2 }],
  ['behind.csv', 'text behind a quote', `${HEADER}\n1,2,3,"a"b\n`, { line: 2 }],
  ['id.csv', 'a long id', `${HEADER}\n1,2,3,${'a'.repeat(257)}\n`, { line: 2, field: 'id' }],
  [
    'latin.csv',
    'another encoding',
    new Uint8Array([...new TextEncoder().encode(`${HEADER}\n1,2,3,`), 0xe4, 0x0a]),
    { line: 2, allowed: 'UTF-8' },
  ],
  ['json.ndjson', 'no JSON', '[1,2,3]\n\n{"row":[1,2,3]\n', { line: 3, field: 'line' }],
  ['number.ndjson', 'no row', '1\n', { line: 1 }],
  [
    'cell.ndjson',
    'a cell that is no number',
    '[1,2,3]\n[1,"2",3]\n',
    { line: 2, field: 'row[1]', value: '2' },
  ],
  ['width.ndjson', 'a short row', '[1,2]\n', { line: 1, code: 'rows-wrong-width' }],
  ['key.ndjson', 'an unknown key', '{"row":[1,2,3],"label":1}\n', { line: 1, field: 'label' }],
  ['idtype.ndjson', 'an id that is a list', '{"row":[1,2,3],"id":[]}\n', { line: 1, field: 'id' }],
  ['sparse.ndjson', 'sparse rows of a dense model', '{"indices":[0],"values":[1]}\n', { line: 1 }],
  [
    'nan.safetensors',
    'NaN',
    floats([1, 2, 3, 4, Number.NaN, 6]),
    { row: 1, field: 'x1', code: 'rows-not-finite' },
  ],
  [
    'code.safetensors',
    'a code of 8 bits',
    encodeQuantisedRows(
      { kind: 'dense', count: 1, width: 3, codes: Uint8Array.of(1, 200, 3) },
      { bundle: dense.sha256 },
    ),
    { code: 'rows-malformed' },
  ],
  ['null.parquet', 'a null', parquet([1, null]), { row: 1, field: 'x1', code: 'rows-not-finite' }],
  ['pages.parquet', 'pages of nonsense', cut, { code: 'rows-malformed' }],
];

test.each(CHUNKS)('%s: %s fails its chunk with the reason', async (name, _, body, reason) => {
  await putInput(`chunk/${name}`, body);
  const { run } = createHarness();
  const job = await run({ model: 'poisoned', input: `chunk/${name}` });
  expect(job.state).toBe('finished-with-failures');
  expect(job.failures.map(({ error }) => error)).toMatchObject([
    { file: `chunk/${name}`, ...reason },
  ]);
  expect(await csvResult(job.id)).toEqual([]);
});

const header = (text: string) => {
  const json = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + json.byteLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  file.set(json, 8);
  return file;
};

const FILES: readonly Broken[] = [
  ['none.csv', 'a missing column', 'x0,x2\n1,2\n', { field: 'header', value: 'x1' }],
  ['twice.csv', 'a column named twice', 'x0,x1,x2,x1\n', { value: 'x1' }],
  [
    'long.ndjson',
    'a line that fits no chunk',
    `[${'1,'.repeat(3_000_000)}1]`,
    { code: 'rows-malformed' },
  ],
  ['rows.txt', 'an unknown format', '1', { code: 'data-invalid' }],
  ['short.safetensors', 'a cut file', floats([1, 2, 3]).slice(0, -1), { field: 'file' }],
  ['empty.safetensors', 'an empty file', new Uint8Array(), { code: 'rows-malformed' }],
  [
    'huge.safetensors',
    'a header of exabytes',
    new Uint8Array(8).fill(0xff),
    { field: 'header.length' },
  ],
  [
    'wide.safetensors',
    'rows of another width',
    floatFile({ count: 1, width: 4, values: new Float32Array(4) }),
    { code: 'rows-wrong-width' },
  ],
  [
    'dtype.safetensors',
    'another type',
    writeSafetensors([{ name: 'x', dtype: 'I32', shape: [1, 3], data: new Int32Array(3) }]),
    { field: 'x' },
  ],
  [
    'overlap.safetensors',
    'overlapping tensors',
    header(
      '{"x":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},"y":{"dtype":"F32","shape":[1,3],"data_offsets":[4,16]}}',
    ),
    { code: 'rows-malformed' },
  ],
  [
    'foreign.safetensors',
    "another bundle's codes",
    encodeQuantisedRows(
      { kind: 'dense', count: 1, width: 3, codes: new Uint8Array(3) },
      { bundle: '0'.repeat(64) },
    ),
    { field: '__metadata__.bundle' },
  ],
  ['text.parquet', 'no Parquet', 'PAR1 this is no Parquet at all', { field: 'file' }],
  ['type.parquet', 'a column of text', parquet(['a', 'b'], 'STRING'), { field: 'x1' }],
  [
    'footer.parquet',
    'a footer of gigabytes',
    Uint8Array.from([...sound.slice(0, -8), 255, 255, 255, 127, 80, 65, 82, 49]),
    { field: 'footer' },
  ],
];

test.each(FILES)('%s: %s fails the job with the reason', async (name, _, body, reason) => {
  await putInput(`file/${name}`, body);
  const { run } = createHarness();
  const job = await run({ model: 'poisoned', input: `file/${name}` });
  expect(job).toMatchObject({ state: 'failed', results: [], summary: null });
  expect(job.error).toMatchObject(reason);
  const resumed = await call(`POST /v1/jobs/${job.id}/resume`);
  expect(resumed.status).toBe(409);
});

test('offsets that do not cover the entries of sparse codes fail their chunk', async () => {
  const codes = {
    kind: 'sparse',
    count: 2,
    width: 9,
    offsets: Int32Array.of(0, 2, 3),
    indices: Int32Array.of(1, 2, 3),
    codes: Uint8Array.of(1, 2, 3),
  } as const;
  const broken = { ...codes, offsets: Int32Array.of(0, 9, 3) };
  const short = { ...codes, offsets: Int32Array.of(0, 1, 2) };
  await putInput('sparse/a.safetensors', encodeQuantisedRows(codes, { bundle: sparse.sha256 }));
  await putInput('sparse/b.safetensors', encodeQuantisedRows(broken, { bundle: sparse.sha256 }));
  await putInput('sparse/c.safetensors', encodeQuantisedRows(short, { bundle: sparse.sha256 }));
  const { run } = createHarness();
  const job = await run({ model: 'sparse', input: 'sparse/' });
  expect(job.failures.map(({ error }) => [error.file, error.code])).toEqual([
    ['sparse/b.safetensors', 'rows-malformed'],
    ['sparse/c.safetensors', 'rows-malformed'],
  ]);
  expect(await csvResult(job.id)).toHaveLength(2);
});

test('a replaced or deleted input fails the chunks that were not read yet', async () => {
  const { start, queue, context } = createHarness();
  await putInput('moved/a.csv', `${HEADER}\n1,2,3,a\n`);
  await putInput('moved/b.csv', `${HEADER}\n1,2,3,b\n`);
  const id = await start({ model: 'poisoned', input: 'moved/' });
  const planned = queue.messages.splice(0);
  // Planned to the end, nothing read: chunks wait.
  const waiting: typeof planned = [];
  for (let next = planned.shift(); next; next = planned.shift()) {
    if ('chunk' in next) waiting.push(next);
    else {
      await handleMessage(context, next);
      planned.push(...queue.messages.splice(0));
    }
  }
  await putInput('moved/a.csv', `${HEADER}\n9,9,9,z\n`);
  await env.BATCH.delete(inputKey('moved/b.csv'));
  queue.messages.push(...waiting);
  await queue.drain(context);
  const { failures } = await showJob(id);
  expect(failures.map(({ error }) => [error.file, error.code])).toEqual([
    ['moved/a.csv', 'data-invalid'],
    ['moved/b.csv', 'data-missing'],
  ]);
});

test('resume tries failed chunks again, and writes the results anew', async () => {
  await putInput('again/a.csv', `${HEADER}\n1,2,3,a\n`);
  await putInput('again/b.csv', `${HEADER}\n1,2,3,b\n`);
  const calm = await createHarness().run({ model: 'poisoned', input: 'again/' });
  const harness = createHarness();
  const id = await harness.start({ model: 'poisoned', input: 'again/' });
  const { messages } = harness.queue;
  while (!messages.some((message) => 'chunk' in message)) {
    await handleMessage(harness.context, messages.shift() as never);
  }
  const [chunk] = messages.splice(
    messages.findIndex((message) => 'chunk' in message),
    1,
  );
  await handleDeadMessage(harness.context, chunk, 4);
  await harness.queue.drain(harness.context);
  const failed = await showJob(id);
  expect(failed).toMatchObject({
    state: 'finished-with-failures',
    failures: [{ error: { code: 'invocation-ended', file: 'again/a.csv' } }],
  });
  const resumed = await call(`POST /v1/jobs/${id}/resume`);
  expect(resumed.status).toBe(200);
  await vi.waitFor(async () => expect((await showJob(id)).state).toBe('finished'), 10_000);
  expect(await bothResults(id)).toEqual(await bothResults(calm.id));
});

test('a delivery that fails otherwise is tried again, and at last set aside with what was seen', async () => {
  await putInput('flaky.csv', `${HEADER}\n1,2,3,a\n`);
  const harness = createHarness();
  const id = await harness.start({ model: 'poisoned', input: 'flaky.csv' });
  const { messages } = harness.queue;
  while (!messages.some((message) => 'chunk' in message)) {
    await handleMessage(harness.context, messages.shift() as never);
  }
  const body = messages.splice(
    messages.findIndex((message) => 'chunk' in message),
    1,
  )[0];
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const deliver = async (consume: typeof consumeJobs, bucket: unknown) => {
    const message = { body, ack: vi.fn(), retry: vi.fn() };
    const batch = { messages: [message] } as never;
    const bindings = { ...harness.context.env, BATCH: bucket as R2Bucket };
    await consume(batch, { ...harness.context, env: bindings });
    return message;
  };
  const bucket = new Proxy(env.BATCH, {
    get: (target, key) =>
      key === 'put'
        ? () => Promise.reject(new Error('R2 is away'))
        : Reflect.get(target, key).bind(target),
  });
  const first = await deliver(consumeJobs, bucket);
  expect(first.retry).toHaveBeenCalledOnce();
  expect(first.ack).not.toHaveBeenCalled();
  expect((await showJob(id)).state).toBe('running');
  const dead = await deliver(consumeDeadJobs, env.BATCH);
  expect(dead.ack).toHaveBeenCalledOnce();
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
  await harness.queue.drain(harness.context);
  expect(await showJob(id)).toMatchObject({
    state: 'finished-with-failures',
    failures: [{ error: { code: 'internal', message: 'R2 is away', file: 'flaky.csv' } }],
  });
});

test('a job that still runs tries its failed chunks again when it is resumed', async () => {
  await putInput('early/a.csv', `${HEADER}\n1,2,3,a\n`);
  await putInput('early/b.csv', `${HEADER}\n1,2,3,b\n`);
  const harness = createHarness();
  const id = await harness.start({ model: 'poisoned', input: 'early/' });
  const { messages } = harness.queue;
  while (messages.filter((message) => 'chunk' in message).length < 2) {
    const at = messages.findIndex((message) => 'step' in message);
    await handleMessage(harness.context, messages.splice(at, 1)[0]);
  }
  const at = messages.findIndex((message) => 'chunk' in message);
  await handleDeadMessage(harness.context, messages.splice(at, 1)[0], 4);
  expect(await showJob(id)).toMatchObject({ state: 'running', progress: { chunksFailed: 1 } });
  // The route enqueues through the real queue, which meets the test's own deliveries.
  expect((await call(`POST /v1/jobs/${id}/resume`)).status).toBe(200);
  await harness.queue.drain(harness.context);
  await vi.waitFor(async () => expect((await showJob(id)).state).toBe('finished'), 10_000);
  expect(await csvResult(id)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
});
