import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fileOptions } from '../config/config-option.ts';
import { optionValue } from '../config/option-value.ts';
import { loadData } from '../data/load-data.ts';
import { projectSchema } from '../history/project/index.ts';
import { choicesOf, withChoice } from '../starter/testing/commented-yaml.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { declareTrainFlags } from './commands/train-flags.ts';
import { readPolicyFile } from './read-policy-file.ts';

/** Two hours' difference, a summer time: not the zone of whoever runs this. */
const ZONE = 'America/St_Johns';

async function init(kind: 'plant' | 'graph', ...args: string[]) {
  const dir = join(await temporaryFolder(), 'My Line');
  const result = await runCli(['init', kind, dir, '--json', ...args]);
  return { dir, ...result };
}

test.each(['en', 'ja'])('dandan init plant --language %s writes a project', async (language) => {
  const { dir, code, json, stderr } = await init(
    'plant',
    ...['--language', language, '--time-zone', ZONE],
  );
  expect(code, stderr).toBe(0);
  const written = json?.written as string[];
  const there = await readdir(dir, { recursive: true });
  expect(there.filter((path) => path !== 'telemetry').sort()).toEqual(written.toSorted());
  const read = (name: string) => readFile(join(dir, name), 'utf8');
  const project = projectSchema.parse(parse(await read('plant.yaml')));
  expect(project).toMatchObject({ model: 'my-line', timeZone: ZONE });
  expect(await readPolicyFile(join(dir, 'policy.yaml'))).toMatchObject({ timeZone: ZONE });
  expect(await read('telemetry/pump-1.csv')).toMatch(
    /^time,vibration,temperature,current,flow,pressure\n2026-01-05T02:30:30-03:30,/,
  );
  expect(await read('README.md')).toContain(`npx dandan data check '${dir}'`);
  for (const name of written) expect(await read(name), name).not.toContain('{{');
});

test('dandan init plant says what to do next, for people', async () => {
  const dir = join(await temporaryFolder(), 'line');
  const { code, stdout, stderr } = await runCli(['init', 'plant', dir]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('wrote  labels.csv');
  expect(stdout).toContain(`npx dandan train --config ${dir}/train.yaml`);
});

test('the project of dandan init plant passes the check, trains, and its drawing is of use', async () => {
  const { dir, code, stderr } = await init('plant', '--time-zone', ZONE);
  expect(code, stderr).toBe(0);
  const check = await runCli(['data', 'check', dir, '--json']);
  expect(check.code, check.stdout).toBe(0);
  expect(check.json).toMatchObject({ ok: true, assets: ['pump-1', 'pump-2', 'pump-3'] });
  const train = await runCli(['train', '--config', join(dir, 'train.yaml'), '--json']);
  expect(train.code, train.stderr).toBe(0);
  // What plant.yaml says of the plant travels with its windows, outside the hash of the data.
  const { graph } = await loadData({ data: dir, seed: 1 });
  expect(graph.places).toMatchObject({ timeZone: ZONE, normal: 'normal' });
  const plant = await readFile(join(dir, 'plant.yaml'), 'utf8');
  await writeFile(join(dir, 'plant.yaml'), plant.replace('# exclusive:', 'exclusive:'));
  const stated = await loadData({ data: dir, seed: 1 });
  expect(stated.graph.places?.exclusive).toEqual([['blockage', 'leak']]);
  expect(stated.graph.sha256).toBe(graph.sha256);
  const { mlp, exit } = train.json as { mlp: number; exit: { accuracy: number } };
  expect(exit.accuracy - mlp).toBeGreaterThan(5);
  const page = await readFile(join(dir, 'out', 'report.html'), 'utf8');
  expect(page.includes(`times of ${ZONE}`)).toBe(true);
  const report = await runCli(['report', '--run', join(dir, 'out')]);
  expect(report.code, report.stderr).toBe(0);
  const withoutTimings = (html: string) => html.replaceAll(/[\d.]+ (?:ns|µs|ms)/g, '');
  const again = await readFile(join(dir, 'out', 'report.html'), 'utf8');
  expect(withoutTimings(again) === withoutTimings(page)).toBe(true);
}, 120_000);

test('dandan init graph writes a graph that passes the check and trains', async () => {
  const { dir, code, stderr } = await init('graph');
  expect(code, stderr).toBe(0);
  const check = await runCli(['data', 'check', dir, '--json']);
  expect(check.code, check.stdout).toBe(0);
  const train = await runCli(['train', '--config', join(dir, 'train.yaml'), '--json']);
  expect(train.code, train.stderr).toBe(0);
  expect(await readdir(join(dir, 'out'))).toContain('bundle.safetensors');
  const { teacher, mlp } = train.json as { teacher: number; mlp: number };
  expect(teacher - mlp, 'the graph of the example helps').toBeGreaterThan(10);
});

test.each(['plant', 'graph'] as const)(
  'train.yaml of %s holds options of train; below the line with their defaults',
  async (kind) => {
    const { dir } = await init(kind);
    const text = await readFile(join(dir, 'train.yaml'), 'utf8');
    const options = fileOptions(declareTrainFlags(new Command('train')));
    const values = (source: string): Record<string, unknown> => parse(source);
    const [above] = text.split(/^# -{20,}$/m);
    for (const [field, value] of Object.entries(values(text))) {
      const option = options.get(field);
      if (!option) throw new Error(`train.yaml has ${field}`);
      expect(optionValue({ option, value, field })).toEqual(value);
      if (!(field in values(above))) expect(value, field).toEqual(option.defaultValue);
    }
    const choices = choicesOf(text);
    expect(choices.length).toBeGreaterThan(0);
    for (const choice of choices) {
      const chosen = values(withChoice(text, choice));
      for (const [field, value] of Object.entries(chosen)) {
        const option = options.get(field);
        if (!option) throw new Error(`train.yaml has ${field}`);
        expect(optionValue({ option, value, field })).toEqual(value);
      }
      expect(Object.keys(chosen).length).toBeGreaterThan(Object.keys(values(text)).length);
    }
  },
);

test('a folder with something in it is refused, and kept as it was', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'labels.csv'), 'mine');
  const refused = await runCli(['init', 'plant', dir, '--json']);
  expect(refused.code).toBe(1);
  expect(refused.json).toMatchObject({ error: { code: 'output-unwritable' } });
  expect(await readdir(dir)).toEqual(['labels.csv']);
  const forced = await runCli(['init', 'plant', dir, '--force', '--json']);
  expect(forced.json).toMatchObject({ renamed: { 'labels.csv': 'labels.csv.1' } });
  expect(await readFile(join(dir, 'labels.csv.1'), 'utf8')).toBe('mine');
});

test.each([
  [['init', 'plant', 'plant'], './plant'],
  [['init', 'plant', 'a\nb'], 'my-line'],
  [['init', 'plant', 'x', '--time-zone', 'Osaka'], 'IANA time zone'],
  [['init', 'plant', 'x', '--language', 'de'], 'en, ja'],
  [['init', 'plant'], "missing required argument 'dir'"],
])('dandan %s is refused in words', async (args, words) => {
  const { code, stderr } = await runCli(args);
  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
