import { writeSafetensors } from '@dandan/shared/bundle';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import {
  encodeQuantisedRows,
  MAX_BODY_BYTES,
  MAX_ROWS_PER_REQUEST,
  predictResponseSchema,
} from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, safetensors } from '../testing/edge-client.ts';
import { floatFile, floatRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';

const dense = await createTestBundle({ model: 'dense' });
const paper = await createTestBundle({ model: 'paper', structure: 'paper' });
const sparse = await createTestBundle({ model: 'sparse', sparse: true, width: 40 });
const WIDTH = 12;
const DENSE = '/v1/models/dense/predict';
const SPARSE = '/v1/models/sparse/predict';
let key = '';

beforeAll(async () => {
  await migrate();
  for (const entry of [dense, paper, sparse]) await publish(entry);
  key = (await createKey('predict')).key;
});

test('the largest number of rows is answered, one more is refused', async () => {
  const row = new Array(WIDTH).fill(1);
  const rows = new Array(MAX_ROWS_PER_REQUEST).fill(row);
  const response = await call(`POST ${DENSE}`, { key, json: { rows } });
  const full = predictResponseSchema.parse(await response.json());
  expect(full.answers).toHaveLength(MAX_ROWS_PER_REQUEST);
  const json = { rows: [...rows, row] };
  await expectProblem(await call(`POST ${DENSE}`, { key, json }), 422, 'rows-too-many');
  const count = MAX_ROWS_PER_REQUEST + 1;
  const file = floatFile({ count, width: WIDTH, values: new Float32Array(count * WIDTH) });
  await expectProblem(await call(`POST ${DENSE}`, safetensors(file)), 422, 'rows-too-many');
  const codes = encodeQuantisedRows(createTestRows(dense.bundle.input, count));
  await expectProblem(await call(`POST ${DENSE}`, safetensors(codes)), 422, 'rows-too-many');
});

const good = new Array(WIDTH).fill(0.5);

test.each<[string, unknown, string, string | undefined]>([
  ['no rows', {}, 'rows-malformed', 'rows'],
  ['rows of null', { rows: null }, 'rows-malformed', 'rows'],
  ['empty rows', { rows: [] }, 'rows-empty', 'rows'],
  ['a body that is an array', [good], 'rows-malformed', 'body'],
  ['a body of null', null, 'rows-malformed', 'body'],
  ['a short row', { rows: [good, [1, 2]] }, 'rows-wrong-width', 'rows[1]'],
  ['a long row', { rows: [[...good, 1]] }, 'rows-wrong-width', 'rows[0]'],
  ['an empty row', { rows: [[]] }, 'rows-wrong-width', 'rows[0]'],
  [
    'a null cell, as NaN becomes',
    { rows: [good, good.with(3, Number.NaN)] },
    'rows-malformed',
    'rows[1][3]',
  ],
  ['a text cell', { rows: [good.with(0, '1')] }, 'rows-malformed', 'rows[0][0]'],
  ['a nested cell', { rows: [good.with(2, [1])] }, 'rows-malformed', 'rows[0][2]'],
  ['a cell beyond float32', { rows: [good.with(5, 1e39)] }, 'rows-not-finite', 'rows[0][5]'],
  ['a row of text', { rows: ['abc'] }, 'rows-malformed', 'rows[0]'],
  ['mixed rows', { rows: [good, { indices: [], values: [] }] }, 'rows-malformed', 'rows[1]'],
  [
    'sparse rows for a dense model',
    { rows: [{ indices: [1], values: [1] }] },
    'rows-malformed',
    'rows[0]',
  ],
  ['an unknown policy', { rows: [good], policy: 'noon' }, 'option-invalid', 'policy'],
  ['stage 0', { rows: [good], maxStage: 0 }, 'option-invalid', 'maxStage'],
  ['negative work', { rows: [good], maxMacs: -1 }, 'option-invalid', 'maxMacs'],
  ['a deadline in words', { rows: [good], deadlineMs: 'soon' }, 'option-invalid', 'deadlineMs'],
  ['half a stage', { rows: [good], maxStage: 1.5 }, 'option-invalid', 'maxStage'],
  ['a stage too deep', { rows: [good], maxStage: 4 }, 'stage-out-of-range', 'maxStage'],
  ['a short hash', { rows: [good], bundle: 'abc' }, 'option-invalid', 'bundle'],
  ['an unknown option', { rows: [good], explain: true }, 'option-invalid', 'body'],
])('JSON with %s is refused', async (_title, json, code, field) => {
  const problem = await expectProblem(await call(`POST ${DENSE}`, { key, json }), 422, code);
  expect(problem.field).toBe(field);
});

test.each<[string, unknown, string, string]>([
  [
    'descending indices',
    { indices: [2, 1], values: [1, 1] },
    'rows-malformed',
    'rows[0].indices[1]',
  ],
  ['a repeated index', { indices: [2, 2], values: [1, 1] }, 'rows-malformed', 'rows[0].indices[1]'],
  ['a negative index', { indices: [-1], values: [1] }, 'rows-malformed', 'rows[0].indices[0]'],
  ['an index of the width', { indices: [40], values: [1] }, 'rows-malformed', 'rows[0].indices[0]'],
  ['a broken index', { indices: [0.5], values: [1] }, 'rows-malformed', 'rows[0].indices[0]'],
  ['too few values', { indices: [0, 1], values: [1] }, 'rows-malformed', 'rows[0].values'],
  ['a null value', { indices: [0], values: [null] }, 'rows-malformed', 'rows[0].values[0]'],
  [
    'a value beyond float32',
    { indices: [0], values: [-1e300] },
    'rows-not-finite',
    'rows[0].values[0]',
  ],
  ['no indices', { values: [] }, 'rows-malformed', 'rows[0].indices'],
  ['another key', { indices: [], values: [], x: 1 }, 'rows-malformed', 'rows[0].x'],
])('a sparse JSON row with %s is refused', async (_title, row, code, field) => {
  const response = await call(`POST ${SPARSE}`, { key, json: { rows: [row] } });
  expect((await expectProblem(response, 422, code)).field).toBe(field);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a float row with %d is refused, naming the cell',
  async (value) => {
    const floats = floatRows(dense, 3);
    floats.values[2 * WIDTH + 7] = value;
    const response = await call(`POST ${DENSE}`, safetensors(floatFile(floats), { key }));
    const problem = await expectProblem(response, 422, 'rows-not-finite');
    expect(problem).toMatchObject({ field: 'x[2][7]', value: String(value) });
  },
);

test('float files of a wrong shape, type or name are refused', async () => {
  const send = (bytes: Uint8Array<ArrayBuffer>) =>
    call(`POST ${DENSE}`, safetensors(bytes, { key }));
  const data = new Float32Array(22);
  const narrow = floatFile({ count: 2, width: 11, values: data });
  await expectProblem(await send(narrow), 422, 'rows-wrong-width');
  const none = floatFile({ count: 0, width: WIDTH, values: new Float32Array() });
  await expectProblem(await send(none), 422, 'rows-empty');
  const flat = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [22], data }]);
  await expectProblem(await send(flat), 422, 'rows-malformed');
  const renamed = writeSafetensors([{ name: 'rows', dtype: 'F32', shape: [2, 11], data }]);
  await expectProblem(await send(renamed), 422, 'rows-malformed');
  const typed = writeSafetensors([
    { name: 'x', dtype: 'I32', shape: [1, 2], data: new Int32Array(2) },
  ]);
  await expectProblem(await send(typed), 422, 'rows-malformed');
  const cut = narrow.slice(0, -1);
  await expectProblem(await send(cut), 422, 'rows-malformed');
  await expectProblem(await send(new Uint8Array(3)), 422, 'rows-malformed');
  const garbage = Uint8Array.from({ length: 999 }, (_, i) => (i * 91) & 255);
  await expectProblem(await send(garbage), 422, 'rows-malformed');
});

test('quantised rows need the bundle that made them, and must fit it', async () => {
  const rows = createTestRows(dense.bundle.input, 3);
  const send = (target: string, bytes: Uint8Array<ArrayBuffer>) =>
    call(target, safetensors(bytes, { key }));
  const nameless = await send(`POST ${DENSE}`, encodeQuantisedRows(rows));
  expect((await expectProblem(nameless, 422, 'option-invalid')).field).toBe('bundle');
  const contradiction = await send(
    `POST ${DENSE}?bundle=${dense.sha256}`,
    encodeQuantisedRows(rows, { bundle: paper.sha256 }),
  );
  expect((await expectProblem(contradiction, 422, 'option-invalid')).field).toBe('bundle');
  const foreign = await send(`POST ${DENSE}`, encodeQuantisedRows(rows, { bundle: paper.sha256 }));
  await expectProblem(foreign, 404, 'bundle-unknown');
  const kind = await send(
    `POST ${DENSE}`,
    encodeQuantisedRows(createTestRows(sparse.bundle.input, 3), { bundle: dense.sha256 }),
  );
  await expectProblem(kind, 422, 'rows-malformed');
  const codes = new Uint8Array(3 * WIDTH).fill(128);
  const eightBits = encodeQuantisedRows(
    { kind: 'dense', count: 3, width: WIDTH, codes },
    { bundle: dense.sha256 },
  );
  await expectProblem(await send(`POST ${DENSE}`, eightBits), 422, 'rows-malformed');
});

test('unknown model, bundle and channel, each by its own code', async () => {
  const json = { rows: [good] };
  await expectProblem(await call('POST /v1/models/none/predict', { json }), 404, 'model-unknown');
  const absent = { ...json, bundle: '0'.repeat(64) };
  await expectProblem(await call(`POST ${DENSE}`, { json: absent }), 404, 'bundle-unknown');
  const elsewhere = { ...json, bundle: paper.sha256 };
  await expectProblem(await call(`POST ${DENSE}`, { json: elsewhere }), 404, 'bundle-unknown');
  const canary = { ...json, channel: 'canary' };
  await expectProblem(await call(`POST ${DENSE}`, { json: canary }), 404, 'channel-unknown');
});

test('broken JSON, other media types, bad parameters and bodies too large are refused', async () => {
  const headers = { 'content-type': 'application/json' };
  const broken = await call(`POST ${DENSE}`, { key, body: '{"rows": [[NaN]]}', headers });
  await expectProblem(broken, 400, 'json-malformed');
  const latin = new Uint8Array([0x7b, 0xff, 0x7d]);
  await expectProblem(
    await call(`POST ${DENSE}`, { key, body: latin, headers }),
    400,
    'json-malformed',
  );
  await expectProblem(await call(`POST ${DENSE}`, { key, headers }), 400, 'json-malformed');
  const csv = { 'content-type': 'text/csv' };
  const wrong = await call(`POST ${DENSE}`, { key, body: '1,2', headers: csv });
  expect((await expectProblem(wrong, 415, 'media-type-unsupported')).value).toBe('text/csv');
  await expectProblem(await call(`POST ${DENSE}`, { key }), 415, 'media-type-unsupported');
  const stage = await call(`POST ${DENSE}?maxStage=deep`, { key, json: { rows: [good] } });
  expect((await expectProblem(stage, 422, 'option-invalid')).field).toBe('maxStage');
  const typo = await call(`POST ${DENSE}?chanel=stable`, { key, json: { rows: [good] } });
  await expectProblem(typo, 422, 'option-invalid');
  const body = new Uint8Array(MAX_BODY_BYTES + 1);
  await expectProblem(
    await call(`POST ${DENSE}`, safetensors(body, { key })),
    413,
    'body-too-large',
  );
});
