import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle, sha256Hex } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { encodeQuantisedRows } from '@dandan/shared/wire';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readGraph } from '../data/read-graph.ts';
import { type DemoEdge, startEdge } from '../demo/edge-process.ts';
import { createEdgeClient } from '../edge-client/edge-client.ts';
import { quantiseFeatures } from '../quantise/input.ts';
import type { RetrainReport } from '../retrain/retrain-report.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { poll } from '../testing/poll.ts';
import { runCli } from '../testing/run-cli.ts';
import { writeGraphFolder } from '../testing/temporary-folder.ts';

/** Wrangler's start and two trainings on two busy cores. */
const LONG_MS = 300_000;

let dir: string;
/** Trained on mistaken labels. */
let poor: string;
let edge: DemoEdge;

const at = (...names: string[]) => join(dir, ...names);

const PER_CLASS = 200;

async function open(file: string) {
  const bytes = new Uint8Array(await readFile(file));
  return { bundle: await readBundle(bytes), sha256: await sha256Hex(bytes) };
}

/** Three classes of 200 nodes; `mistaken`: whoever labelled took one class for the next. */
async function writeData(name: string, mistaken: boolean) {
  const { graph, split } = createClusterGraph({ perClass: PER_CLASS });
  const labels = graph.labels.slice();
  if (mistaken) for (const node of split.train) labels[node] = Math.max(1, labels[node]);
  await mkdir(at(name), { recursive: true });
  await writeGraphFolder(at(name), { graph: { ...graph, labels }, split });
}

const dandan = (args: string[], env: Record<string, string> = {}) =>
  runCli([...args, '--json'], { env: { SOURCE_DATE_EPOCH: '1764115200', ...env } });

async function champion(name: string) {
  const shape = [
    '--hidden',
    '8',
    '--stages',
    '2',
    '--model',
    'clusters',
    '--epochs',
    '40',
    '--alpha',
    '0.1',
  ];
  const trained = await dandan(['train', '--data', at('mistaken'), '--out', at(name), ...shape]);
  expect(trained.code).toBe(0);
  return at(name, 'bundle.safetensors');
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dandan-retrain-'));
  await writeData('mistaken', true);
  await writeData('mended', false);
  poor = await champion('poor');
  edge = await startEdge({ folder: dir, signal: new AbortController().signal });
}, LONG_MS);
afterAll(async () => {
  await edge?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const retrain = (out: string, data: string, ...args: string[]) =>
  dandan(['retrain', '--data', at(data), '--out', at(out), ...args]);

const reportAt = async (out: string): Promise<RetrainReport> =>
  JSON.parse(await readFile(at(out, 'report.json'), 'utf8'));

test(
  'a night on which nothing has changed trains nothing and says so',
  async () => {
    const night = await retrain('same', 'mistaken', '--champion', poor);
    expect(night).toMatchObject({ code: 3, json: { outcome: 'keep', reason: 'nothing-new' } });
    expect(night.stderr).toContain('neither data nor labels have changed');
  },
  LONG_MS,
);

test(
  'a challenger that is shown to be better may be released; an interrupted night goes on',
  async () => {
    let stopped = false;
    const first = await runCli(
      ['retrain', '--data', at('mended'), '--out', at('better'), '--champion', poor, '--json'],
      {
        env: { SOURCE_DATE_EPOCH: '1764115200' },
        async onStart(child, stderr) {
          await poll('the teacher', () => stderr().includes('✓ GCN teacher'), 120_000);
          stopped = child.kill('SIGINT');
        },
      },
    );
    expect(stopped).toBe(true);
    expect(first).toMatchObject({ code: 130, json: { error: { code: 'interrupted' } } });
    const again = await retrain('better', 'mended', '--champion', poor);
    expect(again, again.stderr).toMatchObject({
      code: 0,
      json: { outcome: 'release', released: null },
    });
    expect(again.stderr).toContain('--release makes it a canary');

    const whole = await retrain('whole', 'mended', '--champion', poor);
    expect(whole.code).toBe(0);
    const bytes = (out: string) => readFile(at(out, 'challenger', 'bundle.safetensors'));
    expect(await bytes('better')).toEqual(await bytes('whole'));
    expect(await readdir(at('whole'))).toEqual(['challenger', 'report.html', 'report.json']);

    const report = await reportAt('whole');
    const { champion: before, challenger, comparison, decision, data } = report;
    expect(decision).toMatchObject({ outcome: 'release', rule: 'better', level: 0.01 });
    expect(comparison.accuracy.challenger).toBeGreaterThan(comparison.accuracy.champion);
    expect(comparison.n).toBe(data.heldOut);
    expect(before.sha256).toBe(await sha256Hex(new Uint8Array(await readFile(poor))));
    const { manifest } = await readBundle(new Uint8Array(await bytes('whole')));
    expect(challenger).toMatchObject({ version: '2025-11-26', created: manifest.created });
    expect(manifest.provenance.warmStart).toBe(before.sha256);
    const html = await readFile(at('whole', 'report.html'), 'utf8');
    expect(html).toContain('clusters: a better model is ready');
    expect(html).not.toMatch(/<script|src=|href=|url\(/);

    // What evaluate says of the challenger is what the report says.
    const measured = ['evaluate', '--data', at('mended'), '--bundle'];
    const file = at('whole', 'challenger', 'bundle.safetensors');
    const figures = (await dandan([...measured, file])).json as { exit: { accuracy: number } };
    expect(figures.exit.accuracy).toBeCloseTo(100 * comparison.accuracy.challenger, 1);
  },
  LONG_MS,
);

test.each<[string[], number, string]>([
  [[], 2, '--champion'],
  [['--champion', 'POOR', '--release'], 2, '--edge'],
  [['--edge', 'http://127.0.0.1:9'], 2, '--model'],
  [['--champion', 'NOWHERE'], 1, '--bundle'],
])('dandan retrain %j ends with %i and names %s', async (args, code, field) => {
  const places: Record<string, string> = { POOR: poor, NOWHERE: at('nowhere') };
  const named = args.map((arg) => places[arg] ?? arg);
  const env = { DANDAN_OPERATOR_KEY: 'x' };
  const night = await dandan(['retrain', '--data', at('mended'), '--out', at('x'), ...named], env);
  expect(night).toMatchObject({ code, json: { error: { field } } });
});

test('data with other classes than the champion are refused before anything is trained', async () => {
  await mkdir(at('other'), { recursive: true });
  await writeGraphFolder(at('other'), createClusterGraph({ perClass: 40, classes: 4 }));
  const night = await retrain('x', 'other', '--champion', poor);
  expect(night).toMatchObject({ code: 2, json: { error: { field: '--champion' } } });
  expect(night.stderr).toContain('The champion has other classes than this run');
  expect(night.stderr).not.toContain('student 1');
});

/** Rows that the champion is unsure of at its last stage, none of them held out. */
async function unsure() {
  const { graph } = await readGraph({ path: at('mistaken') });
  const { bundle, sha256 } = await open(poor);
  const rows = quantiseFeatures(graph.features, bundle.input);
  const { policies } = bundle.manifest;
  const { stage, confidence } = runCascade(createCascade(bundle), rows, policies.day);
  const split = graph.publicSplit;
  const held = new Set(
    [split?.test, split?.validation, split?.unlabelled].flatMap((s) => [...(s ?? [])]),
  );
  const nodes = [...confidence.keys()].filter(
    (node) => stage[node] === 2 && confidence[node] < 0.5 && !held.has(node),
  );
  return { sha256, nodes, rows, graph };
}

test(
  'labels come from the edge, a better challenger goes there as a canary, and the next night waits for it',
  async () => {
    const env = { DANDAN_OPERATOR_KEY: edge.operatorKey, DANDAN_SIGNING_KEY: at('signing.pem') };
    const there = ['--edge', edge.url];
    expect((await dandan(['push', '--bundle', poor, ...there], env)).code).toBe(0);
    const { sha256, nodes, rows, graph } = await unsure();
    expect(nodes.length).toBeGreaterThan(2);
    const client = createEdgeClient({ edge: edge.url, key: edge.operatorKey });
    const asked = selectRows(rows, nodes.slice(0, 3));
    await client.predict(
      'clusters',
      encodeQuantisedRows(asked, { model: 'clusters', bundle: sha256 }),
    );
    const cases = await vi.waitFor(
      async () => {
        const listed = await client.call('GET', '/v1/hard-cases?model=clusters');
        expect(listed.cases).toHaveLength(3);
        return listed.cases as { id: string }[];
      },
      { timeout: 60_000, interval: 1000 },
    );
    for (const { id } of cases.slice(0, 2)) {
      await client.call('PUT', `/v1/hard-cases/${id}/label`, { json: { label: graph.classes[1] } });
    }
    const night = (...args: string[]) =>
      dandan(
        [
          'retrain',
          '--data',
          at('mended'),
          '--out',
          at('night'),
          '--model',
          'clusters',
          ...there,
          ...args,
        ],
        env,
      );
    const released = await night('--release', '--canary', '20');
    expect(released, released.stderr).toMatchObject({
      code: 0,
      json: { outcome: 'release', released: { state: 'canary', percent: 20, fallback: sha256 } },
    });
    const { data, champion } = await reportAt('night');
    expect(champion.sha256).toBe(sha256);
    expect(data.hardCases).toMatchObject({ given: 2, used: 2, heldOut: 0 });
    const { bundle } = await open(at('night', 'challenger', 'bundle.safetensors'));
    expect(bundle.manifest.provenance.hardCases).toMatchObject({ used: 2 });

    expect(await night('--release')).toMatchObject({
      code: 3,
      json: { outcome: 'keep', reason: 'canary-in-progress' },
    });
    const promote = ['channel', 'promote', '--model', 'clusters', ...there];
    expect((await dandan(promote, env)).code).toBe(0);
    // The released challenger is the champion now, on the same data and labels.
    expect(await night('--release')).toMatchObject({ code: 3, json: { reason: 'nothing-new' } });
    const still = await night('--release', '--always');
    expect(still).toMatchObject({ code: 3, json: { outcome: 'keep', released: null } });
  },
  LONG_MS,
);
