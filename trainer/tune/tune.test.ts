import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alive } from '../testing/alive.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { poll } from '../testing/poll.ts';
import { type CliOptions, runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import type { TuneFigures } from './tune-files.ts';

async function setUp() {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph({ perClass: 60 }));
  return dir;
}

/** Short training, and a space whose points differ in how well they do. */
const QUICK = ['--trials', '9', '--workers', '2', '--epochs', '12', '--teacher-epochs', '15'];

const tune = (dir: string, out: string, args: readonly string[] = QUICK, options?: CliOptions) =>
  runCli(['tune', '--json', '--data', dir, '--out', join(dir, out), ...args], options);

const lines = async (file: string) => (await readFile(file, 'utf8')).trim().split('\n');

/** What must not depend on interruptions: everything but the time it took and the places. */
function outcome(json: unknown) {
  const { seconds: _, config: __, report: ___, ...rest } = json as TuneFigures;
  return rest;
}

/** Evaluations of a journal in an order of their own, without the time they took. */
async function evaluations(file: string) {
  const [, ...rest] = await lines(file);
  return rest
    .map((line) => JSON.parse(line))
    .map(({ seconds: _, ...kept }) => JSON.stringify(kept))
    .sort();
}

test('dandan tune writes a configuration that train accepts, and figures with stable keys', async () => {
  const dir = await setUp();
  const { code, json, stderr } = await tune(dir, 'out');
  expect(code, stderr).toBe(0);
  const figures = json as unknown as TuneFigures;
  const config = join(dir, 'out', 'config.json');
  const trial = {
    trial: expect.any(Number),
    validation: expect.any(Number),
    loss: expect.any(Number),
    stages: expect.any(Number),
  };
  expect(figures).toEqual({
    best: { ...trial, parameters: expect.any(Object) },
    untuned: {
      ...trial,
      trial: 0,
      parameters: {
        learningRate: 0.01,
        hidden: 64,
        weightDecay: 0.00005,
        dropout: 0.3,
        teacherDepth: 2,
        stages: 4,
      },
    },
    trials: 9,
    pruned: expect.any(Number),
    failed: 0,
    seconds: expect.any(Number),
    config,
    report: join(dir, 'out', 'search.html'),
  });
  expect(figures.best.validation).toBeGreaterThanOrEqual(figures.untuned?.validation ?? 100);
  // 9, then 3, then 1, and the run without tuning beside them.
  expect(9 - figures.pruned).toBeLessThanOrEqual(2);
  expect((await readdir(join(dir, 'out'))).sort()).toEqual([
    'config.json',
    'journal.jsonl',
    'search.html',
  ]);
  expect(JSON.parse(await readFile(config, 'utf8'))).toMatchObject({
    data: '..',
    ...figures.best.parameters,
    epochs: 12,
    teacherEpochs: 15,
    split: 'public',
    seed: 1,
  });
  const trained = await runCli(['train', '--json', '--config', config, '--out', join(dir, 'run')]);
  expect(trained.code, trained.stderr).toBe(0);
  expect(trained.json?.stages).toHaveLength(figures.best.stages);
}, 60_000);

test('dandan tune killed half-way goes on to the best trial of an unbroken search', async () => {
  const dir = await setUp();
  const journal = (out: string) => join(dir, out, 'journal.jsonl');
  const unbroken = await tune(dir, 'whole');
  expect(unbroken.code, unbroken.stderr).toBe(0);

  const half = Math.floor((await lines(journal('whole'))).length / 2);
  const workers: number[] = [];
  const killed = await tune(dir, 'broken', QUICK, {
    onStart: async (child, stderr) => {
      await poll('half of the search', async () => {
        const known = await lines(journal('broken')).catch(() => []);
        return known.length >= half || stderr().includes('dandan train');
      });
      const task = `/proc/${child.pid}/task/${child.pid}/children`;
      const started = await readFile(task, 'utf8').catch(() => '');
      workers.push(...started.split(' ').filter(Boolean).map(Number));
      child.kill('SIGKILL');
    },
  });
  expect(killed.code).toBeNull();
  expect(killed.json).toBeUndefined();
  const known = await lines(journal('broken'));
  expect(known.length).toBeGreaterThanOrEqual(half);
  expect(known.length).toBeLessThan((await lines(journal('whole'))).length);
  await poll('the end of the workers', () => !workers.some(alive));
  // As if the kill had met the write.
  await writeFile(journal('broken'), `${known.join('\n')}\n{"state":"scored","tri`);

  const resumed = await tune(dir, 'broken', [...QUICK, '--workers', '1']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain(`${known.length - 1} evaluations are known from before`);
  expect(outcome(resumed.json)).toEqual(outcome(unbroken.json));
  expect(await evaluations(journal('broken'))).toEqual(await evaluations(journal('whole')));
  const config = (out: string) => readFile(join(dir, out, 'config.json'), 'utf8');
  expect(await config('broken')).toBe(await config('whole'));

  const again = await tune(dir, 'broken');
  expect(outcome(again.json)).toEqual(outcome(unbroken.json));
  expect(again.stderr).not.toContain('✓');
}, 120_000);

test('dandan tune stopped by Ctrl-C exits 130 and says how to go on', async () => {
  const dir = await setUp();
  const long = ['--trials', '6', '--workers', '2', '--epochs', '100000', '--patience', '100000'];
  const stopped = await tune(dir, 'out', long, {
    onStart: async (child, stderr) => {
      await poll('the first rung', () => stderr().includes('[1/3] 6 trials'));
      child.kill('SIGINT');
    },
  });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('run the same command to go on');
  expect(stopped.json).toMatchObject({ error: { code: 'interrupted' } });
}, 60_000);

test('dandan tune searches no option that is given, and nothing but options of train', async () => {
  const dir = await setUp();
  const space = join(dir, 'space.json');
  await writeFile(space, JSON.stringify({ dropout: [0.1, 0.5], hidden: [8, 16] }));
  const given = ['--space', space, '--hidden', '12', '--stages', '2', ...QUICK];
  const { code, json, stderr } = await tune(dir, 'out', given);
  expect(code, stderr).toBe(0);
  // Dropout 0.3 is the run without tuning; the space adds two points.
  expect(stderr).toContain('the space holds no more than 3 different trials');
  const { best, trials } = json as unknown as TuneFigures;
  expect(trials).toBe(3);
  expect(best.parameters).not.toHaveProperty('hidden');
  const config = JSON.parse(await readFile(join(dir, 'out', 'config.json'), 'utf8'));
  expect(config).toMatchObject({ hidden: 12, stages: 2 });
}, 60_000);

test.each<[string, unknown, string, string]>([
  ['an option that is none', { droput: [0.1, 0.2] }, 'config-invalid', 'droput'],
  ['what trials must agree on', { seed: [1, 2] }, 'config-invalid', 'seed'],
  ['a value that train refuses', { dropout: [0.1, 1.5] }, 'config-invalid', 'dropout'],
  [
    'an end that train refuses',
    { hidden: { minimum: 1, maximum: 9, whole: true } },
    'config-invalid',
    'hidden',
  ],
])('dandan tune refuses a space with %s by name', async (_, content, code, name) => {
  const dir = await setUp();
  const space = join(dir, 'space.json');
  await writeFile(space, JSON.stringify(content));
  const refused = await tune(dir, 'out', ['--space', space]);
  expect(refused.code).toBe(2);
  expect(refused.json).toMatchObject({ error: { code, field: expect.stringContaining(name) } });
});

test('dandan tune counts a trial that fails and goes on; another command on its folder is refused', async () => {
  const dir = await setUp();
  const space = join(dir, 'space.json');
  await writeFile(space, JSON.stringify({ teacherLearningRate: [0.02, 1000] }));
  // Sixteen graph layers multiply a rate of 1000 beyond float32.
  const deep = ['--teacher-depth', '16', '--stages', '2', '--epochs', '12'];
  const some = ['--space', space, '--trials', '3', ...deep];
  const { code, json, stderr } = await tune(dir, 'out', some);
  expect(code, stderr).toBe(0);
  const { failed, best } = json as unknown as TuneFigures;
  expect(failed).toBe(1);
  expect(stderr).toContain('training-diverged');
  expect(best.parameters).not.toMatchObject({ teacherLearningRate: 1000 });

  const other = await tune(dir, 'out', [...some, '--dropout', '0.5']);
  expect(other.code).toBe(2);
  expect(other.json).toMatchObject({ error: { code: 'option-invalid' } });
  const fresh = await tune(dir, 'out', [...some, '--dropout', '0.5', '--fresh']);
  expect(fresh.code, fresh.stderr).toBe(0);
}, 60_000);
