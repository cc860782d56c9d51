import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateBundle } from '../evaluate/evaluate-bundle.ts';
import type { Figures } from '../evaluate/figures.ts';
import { reportFigures } from '../report/run/report-figures.ts';
import { languagePart, plainText } from '../report/run/testing/page-text.ts';
import { readAnswers, writeAnswers } from '../run/answers/answers-file.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import { type ReportRunOptions, reportRun } from './report-run.ts';

const clusters = createClusterGraph({ perClass: 60 });
const QUICK = ['--epochs', '20', '--hidden', '8', '--stages', '2'];

/** Beside other tests a training process may take this long. */
const LONG_MS = 60_000;

/** Training takes seconds: every test reports on copies of one run. */
let home: string;
let trained: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dandan-report-'));
  trained = join(home, 'run');
  await writeGraphFolder(home, clusters);
  const args = ['--data', home, '--out', trained, '--model', 'clusters', ...QUICK];
  expect(await runCli(['train', ...args])).toMatchObject({ code: 0 });
}, LONG_MS);

afterAll(() => rm(home, { recursive: true, force: true }));

async function copyOfRun(): Promise<string> {
  const run = join(await temporaryFolder(), 'run');
  await cp(trained, run, { recursive: true });
  return run;
}

const report = (run: string, options: Partial<ReportRunOptions> = {}) =>
  reportRun({ run, signal: AbortSignal.any([]), ...options });

test('dandan report writes a page and tells the figures of the run', async () => {
  const run = await copyOfRun();
  const { code, json, stderr } = await runCli(['report', '--run', run, '--json']);
  expect(code, stderr).toBe(0);
  expect(json).toMatchObject({
    report: join(run, 'report.html'),
    nodes: clusters.split.test.length,
  });
  const html = await readFile(join(run, 'report.html'), 'utf8');
  expect(html.includes('<html lang="en">')).toBe(true);
  expect(html.includes('Report of the model clusters')).toBe(true);
  expect(html.includes('モデル clusters の報告書')).toBe(true);
});

test('reportRun() finds the figures that train wrote and evaluate measures', async () => {
  const run = await copyOfRun();
  const { facts, out } = await report(run);
  const told = reportFigures(facts);
  const figures: Figures = JSON.parse(await readFile(join(run, 'figures.json'), 'utf8'));
  const { teacher, mlp, glnn, cascade } = told.models;
  expect([teacher, mlp, glnn, cascade].map(({ accuracy }) => accuracy)).toEqual([
    figures.teacher,
    figures.mlp,
    figures.glnn,
    figures.exit.accuracy,
  ]);
  expect(told.bundle).toBe(figures.bundle);
  expect(told.macsShare).toBeCloseTo(figures.exit.macsShare, 12);
  expect(told.disagreement).toBeCloseTo(figures.exit.disagreement, 12);
  const bundle = await readBundle(new Uint8Array(await readFile(join(run, 'bundle.safetensors'))));
  const { labels } = facts.graph;
  const nodes = facts.split.test;
  const { exitClasses } = evaluateBundle(bundle, facts.graph, nodes);
  const counts = [0, 1, 2].map((truth) =>
    [0, 1, 2].map(
      (answer) =>
        nodes.filter((node, i) => labels[node] === truth && exitClasses[i] === answer).length,
    ),
  );
  expect(told.confusion).toEqual(counts);
  expect(told.incidents).toEqual({ judged: false, reason: 'no-times' });
  expect(facts.times?.stages).toHaveLength(2);
  for (const time of facts.times?.stages ?? []) expect(time).toBeGreaterThan(0);
  const english = plainText(languagePart(await readFile(out, 'utf8'), 'en'));
  expect(english.includes(`right answers ${figures.exit.accuracy.toFixed(1)} %`)).toBe(true);
});

test('reportRun() shows the language asked for first and writes where it is told', async () => {
  const run = await copyOfRun();
  const out = join(run, 'deep', 'seite.html');
  await report(run, { out, language: 'ja', licence: 'CC <BY> 4.0' });
  const html = await readFile(out, 'utf8');
  expect(html.includes('<html lang="ja">')).toBe(true);
  expect(html.includes('id="show-ja" checked')).toBe(true);
  expect(html.includes('<dd>CC &lt;BY&gt; 4.0</dd>')).toBe(true);
  expect(await readdir(run)).not.toContain('report.html');
});

test('reportRun() says what to do where a run is missing, older, or one of several', async () => {
  const empty = await temporaryFolder();
  await expect(report(empty)).rejects.toMatchObject({
    code: 'data-missing',
    field: '--run',
    allowed: 'the folder that train --out wrote',
  });
  await cp(trained, join(empty, 'seed-1'), { recursive: true });
  await expect(report(empty)).rejects.toMatchObject({
    allowed: expect.stringContaining(join(empty, 'seed-1')),
  });
  const old = await copyOfRun();
  await rm(join(old, 'answers.safetensors'));
  await expect(report(old)).rejects.toMatchObject({
    code: 'data-missing',
    message: expect.stringContaining('No answers.safetensors'),
    allowed: expect.stringContaining('run it again'),
  });
  await expect(report(await copyOfRun(), { normal: 'healthy' })).rejects.toMatchObject({
    code: 'option-invalid',
    field: '--normal',
    allowed: '0, 1, 2',
  });
});

test('reportRun() refuses files that are not of one run', async () => {
  const mixed = await copyOfRun();
  const path = join(mixed, 'answers.safetensors');
  const kept = readAnswers(new Uint8Array(await readFile(path)));
  const bundle = 'ab'.repeat(32);
  await writeFile(path, writeAnswers({ ...kept, origin: { ...kept.origin, bundle } }));
  await expect(report(mixed)).rejects.toMatchObject({
    code: 'data-invalid',
    field: 'answers.safetensors',
    value: bundle,
  });
  const { teacher } = kept.answers;
  const classes = teacher.classes.map(() => 7);
  const answers = { ...kept.answers, teacher: { ...teacher, classes } };
  await writeFile(path, writeAnswers({ ...kept, answers }));
  await expect(report(mixed)).rejects.toMatchObject({ field: 'teacher.classes', value: 7 });
  const broken = await copyOfRun();
  const bytes = await readFile(join(broken, 'bundle.safetensors'));
  bytes[bytes.length - 1] ^= 1;
  await writeFile(join(broken, 'bundle.safetensors'), bytes);
  await expect(report(broken)).rejects.toMatchObject({ name: 'InputError' });
});

test('reportRun() refuses data that changed since', async () => {
  const data = await temporaryFolder();
  await writeGraphFolder(data, clusters);
  const [features, labels] = [join(data, 'features.csv'), join(data, 'labels.csv')];
  const run = await copyOfRun();
  const split = await readFile(labels, 'utf8');
  await writeFile(labels, split.replace(',test\n', ',none\n'));
  await expect(report(run, { data })).rejects.toMatchObject({
    code: 'data-invalid',
    message: expect.stringContaining('other test nodes'),
  });
  await writeFile(labels, split);
  const rows = await readFile(features, 'utf8');
  await writeFile(features, rows.replace(/ \d+\n/, '\n'));
  await expect(report(run, { data })).rejects.toMatchObject({
    code: 'data-invalid',
    field: '--data',
    message: expect.stringContaining('not the data of the run'),
  });
});

test(
  'dandan train on the embedded plant writes its report, with faults in time',
  async () => {
    const out = await temporaryFolder();
    const args = ['train', '--data', 'plant', '--out', out, '--setting', 'ind', ...QUICK];
    const { code, stdout } = await runCli(args);
    expect(code).toBe(0);
    expect(stdout).toContain(join(out, 'report.html'));
    const html = await readFile(join(out, 'report.html'), 'utf8');
    const text = plainText(languagePart(html, 'en'));
    expect(text).toMatch(/faults noticed \d+ of \d+/);
    expect(text).toMatch(/false alarms in [\d.]+ asset-days/);
    expect(text.includes('test windows of 24 assets')).toBe(true);
  },
  LONG_MS,
);
