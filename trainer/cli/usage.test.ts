import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import { main } from './main.ts';

test.concurrent.each([
  ['', ['train', 'tune', 'evaluate', 'data', 'push', 'channel', 'policy', 'device', 'job']],
  ['init', ['plant', 'graph']],
  ['init plant', ['<dir>', '--time-zone', '--language', '--force']],
  ['channel', ['show', 'promote', 'widen', 'rollback']],
  ['signing-key', ['create', 'add', 'list', 'revoke']],
  ['device', ['enrol', 'list', 'remove']],
  ['label', ['list', 'set', 'export']],
  ['federate', ['summarise', 'combine', 'key', 'roster']],
  ['federate combine', ['--summary', '--guarantee', '--fit', '--roster']],
  ['retrain', ['--champion', '--rule', '--release', '--hard-cases', 'Exit code 0']],
  ['label export', ['--model', '--out', '--format']],
  ['train', ['--data', '--seed', '--stages', '--config', '--json']],
  ['tune', ['--trials', '--space', '--workers', '--config']],
  ['evaluate', ['--bundle', '--predictions']],
  ['data', ['check']],
  ['data check', ['<path>', '.npz', 'raw/edge.csv', '.parquet']],
  ['push', ['--edge', 'DANDAN_OPERATOR_KEY', '--canary', '--signing-key']],
  ['policy', ['show', 'set', 'dry-run']],
  ['policy dry-run', ['--model', '--file', '--date']],
  ['job', ['start', 'list', 'show', 'cancel', 'resume', 'download']],
  ['job start', ['--upload', '--input', '--profile', '--detach', 'DANDAN_OPERATOR_KEY']],
  ['demo', ['--once', '--json']],
])('dandan %s --help exits 0 and lists its options', async (command, words) => {
  const { code, stdout, stderr } = await runCli([...command.split(' ').filter(Boolean), '--help']);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  for (const word of words) expect(stdout).toContain(word);
});

test.concurrent('dandan --version exits 0', async () => {
  const { code, stdout } = await runCli(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

const WRONG: [string[], string][] = [
  [['train', '--data', 'x', '--fast'], "unknown option '--fast'"],
  [['train'], "required option '--data <path>'"],
  [['train', '--data', 'x', '--stages', '7'], 'a whole number from 1 to 6'],
  [['train', '--data', 'x', '--structure', 'round'], 'Allowed choices are paper, incremental'],
  [['train', '--data', 'x', '--widths', '8,x'], 'a whole number from 1 to 4096'],
  [['train', '--data', 'x', '--widths', '1,2,3,4,5,6,7'], 'at most 6 numbers'],
  [['train', '--data', 'x', '--hidden-layers', '0'], 'a whole number from 1 to 8'],
  [[], 'Usage: dandan'],
  [['fly'], "unknown command 'fly'"],
  [['train', '--data', 'x', '--seed', 'one'], 'a whole number from 0'],
  [['train', '--data', 'x', '--dropout', '1.5'], 'a number from 0 to 0.95'],
  [['train', '--data', 'x', '--alpha', ''], 'a number from'],
  [['train', '--data', 'x', '--model', 'Not A Name'], 'lower-case letters'],
  [['train', '--data', 'x', '--model-version', ''], '1 to 64 characters'],
  [['evaluate', '--data', 'x'], "required option '--bundle <file>'"],
  [['evaluate', '--bundle', 'b', '--data', 'x', '--split', 'odd'], 'Allowed choices are random'],
  [['reproduce', 'table9', '--data', 'x'], 'Allowed choices are table2, fig3'],
  [['reproduce', 'edges', '--seeds', '0'], 'a number of seeds, a range'],
  [['reproduce', 'table2'], "required option '--data <path...>'"],
  [['reproduce', 'fig3', '--data', 'x', '--seeds', '0'], 'a number of seeds, a range'],
  [['reproduce', 'fig3', '--data', 'x', '--methods', 'mlp,gnn'], "'gnn' is none of teacher"],
  [['tune'], "required option '--data <path>'"],
  [['tune', '--data', 'x', '--trials', '1'], 'a whole number from 2'],
  [['tune', '--data', 'x', '--reduction', '0.5'], 'a number from 1 to 10'],
  [['data', 'check'], "missing required argument 'path'"],
  [['push', '--bundle', 'b'], "required option '--edge <url>'"],
  [['push', '--bundle', 'b', '--edge', 'e', '--channel', 'A/b'], 'lower-case letters, digits'],
  [['push', '--bundle', 'b', '--edge', 'e', '--canary', '100'], 'a whole number from 1 to 99'],
  [['channel', 'widen', '--edge', 'e', '--model', 'm'], "required option '--percent <percent>'"],
  [['policy', 'set', '--edge', 'e', '--model', 'x'], "required option '--file <file>'"],
  [['policy', 'show', '--edge', 'e', '--model', 'A b'], "a model's name, or '*'"],
  [['demo', '--hours', '0'], 'a whole number from 1 to 24'],
];

/** Each kind of mistake once through the real process, which takes a second to start. */
test.concurrent.each(WRONG.slice(0, 4))('dandan %j exits 2 and says why', async (args, text) => {
  const { code, stdout, stderr } = await runCli(args);
  expect(stderr).toContain(text);
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test.each(WRONG)('main() of %j returns 2 and says why', async (args, text) => {
  let [stdout, stderr] = ['', ''];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout += chunk;
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += chunk;
    return true;
  });
  const code = await main(['node', 'dandan', ...args]).finally(() => {
    out.mockRestore();
    err.mockRestore();
  });
  expect(stderr).toContain(text);
  expect(code).toBe(2);
  expect(stdout).toBe('');
});

test('main() with --json says a usage error as JSON too', async () => {
  const { code, json } = await runCli(['train', '--json', '--data', 'x', '--stages', '7']);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: 'usage' } });
});

test('dandan train refuses more stages than units before it trains', async () => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph());
  const few = ['--hidden', '4', '--stages', '6', '--out', join(dir, 'out')];
  const { code, json, stderr } = await runCli(['train', '--data', dir, '--json', ...few]);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: 'option-invalid', field: '--hidden', value: 4 } });
  expect(stderr).toContain('4 units are too few for 6 stages');
});

test('dandan train exits 1 for data that is not there', async () => {
  const dir = await temporaryFolder();
  const { code, json } = await runCli(['train', '--data', join(dir, 'none'), '--json']);
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: 'data-missing' } });
});

test("options after the name of a worked case are the case's, not those of reproduce", async () => {
  const none = join(await temporaryFolder(), 'none');
  const { json } = await runCli(['reproduce', 'tep', '--data', none, '--json']);
  expect(json).toMatchObject({ error: { code: 'data-missing', field: '--data', value: none } });
});

test('dandan data check reports a sound folder and exits 0', async () => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph());
  const { code, json } = await runCli(['data', 'check', dir, '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({ ok: true, issueCount: 0 });
});

test('dandan data check names file and line of what is broken and exits 1', async () => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph());
  await writeFile(join(dir, 'edges.csv'), 'src,dst\n0,1\n0,far\n5,100000\n');
  const people = await runCli(['data', 'check', dir]);
  expect(people.code).toBe(1);
  expect(people.stdout).toContain('edges.csv:3');
  expect(people.stdout).toContain('edges.csv:4');
  const { code, json } = await runCli(['data', 'check', dir, '--json']);
  expect(code).toBe(1);
  expect(json).toMatchObject({ ok: false, issueCount: 2 });
});
