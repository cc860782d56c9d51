import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestBundle, signFirstRelease } from '@dandan/shared/testing';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DemoEdge, startEdge } from '../demo/edge-process.ts';
import { freePort } from '../demo/free-port.ts';
import { createEdgeClient } from '../edge-client/edge-client.ts';
import { runCli } from '../testing/run-cli.ts';

let edge: DemoEdge;
let env: Record<string, string>;
let folder: string;

// The edge as its user starts it: queue, D1 and R2 are the local runtime's.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-job-'));
  edge = await startEdge({ folder, signal: new AbortController().signal });
  env = { DANDAN_OPERATOR_KEY: edge.operatorKey };
  const made = await createTestBundle({ model: 'cli', width: 2 });
  const client = createEdgeClient({ edge: edge.url, key: edge.operatorKey });
  await client.putBundle('cli', made.sha256, made.bytes);
  const { trust, publish } = await signFirstRelease(made);
  await client.call('POST', '/v1/signing-keys', { json: trust });
  await client.call('POST', '/v1/models/cli/channels/stable', { json: publish });
}, 100_000);

afterAll(async () => {
  await edge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const job = (...words: string[]) =>
  runCli(['job', ...words, '--edge', edge.url, '--json'], { env });

async function csvFile(name: string, rows: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, ['id,x0,x1', ...rows].join('\n'));
  return path;
}

// Every test starts programs, seconds each on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

test('dandan job start uploads files, waits and downloads; show, list and download find the job', async () => {
  const files = [await csvFile('a b.csv', ['one,1,2']), await csvFile('second.csv', ['two,3,4'])];
  const out = join(folder, 'out');
  const words = ['start', '--model', 'cli', '--upload', ...files, '--out', out];
  const { code, json, stderr } = await job(...words);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(json).toMatchObject({ state: 'finished', progress: { rows: 2, rowsDone: 2 } });
  expect(stderr).toMatch(/finished +2 of 2 rows/);
  expect(stderr).toContain('at list prices');
  const csv = await readFile(join(out, 'results.csv'), 'utf8');
  expect(csv.split('\r\n').map((line) => line.split(',')[1])).toEqual([
    'id',
    'one',
    'two',
    undefined,
  ]);
  const file = await asyncBufferFromFile(join(out, 'results.parquet'));
  expect((await parquetReadObjects({ file })).map((row) => row.id)).toEqual(['one', 'two']);
  const id = String(json?.id);
  expect((await job('show', id)).json).toMatchObject({ id, state: 'finished' });
  expect((await job('list')).json).toMatchObject({ jobs: [{ id, state: 'finished' }] });
  const again = join(folder, 'again');
  expect((await job('download', id, '--out', again)).code).toBe(0);
  expect(await readFile(join(again, 'results.csv'), 'utf8')).toBe(csv);
});

test('a job with failed rows ends with 1 and says which line; resume finds it unchanged', async () => {
  const broken = await csvFile('broken.csv', ['one,1,2', 'two,three,4']);
  const { code, json, stderr } = await job('start', '--model', 'cli', '--upload', broken);
  expect(code).toBe(1);
  expect(json).toMatchObject({ state: 'finished-with-failures' });
  expect(stderr).toMatch(/failed 2 rows: .*broken\.csv:3: x0: 'x0' is no number/);
  const resumed = await job('resume', String(json?.id), '--wait');
  expect(resumed).toMatchObject({ code: 1, json: { state: 'finished-with-failures' } });
});

test('a detached job can be cancelled, and has nothing to download then', async () => {
  // More than is answered before the next command has started.
  const rows = Array.from({ length: 1_000_000 }, (_, i) => `a${i},1,2`);
  const file = await csvFile('long.csv', rows);
  const started = await job('start', '--model', 'cli', '--upload', file, '--detach');
  expect(started.json).toMatchObject({ state: 'planning' });
  const id = String(started.json?.id);
  expect(await job('cancel', id)).toMatchObject({ code: 0, json: { state: 'cancelled' } });
  const nothing = await job('download', id, '--out', folder);
  expect(nothing).toMatchObject({ code: 1, json: { error: { code: 'data-missing' } } });
  const resumed = await job('resume', id);
  expect(resumed).toMatchObject({ code: 1, json: { error: { code: 'edge-refused' } } });
});

test('Ctrl-C leaves the job running and says how to come back', async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `a${i},1,2`);
  const file = await csvFile('interrupted.csv', rows);
  const words = ['job', 'start', '--model', 'cli', '--upload', file, '--edge', edge.url, '--json'];
  const { code, stderr, json } = await runCli(words, {
    env,
    async onStart(child, said) {
      while (!/planning|running/.test(said()) && child.exitCode === null) {
        await new Promise((resolve) => child.stderr?.once('data', resolve));
      }
      child.kill('SIGINT');
    },
  });
  expect(code).toBe(130);
  expect(json).toMatchObject({ error: { code: 'interrupted' } });
  const id = /dandan job show (\S+) --wait --edge/.exec(stderr)?.[1] ?? '';
  expect(await job('show', id, '--wait')).toMatchObject({
    code: 0,
    json: { id, state: 'finished' },
  });
});

test('what cannot be started says why', async () => {
  const both = await job('start', '--model', 'cli', '--upload', 'x', '--input', 'y');
  expect(both).toMatchObject({ code: 2, json: { error: { field: '--input' } } });
  const missing = await job('start', '--model', 'cli', '--upload', join(folder, 'none.csv'));
  expect(missing).toMatchObject({ code: 1, json: { error: { code: 'data-missing' } } });
  const unknown = await job('show', 'none');
  expect(unknown).toMatchObject({ code: 1, json: { error: { code: 'edge-refused' } } });
  const empty = await job('start', '--model', 'cli', '--input', 'nothing/');
  expect(empty).toMatchObject({
    code: 1,
    json: { state: 'failed', error: { code: 'data-missing' } },
  });
  const closed = await runCli(
    ['job', 'list', '--edge', `http://127.0.0.1:${await freePort()}`, '--json'],
    { env },
  );
  expect(closed).toMatchObject({ code: 1, json: { error: { code: 'edge-unreachable' } } });
});
