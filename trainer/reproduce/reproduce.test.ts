import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alive } from '../testing/alive.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { poll } from '../testing/poll.ts';
import { type CliOptions, runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import { readResultFile } from './result-file.ts';

/** Two small graphs in sub-folders, and where a table of them goes. */
async function setUp() {
  const root = await temporaryFolder();
  for (const [seed, name] of [
    [1, 'ash'],
    [2, 'birch'],
  ] as const) {
    await mkdir(join(root, 'data', name), { recursive: true });
    await writeGraphFolder(join(root, 'data', name), createClusterGraph({ seed, perClass: 70 }));
  }
  const out = join(root, 'results');
  const work = join(root, 'work');
  return { out, work, args: ['--data', join(root, 'data'), '--work', work, '--out', out] };
}

const SMALL = ['--setting', 'tran', '--teachers', 'gcn', '--workers', '2', '--json'];
/** The quickest methods, where a test is not about what they answer. */
const QUICK = ['--methods', 'mlp,glnn'];

const run = (args: readonly string[], options?: CliOptions) =>
  runCli(['reproduce', 'table2', ...SMALL, ...QUICK, ...args], options);

/** What two runs of the same cells have in common: all but times. */
async function cellsOf(out: string) {
  const dir = join(out, 'table2');
  const files = await Promise.all(
    (await readdir(dir))
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => readResultFile(join(dir, name))),
  );
  return files.map((file) => ({
    set: file?.header.set,
    cells: file?.entries.map(({ column, record: { options, result } }) => {
      const { seconds: _, ...rest } = result;
      return { column, options, ...rest };
    }),
  }));
}

const finishedCells = (stderr: string) => stderr.match(/^✓/gm)?.length ?? 0;

test('dandan reproduce fills a table once and finds it full the second time', async () => {
  const { args, out } = await setUp();
  const wanted = [...args, '--methods', 'mlp,progmlp-incremental'];
  const first = await run([...wanted, '--seeds', '2']);
  expect(first.stderr).toContain('12 cells\n');
  expect(first.code).toBe(0);
  expect(first.json).toMatchObject({ table: 'table2', failed: [] });
  expect(finishedCells(first.stderr)).toBe(12);
  const names = (await readdir(join(out, 'table2'))).filter((name) => name.endsWith('.jsonl'));
  expect(names).toEqual(['ash.gcn.tran.jsonl', 'birch.gcn.tran.jsonl']);
  const [ash] = await cellsOf(out);
  expect(ash.cells?.map(({ column }) => column)).toEqual(
    ['mlp', 'progmlp-incremental', 'teacher'].flatMap((name) => [name, name]),
  );
  for (const cell of ash.cells ?? []) {
    expect(cell.accuracy).toBeGreaterThan(40);
    expect(cell.accuracy).toBeLessThanOrEqual(100);
  }
  const staircase = ash.cells?.[2];
  expect(staircase?.stages).toHaveLength(4);
  expect(staircase?.curve.at(-1)?.accuracy).toBe(staircase?.accuracy);
  // 70 nodes a class, of which 20 train and 30 validate: 60 test nodes in all.
  expect(staircase?.breakdown?.confusion.flat().reduce((a, b) => a + b)).toBe(60);

  const text = await readFile(join(out, 'table2', names[0]), 'utf8');
  const second = await run([...wanted, '--seeds', '2']);
  expect(second.code).toBe(0);
  expect(second.stderr).toContain('12 of them are done already');
  expect(finishedCells(second.stderr)).toBe(0);
  expect(await readFile(join(out, 'table2', names[0]), 'utf8')).toBe(text);

  const more = await run([...args, '--seeds', '3', '--sets', 'ash']);
  expect(finishedCells(more.stderr), 'seed 3 of mlp and teacher, and GLNN').toBe(5);
  const [widened] = await cellsOf(out);
  expect(widened.cells?.filter(({ column }) => column.startsWith('progmlp'))).toHaveLength(2);
}, 120_000);

/** Acts on the command as soon as some of its cells are done. */
const after =
  (cells: number, act: (pid: number) => void): NonNullable<CliOptions['onStart']> =>
  async (child, stderr) => {
    await poll('the first cells', () => finishedCells(stderr()) >= cells, 60_000);
    act(child.pid as number);
  };

/** Processes that `pid` has started. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

test('dandan reproduce stopped by Ctrl-C or killed goes on to the same table', async () => {
  const [whole, broken] = [await setUp(), await setUp()];
  const seeds = ['--seeds', '2'];
  await run([...whole.args, ...seeds]);

  const stopped = await run([...broken.args, ...seeds], {
    onStart: after(2, (pid) => process.kill(pid, 'SIGINT')),
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('run the same command to go on');
  expect(stopped.json).toMatchObject({ error: { code: 'interrupted' } });
  expect(existsSync(join(broken.out, 'table2'))).toBe(true);

  let workers: number[] = [];
  const killed = await run([...broken.args, ...seeds], {
    onStart: after(2, (pid) => {
      if (process.platform === 'linux') workers = childrenOf(pid);
      process.kill(pid, 'SIGKILL');
    }),
  });
  expect(killed.code).toBeNull();
  await poll('the end of the workers', () => !workers.some(alive));

  const resumed = await run([...broken.args, ...seeds]);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/12 cells, [4-9] of them are done already/);
  expect(await cellsOf(broken.out)).toEqual(await cellsOf(whole.out));
}, 180_000);

test('dandan reproduce goes on when a worker dies, and names the cell that is lost', async ({
  skip,
}) => {
  if (process.platform !== 'linux') skip('children are found in /proc');
  const { args, out } = await setUp();
  const one = [...args, '--sets', 'ash', '--workers', '1'];
  const { code, json, stderr } = await run([...one, '--seeds', '2'], {
    onStart: after(1, (pid) => process.kill(childrenOf(pid)[0], 'SIGKILL')),
  });
  expect(code).toBe(1);
  expect(stderr).toContain('A worker process ended (SIGKILL)');
  expect(json).toMatchObject({ failed: [{ set: 'ash', code: 'worker-ended' }] });
  expect((await cellsOf(out))[0].cells).toHaveLength(5);
  const again = await run([...one, '--seeds', '2']);
  expect(again.code).toBe(0);
  expect(finishedCells(again.stderr)).toBe(1);
}, 120_000);

test('dandan reproduce --fresh computes again what is there', async () => {
  const { args } = await setUp();
  const once = [...args, '--sets', 'birch', '--seeds', '4,5'];
  await run(once);
  const again = await run([...once, '--fresh']);
  expect(again.stderr).toContain('6 cells\n');
  expect(finishedCells(again.stderr)).toBe(6);
}, 120_000);
