import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import type { Figures } from '../evaluate/figures.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { poll } from '../testing/poll.ts';
import { type CliOptions, runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';

const data = createClusterGraph({ perClass: 60 });

/** A folder with a graph, and where its run goes. */
async function setUp() {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, data);
  return { dir, out: join(dir, 'out'), bundle: join(dir, 'out', 'bundle.safetensors') };
}

const QUICK = ['--json', '--epochs', '20', '--hidden', '8', '--stages', '2', '--model', 'clusters'];

/** What a run leaves in its folder. */
const LEFT = ['answers.safetensors', 'bundle.safetensors', 'figures.json'];

const NUMBER = expect.any(Number);
const TEXT = expect.any(String);

/** The keys that scripts may rely on, and no accuracy that is not a percentage. */
const FIGURES = {
  model: 'clusters',
  bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
  data: TEXT,
  setting: 'tran',
  split: 'public',
  seed: 1,
  seconds: NUMBER,
  teacher: NUMBER,
  mlp: NUMBER,
  glnn: NUMBER,
  stages: [1, 2].map((stage) => ({
    stage,
    accuracy: NUMBER,
    validation: NUMBER,
    macs: NUMBER,
    share: NUMBER,
  })),
  output: NUMBER,
  exit: { accuracy: NUMBER, macsShare: NUMBER, disagreement: NUMBER },
  batchExit: { threshold: 0.9, stage: NUMBER, accuracy: NUMBER, macsShare: NUMBER },
  quantised: { agreement: NUMBER, drop: NUMBER },
  classShares: {
    assumed: 'labelled',
    labelled: { 0: NUMBER, 1: NUMBER, 2: NUMBER },
    estimated: { 0: NUMBER, 1: NUMBER, 2: NUMBER },
  },
};

test('dandan train writes a bundle and figures, and evaluate measures the same', async () => {
  const { dir, out, bundle } = await setUp();
  const trained = await runCli(['train', '--data', dir, '--out', out, ...QUICK]);
  expect(trained.stderr).toContain('GCN teacher');
  expect(trained.code).toBe(0);
  expect(trained.json).toEqual(FIGURES);
  expect(await readdir(out)).toEqual(LEFT);
  expect(JSON.parse(await readFile(join(out, 'figures.json'), 'utf8'))).toEqual(trained.json);

  const csv = join(dir, 'predictions.csv');
  const args = ['--bundle', bundle, '--data', dir, '--predictions', csv];
  const evaluated = await runCli(['evaluate', '--json', ...args]);
  expect(evaluated.code).toBe(0);
  const { seconds: _, ...figures } = trained.json as unknown as Figures;
  expect(evaluated.json).toEqual({ ...figures, seconds: NUMBER });
  expect(evaluated.stderr).not.toContain('note: other data');
  const { split } = figures;
  const other = ['--split', split === 'public' ? 'random' : 'public'];
  const elsewhere = await runCli(['evaluate', '--json', ...args.slice(0, 4), ...other]);
  expect(elsewhere.code).toBe(0);
  expect(elsewhere.stderr).toContain('note: other data or another split than in training');
  const [header, ...rows] = (await readFile(csv, 'utf8')).trim().split('\n');
  expect(header).toBe('node,class,stage,label,confidence');
  expect(rows).toHaveLength(data.split.test.length);
  const right = rows.filter((row) => {
    const [node, answer] = row.split(',').map(Number);
    return answer === data.graph.labels[node];
  });
  const share = (100 * right.length) / rows.length;
  expect((evaluated.json as unknown as Figures).exit.accuracy).toBeCloseTo(share, 1);
});

test('dandan evaluate gives students the neighbours and positions that they were trained with', async () => {
  const { dir, out, bundle } = await setUp();
  const inputs = ['--setting', 'ind', '--propagation', '1', '--positions', '4'];
  const trained = await runCli(['train', '--data', dir, '--out', out, ...QUICK, ...inputs]);
  expect(trained.code).toBe(0);
  const evaluated = await runCli(['evaluate', '--json', '--bundle', bundle, '--data', dir]);
  const { seconds: _, ...figures } = trained.json as unknown as Figures;
  expect(evaluated.json).toEqual({ ...figures, seconds: NUMBER });
  const { manifest } = await readBundle(new Uint8Array(await readFile(bundle)));
  const { width } = data.graph.features.rows;
  expect(manifest.features).toEqual({
    kind: 'table',
    columns: width + (data.graph.features.kind === 'sparse' ? 8 : 4),
    propagation: 1,
    positions: 4,
  });
});

test('dandan train does not promise a gateway rows that it cannot build', async () => {
  const { out } = await setUp();
  const args = ['--data', 'plant', '--out', out, '--positions', '2'];
  const { code, stderr } = await runCli(['train', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain('--positions');
  expect(stderr).toContain('0 for telemetry');
});

test('dandan train --seeds gives every seed, mean and deviation', async () => {
  const { dir, out } = await setUp();
  const args = ['--data', dir, '--out', out, '--seeds', '2', '--seed', '5', '--setting', 'ind'];
  const { code, json } = await runCli(['train', ...args, ...QUICK]);
  expect(code).toBe(0);
  const seeds = json?.seeds as Figures[];
  expect(seeds.map(({ seed }) => seed)).toEqual([5, 6]);
  expect(seeds.every(({ setting }) => setting === 'ind')).toBe(true);
  const { mean, std } = json as { mean: Figures; std: Figures };
  const [a, b] = seeds.map(({ teacher }) => teacher);
  expect(mean.teacher).toBeCloseTo((a + b) / 2, 3);
  expect(std.teacher).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 3);
  expect((await readdir(out)).sort()).toEqual(['seed-5', 'seed-6']);
});

test('dandan train without --json prints a table for people', async () => {
  const { dir, out } = await setUp();
  const people = QUICK.filter((flag) => flag !== '--json');
  const { code, stdout } = await runCli(['train', '--data', dir, '--out', out, ...people]);
  expect(code).toBe(0);
  for (const words of ['teacher', 'plain MLP', 'GLNN', 'stage 2', 'Not certifiable with n = 54']) {
    expect(stdout).toContain(words);
  }
});

/** Sends Ctrl-C as soon as the teacher is trained. */
const interruptAfterTeacher: NonNullable<CliOptions['onStart']> = async (child, stderr) => {
  await poll('the teacher', () => stderr().includes('✓ GCN teacher'));
  child.kill('SIGINT');
};

test('dandan train stopped by Ctrl-C keeps its finished steps and goes on to the same bytes', async () => {
  const { dir, out, bundle } = await setUp();
  // Long enough that the signal meets it in training: every student runs all its epochs.
  const long = ['--epochs', '500', '--patience', '500', '--stages', '2', '--hidden', '8'];
  const args = ['train', '--json', '--data', dir, ...long];
  const env = { SOURCE_DATE_EPOCH: '1767225600' };
  const checkpoint = join(out, 'checkpoint');
  const stopped = await runCli([...args, '--out', out], { env, onStart: interruptAfterTeacher });
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toContain('run the same command to go on');
  expect(stopped.json).toMatchObject({ error: { code: 'interrupted' } });
  expect(await readdir(out), 'no bundle and no half of one').toEqual(['checkpoint']);
  const kept = await readdir(checkpoint);
  expect(kept).toContain('teacher.safetensors');
  expect(kept.filter((name) => !name.endsWith('.safetensors'))).toEqual([]);
  const other = join(dir, 'fresh');
  await cp(checkpoint, join(other, 'checkpoint'), { recursive: true });

  const [resumed, fresh] = await Promise.all([
    runCli([...args, '--out', out], { env }),
    runCli([...args, '--out', other, '--fresh'], { env }),
  ]);
  expect(resumed.code).toBe(0);
  expect(resumed.stderr).toMatch(/GCN teacher.*restored from the checkpoint/);
  expect(await readdir(out)).toEqual(LEFT);
  expect(fresh.stderr).not.toContain('restored');
  const bytes = await readFile(bundle);
  expect(bytes.equals(await readFile(join(other, 'bundle.safetensors')))).toBe(true);
}, 60_000);

test('dandan train does not go on from steps of another split of the same graph', async () => {
  const { dir, out } = await setUp();
  const long = ['--epochs', '100000', '--patience', '100000', '--stages', '2'];
  const args = ['train', '--data', dir, '--out', out, ...long];
  const first = await runCli(args, { onStart: interruptAfterTeacher });
  expect(first.code).toBe(130);
  const labels = await readFile(join(dir, 'labels.csv'), 'utf8');
  await writeFile(join(dir, 'labels.csv'), labels.replace(/,train\n/, ',none\n'));
  const second = await runCli(args, { onStart: interruptAfterTeacher });
  expect(second.code).toBe(130);
  expect(second.stderr).toContain('GCN teacher');
  expect(second.stderr).not.toContain('restored');
}, 60_000);

test('dandan train says so when it cannot write its output', async () => {
  const { dir } = await setUp();
  await writeFile(join(dir, 'file'), '');
  const args = ['train', '--data', dir, '--out', join(dir, 'file'), ...QUICK];
  const { code, json } = await runCli(args);
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: 'output-unwritable', value: 'ENOTDIR' } });
});

test('dandan evaluate refuses what is no bundle of a training run, with a stable code', async () => {
  const { dir } = await setUp();
  const { bytes } = await createTestBundle({ width: 24, sparse: true });
  const flipped = bytes.slice();
  flipped[flipped.length - 1] ^= 1;
  const cases: [string, Uint8Array | string, string][] = [
    ['garbage', 'this is no bundle at all', 'bundle-'],
    ['empty', '', 'bundle-truncated'],
    ['truncated', bytes.subarray(0, bytes.length - 100), 'bundle-truncated'],
    ['flipped', flipped, 'bundle-hash-mismatch'],
    ['foreign', bytes, 'bundle-manifest-invalid'],
  ];
  await Promise.all(
    cases.map(async ([name, content, expected]) => {
      const file = join(dir, `${name}.safetensors`);
      await writeFile(file, content);
      const { code, json } = await runCli(['evaluate', '--json', '--bundle', file, '--data', dir]);
      const { error } = json as { error: { code: string } };
      expect(error.code, name).toMatch(new RegExp(`^${expected}`));
      expect(code, name).toBe(1);
    }),
  );
  const missing = ['evaluate', '--json', '--bundle', join(dir, 'none'), '--data', dir];
  expect(await runCli(missing)).toMatchObject({
    code: 1,
    json: { error: { code: 'data-missing' } },
  });
});
