import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { declareTrainFlags } from '../cli/commands/train-flags.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { declareConfigOption } from './config-option.ts';

/** Parses a command line of `train` with `content` as `--config`; `before` and `after` surround it. */
async function parse(
  content: unknown,
  {
    before = [],
    after = [],
    name = 'config.json',
  }: { before?: string[]; after?: string[]; name?: string | undefined } = {},
) {
  const folder = join(await temporaryFolder(), 'deep');
  await mkdir(folder);
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const command = declareTrainFlags(declareConfigOption(new Command('train')));
  command.exitOverride().configureOutput({ writeErr() {} });
  command.parse([...before, '--config', file, ...after], { from: 'user' });
  return { folder, file, flags: command.opts(), command };
}

async function refusal(content: unknown, name?: string): Promise<InputError> {
  const error = await parse(content, { name }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ code: 'config-invalid' });
  return error as InputError;
}

const DATA = ['--data', 'plant'];

test('--config sets options, and what it leaves out keeps its default', async () => {
  const { flags, command } = await parse({
    data: 'plant',
    learningRate: 0.05,
    structure: 'paper',
    hidden: 128,
  });
  expect(flags).toMatchObject({ data: 'plant', learningRate: 0.05, structure: 'paper' });
  expect(flags).toMatchObject({ hidden: 128, dropout: 0.3, stages: 4 });
  expect(command.getOptionValueSource('hidden')).toBe('config');
  expect(command.getOptionValueSource('dropout')).toBe('default');
});

test('--config is overridden by flags before and after it', async () => {
  const content = { data: 'plant', learningRate: 0.05, hidden: 128, dropout: 0.6 };
  const { flags } = await parse(content, {
    before: ['--learning-rate', '0.002'],
    after: ['--hidden', '32'],
  });
  expect(flags).toMatchObject({ learningRate: 0.002, hidden: 32, dropout: 0.6 });
});

test('--config reads places from its own folder, and plant as the embedded plant', async () => {
  const { flags, folder } = await parse({ data: '../graph', out: 'run' });
  expect(flags).toMatchObject({ data: join(folder, '../graph'), out: join(folder, 'run') });
  expect((await parse({ data: 'plant' })).flags.data).toBe('plant');
});

test.each<[string, unknown, string, string]>([
  ['an unknown key', { data: 'plant', learningrate: 0.1 }, 'learningrate', 'one of learningRate'],
  ['a flag in kebab case', { 'learning-rate': 0.1 }, 'learning-rate', 'one of learningRate'],
  ['an option about the run', { json: true }, 'json', 'one of '],
  ['itself', { config: 'x' }, 'config', 'one of '],
  ['a number out of range', { dropout: 1.5 }, 'dropout', 'from 0 to 0.95'],
  ['a number as text', { dropout: '0.5' }, 'dropout', 'a number, not a string'],
  ['a part of a unit', { hidden: 16.5 }, 'hidden', 'a whole number'],
  ['no choice', { structure: 'round' }, 'structure', 'paper, incremental'],
  ['null', { hidden: null }, 'hidden', '--hidden'],
  ['an object', { hidden: { units: 4 } }, 'hidden', '--hidden'],
  ['nothing', { data: '' }, 'data', '--data'],
])('--config refuses %s by name', async (_, content, key, allowed) => {
  const error = await refusal(content);
  expect(error.field).toMatch(new RegExp(`config\\.json: ${key}$`));
  expect(error.allowed).toContain(allowed);
});

test.each([
  ['[]', 'one JSON object'],
  ['null', 'one JSON object'],
  ['{ "hidden": 64, }', 'line 1 column'],
  ['', 'not JSON'],
  [`"${'x'.repeat(1024 * 1024)}"`, 'too large'],
])('--config refuses a file that is no JSON object: %#', async (content, text) => {
  const error = await refusal(content);
  expect(`${error.message} ${error.allowed}`).toContain(text);
});

test.each(['.yaml', '.yml', '.YAML'])(
  '--config reads YAML with comments from %s',
  async (ending) => {
    const text =
      '# Of the second line.\ndata: plant # the embedded one\nlearningRate: 0.05\nwidths: [8, 16]\n';
    const { flags } = await parse(text, { name: `train${ending}` });
    expect(flags).toMatchObject({ data: 'plant', learningRate: 0.05, widths: [8, 16] });
  },
);

test.each([
  ['hidden: 64\n  dropout: 0.1', 'line 1, column'],
  ['- hidden', 'is no object'],
  ['', 'is no object'],
  ['a: &a [1]\nb: *a', 'Alias'],
])('--config refuses YAML that is no map of options: %#', async (content, text) => {
  const error = await refusal(content, 'train.yaml');
  expect(`${error.message} ${error.allowed}`).toContain(text);
});

test('--config names a file that is not there', () => {
  const command = declareTrainFlags(declareConfigOption(new Command('train')));
  const act = () => command.parse([...DATA, '--config', '/nowhere/c.json'], { from: 'user' });
  expect(act).toThrowError(expect.objectContaining({ code: 'config-invalid', value: 'ENOENT' }));
});
