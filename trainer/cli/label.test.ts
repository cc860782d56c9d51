import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { type FloatRows, quantiseFloatRows, selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readGraph } from '../data/read-graph.ts';
import { type DemoEdge, startEdge } from '../demo/edge-process.ts';
import { createEdgeClient } from '../edge-client/edge-client.ts';
import { runCli } from '../testing/run-cli.ts';

/** Wrangler's start on two busy cores. */
const START_MS = 120_000;

const telemetry = {
  kind: 'telemetry' as const,
  channels: ['temperature', 'pressure', 'current'].map((name) => ({ name, unit: '' })),
  statistics: ['mean' as const, 'slope' as const],
  windowMs: 1000,
  strideMs: 1000,
};
const made = await createTestBundle({
  model: 'press',
  seed: 4,
  telemetry,
  thresholds: [0.99, 0.99],
  classes: 4,
});

let edge: DemoEdge;
let folder = '';

/** The rows of 2,000 that the last stage is least sure of. */
function unsureRows(count: number) {
  const { input, manifest } = made.bundle;
  const rows = createTestRows(input, 2000, 9);
  const { confidence, stage } = runCascade(createCascade(made.bundle), rows, manifest.policies.day);
  const unsure = Array.from(confidence.keys())
    .filter((i) => stage[i] === 3)
    .sort((a, b) => confidence[a] - confidence[b])
    .slice(0, count);
  return selectRows(rows, unsure);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-label-'));
  edge = await startEdge({ folder, signal: new AbortController().signal });
  const client = createEdgeClient({ edge: edge.url, key: edge.operatorKey });
  await client.putBundle('press', made.sha256, made.bytes);
  const bytes = encodeQuantisedRows(unsureRows(3), { model: 'press', bundle: made.sha256 });
  await client.predict('press', bytes);
}, START_MS);
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Case {
  readonly id: string;
  readonly state: string;
  readonly label: string | null;
}

const env = () => ({ DANDAN_OPERATOR_KEY: edge.operatorKey });
const label = (args: readonly string[]) =>
  runCli(['label', ...args, '--edge', edge.url, '--json'], { env: env() });

async function list(state: string): Promise<readonly Case[]> {
  const { code, json } = await label(['list', '--model', 'press', '--state', state]);
  expect(code).toBe(0);
  return json?.cases as Case[];
}

test(
  'dandan label lists what the edge was unsure of, labels it, and exports what train reads',
  async () => {
    // A second in the isolate, and ten until the meter tells the registry.
    const open = await vi.waitFor(
      async () => {
        const cases = await list('open');
        expect(cases).toHaveLength(3);
        return cases;
      },
      { timeout: 40_000, interval: 1000 },
    );
    const [one, two, three] = open.map(({ id }) => id);
    expect((await label(['set', '--id', one, '--label', 'class-2'])).json).toMatchObject({
      id: one,
      state: 'labelled',
      newLabel: false,
    });
    const named = ['--label', 'belt, slipping', '--new'];
    expect((await label(['set', '--id', two, ...named])).json).toMatchObject({ newLabel: true });
    expect((await label(['set', '--id', three, '--skip'])).json).toMatchObject({ label: null });
    expect(await list('open')).toEqual([]);
    expect(await list('all')).toHaveLength(3);

    const table = join(folder, 'hard', 'nodes.csv');
    const exported = await label(['export', '--model', 'press', '--out', table]);
    expect(exported.json).toEqual({ model: 'press', out: table, format: 'csv', cases: 2 });
    await writeFile(join(folder, 'hard', 'edges.csv'), 'src,dst\n');
    const { graph } = await readGraph({ path: join(folder, 'hard') });
    expect([...graph.classes].sort()).toEqual(['belt, slipping', 'class-2']);
    // What the trainer reads is what the codes stand for: they come out the same.
    const rows = graph.features.rows as FloatRows;
    expect(rows.width).toBe(6);
    const again = quantiseFloatRows(rows, made.bundle.input);
    const asked = unsureRows(3);
    const known = Array.from({ length: 3 }, (_, i) => [...selectRows(asked, [i]).codes]);
    for (let i = 0; i < 2; i++) expect(known).toContainEqual([...selectRows(again, [i]).codes]);
    const header = (await readFile(table, 'utf8')).split('\n')[0];
    expect(header).toBe(
      'node,label,temperature.mean,temperature.slope,pressure.mean,pressure.slope,current.mean,current.slope',
    );

    const lines = join(folder, 'all.ndjson');
    const format = ['--format', 'ndjson', '--all'];
    const whole = await label(['export', '--model', 'press', '--out', lines, ...format]);
    expect(whole.json).toMatchObject({ cases: 3 });
    const records = (await readFile(lines, 'utf8')).trim().split('\n');
    expect(records.map((line) => JSON.parse(line).label).sort()).toEqual([
      'belt, slipping',
      'class-2',
      null,
    ]);
  },
  START_MS,
);

test('what the edge refuses is said with its reason, and usage errors before', async () => {
  const id = '0'.repeat(64);
  const unknown = await label(['set', '--id', id, '--skip']);
  expect(unknown).toMatchObject({ code: 1, json: { error: { code: 'edge-refused' } } });
  expect(unknown.stderr).toContain('hard-case-unknown');
  expect((await label(['set', '--id', id])).code).toBe(2);
  expect((await label(['set', '--id', id, '--label', 'a', '--skip'])).code).toBe(2);
  expect((await label(['set', '--id', 'x', '--skip'])).code).toBe(2);
  expect((await label(['list', '--model', 'press', '--state', 'odd'])).code).toBe(2);
  await mkdir(join(folder, 'taken'), { recursive: true });
  const unwritable = await label(['export', '--model', 'press', '--out', join(folder, 'taken')]);
  expect(unwritable).toMatchObject({ code: 1, json: { error: { code: 'output-unwritable' } } });
});
