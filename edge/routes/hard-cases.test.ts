import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { type QuantisedRows, quantiseFloatRows, selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import {
  type ExplainResponse,
  encodeQuantisedRows,
  MAX_ROWS_PER_REQUEST,
} from '@dandan/shared/wire';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ExplanationRecord } from '../explanations/explanation-store.ts';
import { HARD_CONFIDENCE } from '../hard-cases/find-candidates.ts';
import { type HardCase, type HardCaseDetail, hardCaseDetailSchema } from '../hard-cases/schemas.ts';
import { call, createKey, expectProblem, migrate, safetensors } from '../testing/edge-client.ts';
import { meterOf, report, settled } from '../testing/meter.ts';
import { publish, release, upload } from '../testing/releases.ts';

const dense = await createTestBundle({
  model: 'hard',
  seed: 3,
  thresholds: [0.99, 0.99],
  classes: 4,
});
const sparse = await createTestBundle({
  model: 'hard-sparse',
  seed: 2,
  sparse: true,
  width: 40,
  thresholds: [0.99, 0.99],
  classes: 5,
});

interface Page {
  readonly cases: HardCase[];
  readonly next: string | null;
}

async function list(query: string): Promise<Page> {
  const response = await call(`GET /v1/hard-cases${query}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** Rows of which the last stage is least certain, as they are asked. */
function hardRows({ bundle }: TestBundle, count: number): QuantisedRows {
  const rows = createTestRows(bundle.input, 2000, 9);
  const { confidence, stage } = runCascade(
    createCascade(bundle),
    rows,
    bundle.manifest.policies.day,
  );
  const unsure = Array.from(confidence.keys()).filter(
    (i) => stage[i] === 3 && confidence[i] < HARD_CONFIDENCE,
  );
  expect(unsure.length).toBeGreaterThanOrEqual(count);
  return selectRows(rows, unsure.slice(0, count));
}

async function ask(made: TestBundle, rows: QuantisedRows, key: string): Promise<void> {
  const { model } = made.bundle.manifest;
  const body = encodeQuantisedRows(rows, { model, bundle: made.sha256 });
  const response = await call(`POST /v1/models/${model}/predict`, safetensors(body, { key }));
  expect(response.status).toBe(200);
}

async function kept(model: string, count: number): Promise<HardCase[]> {
  return vi.waitFor(
    async () => {
      await runDurableObjectAlarm(meterOf(model));
      const { cases } = await list(`?model=${model}&state=all`);
      expect(cases).toHaveLength(count);
      return cases;
    },
    { timeout: 15_000, interval: 100 },
  );
}

let key = '';
let id = '';

beforeAll(async () => {
  await migrate();
  for (const made of [dense, sparse]) await publish(made);
  ({ key, id } = await createKey('predict'));
});

const label = (caseId: string, json: unknown, by?: string) =>
  call(`PUT /v1/hard-cases/${caseId}/label`, { json, ...(by && { key: by }) });

test('rows of which the last stage is unsure are listed: at most four of a request', async () => {
  const rows = hardRows(dense, 6);
  await ask(dense, rows, key);
  const cases = await kept('hard', 4);
  for (const each of cases) {
    expect(each).toMatchObject({
      model: 'hard',
      bundle: dense.sha256,
      policy: 'day',
      reason: 'low-confidence',
      key: id,
      device: null,
      state: 'open',
      label: null,
    });
    expect(each.confidence).toBeLessThan(HARD_CONFIDENCE);
    expect(dense.bundle.manifest.classes).toContain(each.answer);
  }
  // The same rows again are the same cases.
  await ask(dense, rows, key);
  await kept('hard', 4);
});

test('pages and filters', async () => {
  const { cases } = await list('?model=hard');
  const pages: HardCase[] = [];
  let next: string | null = '';
  while (next !== null) {
    const page: Page = await list(`?model=hard&limit=3${next && `&after=${next}`}`);
    pages.push(...page.cases);
    ({ next } = page);
  }
  expect(pages).toEqual(cases);
  const [first] = cases;
  const same = await list(`?model=hard&answer=${first.answer}&reason=low-confidence`);
  expect(same.cases).toEqual(cases.filter(({ answer }) => answer === first.answer));
  for (const query of [
    'device=x',
    'reason=disagreement',
    'state=labelled',
    `bundle=${'0'.repeat(64)}`,
  ]) {
    expect((await list(`?model=hard&${query}`)).cases).toEqual([]);
  }
  for (const query of ['?limit=0', '?limit=201', '?state=odd', '?reason=odd', '?model=A', '?x=1']) {
    await expectProblem(await call(`GET /v1/hard-cases${query}`), 422, 'option-invalid');
  }
});

test('a label is a class, a new name that is said to be one, or none; all are in the audit log', async () => {
  const [one, two, three] = (await list('?model=hard')).cases;
  const labelled = await label(one.id, { label: 'class-2' });
  expect(await labelled.json()).toMatchObject({
    label: 'class-2',
    newLabel: false,
    state: 'labelled',
  });
  const named = await label(two.id, { label: 'belt, "slipping"', new: true });
  expect(await named.json()).toMatchObject({ label: 'belt, "slipping"', newLabel: true });
  const skipped = await label(three.id, { label: null });
  expect(await skipped.json()).toMatchObject({ label: null, state: 'skipped' });
  const changed = await label(one.id, { label: 'class-3', new: true });
  expect(await changed.json()).toMatchObject({ label: 'class-3', newLabel: false });
  const { entries } = await (await call('GET /v1/audit?limit=4')).json<{
    entries: { action: string; target: string; detail: string }[];
  }>();
  expect(entries.map(({ action, target, detail }) => [action, target, detail])).toEqual([
    ['hard-case-label', one.id, 'class-3'],
    ['hard-case-label', three.id, '(skipped)'],
    ['hard-case-label', two.id, 'belt, "slipping"'],
    ['hard-case-label', one.id, 'class-2'],
  ]);
});

test.each([
  [{ label: 'unheard-of' }, 'label'],
  [{ label: '' }, 'label'],
  [{ label: 'x'.repeat(129), new: true }, 'label'],
  [{ label: '=1+1', new: true }, 'label'],
  [{ label: '-1', new: true }, 'label'],
  [{ label: '@sum', new: true }, 'label'],
  [{ label: ' space', new: true }, 'label'],
  [{ label: 'two\nlines', new: true }, 'label'],
  [{ label: 'nul\u0000', new: true }, 'label'],
  [{ label: 7 }, 'label'],
  [{}, 'label'],
  [{ label: 'class-0', by: 'x' }, 'body'],
])('the label %j is refused and changes nothing', async (json, field) => {
  const [open] = (await list('?model=hard')).cases;
  const problem = await expectProblem(await label(open.id, json), 422, 'option-invalid');
  expect(problem.field).toBe(field);
  expect((await list('?model=hard')).cases).toContainEqual(open);
});

test('an unknown case is 404, and so is what is no case', async () => {
  await expectProblem(await label('0'.repeat(64), { label: null }), 404, 'hard-case-unknown');
  await expectProblem(await label('x', { label: null }), 422, 'option-invalid');
});

const exported = async (query: string) => {
  const response = await call(`GET /v1/hard-cases/export${query}`);
  expect(response.status).toBe(200);
  const text = new TextDecoder().decode(await response.arrayBuffer());
  return { text, type: response.headers.get('content-type') };
};

/** Codes of a case, as they are stored. */
async function codesOf(caseId: string) {
  const row = await env.REGISTRY.prepare('SELECT row FROM hard_cases WHERE id = ?')
    .bind(caseId)
    .first<number[]>('row');
  return Uint8Array.from(row ?? []);
}

test('the export is a node table whose values stand for the very codes', async () => {
  const { text, type } = await exported('?model=hard');
  expect(type).toMatch(/^text\/csv/);
  const [header, ...lines] = text.split('\n').slice(0, -1);
  expect(header).toBe(`node,label,${Array.from({ length: 12 }, (_, j) => `x${j}`).join(',')}`);
  const { cases } = await list('?model=hard&state=labelled');
  expect(lines).toHaveLength(2);
  for (const each of cases) {
    const line = lines.find((candidate) => candidate.startsWith(each.id));
    const quoted = each.newLabel ? '"belt, ""slipping"""' : each.label;
    expect(line?.startsWith(`${each.id},${quoted},`)).toBe(true);
    const values = (line ?? '').slice(`${each.id},${quoted},`.length).split(',').map(Number);
    const floats = { count: 1, width: 12, values: Float32Array.from(values) };
    const { codes } = quantiseFloatRows(floats, dense.bundle.input);
    const stored = await codesOf(each.id);
    expect(codes).toEqual(stored.slice(stored.length - 12));
  }
  const all = await exported('?model=hard&state=all');
  expect(all.text.split('\n')).toHaveLength(1 + 4 + 1);
  expect(all.text).toMatch(/\n[0-9a-f]{64},,/);
});

test('sparse rows are written out in CSV and listed in NDJSON', async () => {
  await ask(sparse, hardRows(sparse, 3), key);
  const [one] = await kept('hard-sparse', 3);
  await label(one.id, { label: 'class-1' });
  const csv = (await exported('?model=hard-sparse')).text.split('\n');
  expect(csv).toHaveLength(3);
  const values = csv[1].split(',').slice(2).map(Number);
  expect(values).toHaveLength(40);
  const { text, type } = await exported('?model=hard-sparse&format=ndjson');
  expect(type).toBe('application/x-ndjson');
  const record = JSON.parse(text.trim());
  expect(record).toMatchObject({ node: one.id, label: 'class-1' });
  expect(record.about).toMatchObject({ reason: 'low-confidence', bundle: sparse.sha256, key: id });
  const listed = Object.entries(record.features as Record<string, number>);
  expect(listed.length).toBeGreaterThan(0);
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(values.flatMap((value, j) => (value === 0 ? [] : [[`x${j}`, value]]))),
  );
});

test('a case alone has its features, which explain as the very codes', async () => {
  for (const made of [dense, sparse]) {
    const { model } = made.bundle.manifest;
    const [one] = (await list(`?model=${model}&state=all`)).cases;
    const response = await call(`GET /v1/hard-cases/${one.id}`);
    expect(response.status).toBe(200);
    const detail = await response.json<HardCaseDetail>();
    expect(hardCaseDetailSchema.parse(detail)).toEqual(detail);
    const { row, names, ...about } = detail;
    expect(about).toEqual(one);
    const columns = row && 'indices' in row ? row.indices : names.map((_, column) => column);
    expect(names).toEqual(columns.map((column) => `x${column}`));
    const explained = await call(`POST /v1/models/${model}/explain`, {
      json: { rows: [row], bundle: one.bundle, policy: one.policy, keep: true },
    });
    const { explanations, record } = await explained.json<ExplainResponse>();
    expect(explanations[0].label).toBe(one.answer);
    expect(Math.fround(explanations[0].confidence)).toBe(Math.fround(one.confidence));
    const kept = await call(`GET /v1/explanations/${record}`);
    const [codes] = (await kept.json<ExplanationRecord>()).rows;
    const own = Uint8Array.from('codes' in codes ? codes.codes : codes);
    const stored = await codesOf(one.id);
    expect(own).toEqual(stored.slice(stored.length - own.length));
  }
});

test('a case whose bundle is gone has no features any more', async () => {
  const [one] = (await list('?model=hard-sparse&state=all')).cases;
  const path = `bundles/${one.bundle}.safetensors`;
  const file = await (await env.BUNDLES.get(path))?.arrayBuffer();
  await env.BUNDLES.delete(path);
  const detail = await (await call(`GET /v1/hard-cases/${one.id}`)).json<HardCaseDetail>();
  expect(detail).toEqual({ ...one, row: null, names: [] });
  await env.BUNDLES.put(path, file ?? '');
  await expectProblem(await call(`GET /v1/hard-cases/${'0'.repeat(64)}`), 404, 'hard-case-unknown');
  await expectProblem(await call('GET /v1/hard-cases/x'), 422, 'option-invalid');
});

test('an export without a case is a table without a line; one without a model is refused', async () => {
  expect((await exported('?model=nobody')).text).toBe('node,label\n');
  expect((await exported('?model=nobody&format=ndjson')).text).toBe('');
  for (const query of ['', '?model=hard&format=xlsx', '?model=hard&state=open']) {
    await expectProblem(await call(`GET /v1/hard-cases/export${query}`), 422, 'option-invalid');
  }
});

test('bundles that read other features are not mixed in one table', async () => {
  const other = await createTestBundle({
    model: 'hard',
    seed: 8,
    width: 9,
    thresholds: [0.99, 0.99],
    classes: 4,
  });
  await upload(other);
  await release(other, { fallback: dense });
  await ask(other, hardRows(other, 1), key);
  await kept('hard', 5);
  const problem = await expectProblem(
    await call('GET /v1/hard-cases/export?model=hard&state=all'),
    422,
    'option-invalid',
  );
  expect(problem.field).toBe('bundle');
  const own = await exported(`?model=hard&state=all&bundle=${other.sha256}`);
  expect(own.text.split('\n')).toHaveLength(3);
});

test('rows that a cheap policy does not let climb are audited, but are no hard cases', async () => {
  const night = await createTestBundle({ model: 'by-night', seed: 3, thresholds: [null, null] });
  await publish(night);
  // One row in a hundred is audited: enough of them that some differ, whatever is drawn.
  const requests = 3;
  for (let seed = 0; seed < requests; seed++) {
    const rows = createTestRows(night.bundle.input, MAX_ROWS_PER_REQUEST, seed);
    const body = encodeQuantisedRows(rows, { model: 'by-night', bundle: night.sha256 });
    const path = 'POST /v1/models/by-night/predict?policy=night';
    expect((await call(path, safetensors(body, { key }))).status).toBe(200);
  }
  await settled('by-night', 'predict', requests * MAX_ROWS_PER_REQUEST);
  const points = (await report('?model=by-night')).series.flatMap((each) => each.points);
  const [{ disagreements, stopped }] = points;
  expect(stopped.confident).toBe(0);
  expect(disagreements).toBeGreaterThan(0);
  expect((await list('?model=by-night&state=all')).cases).toEqual([]);
});
