import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { Evaluation } from './evaluation.ts';
import { openJournal } from './journal.ts';

const SCORED: Evaluation = {
  state: 'scored',
  trial: 3,
  stages: 2,
  accuracy: 0.8125,
  loss: 0.123456789012345,
  seconds: 1.5,
};
const FAILED: Evaluation = {
  state: 'failed',
  trial: 4,
  stages: 1,
  code: 'training-diverged',
  message: 'the loss is\nNaN',
  seconds: 0.25,
};

async function written(...evaluations: Evaluation[]): Promise<string> {
  const file = join(await temporaryFolder(), 'deep', 'journal.jsonl');
  await using journal = await openJournal({ file, key: 'k' });
  for (const evaluation of evaluations) await journal.append(evaluation);
  return file;
}

async function read(file: string, key = 'k', fresh = false): Promise<readonly Evaluation[]> {
  await using journal = await openJournal({ file, key, fresh });
  return journal.evaluations;
}

test('openJournal() finds again what was appended, exactly and in order', async () => {
  const file = await written(SCORED, FAILED);
  expect(await read(file)).toEqual([SCORED, FAILED]);
});

test('append() has the line in the file when it resolves', async () => {
  const file = join(await temporaryFolder(), 'journal.jsonl');
  await using journal = await openJournal({ file, key: 'k' });
  await journal.append(SCORED);
  expect(JSON.parse((await readFile(file, 'utf8')).trim().split('\n')[1])).toEqual(SCORED);
});

test('openJournal() cuts off a torn last line at every byte and goes on behind the good ones', async () => {
  const file = await written(SCORED);
  const good = await readFile(file, 'utf8');
  const next = `${JSON.stringify(FAILED)}\n`;
  for (let torn = 0; torn < next.length; torn += 7) {
    await writeFile(file, good + next.slice(0, torn));
    {
      await using journal = await openJournal({ file, key: 'k' });
      expect(journal.evaluations).toEqual([SCORED]);
      await journal.append(FAILED);
    }
    expect(await readFile(file, 'utf8')).toBe(good + next);
  }
});

test('openJournal() begins a journal whose very first line was torn', async () => {
  const file = join(await temporaryFolder(), 'journal.jsonl');
  await writeFile(file, '{"format":1,"ke');
  expect(await read(file)).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe('{"format":1,"key":"k"}\n');
});

test('openJournal() refuses another search, unless it may forget it', async () => {
  const file = await written(SCORED);
  await expect(read(file, 'other')).rejects.toMatchObject({
    code: 'option-invalid',
    field: file,
    allowed: expect.stringContaining('--fresh'),
  });
  expect(await read(file)).toEqual([SCORED]);
  expect(await read(file, 'other', true)).toEqual([]);
  expect(await read(file, 'other')).toEqual([]);
});

test.each(['{"state":"scored","trial":1}', 'x', '{"state":"scored","trial":-1,"stages":1}', ''])(
  'openJournal() names the damaged line: %s',
  async (line) => {
    const file = await written(SCORED);
    await appendFile(file, `${line}\n${JSON.stringify(FAILED)}\n`);
    const before = await readFile(file, 'utf8');
    await expect(read(file)).rejects.toMatchObject({ code: 'data-invalid', field: `${file}:3` });
    expect(await readFile(file, 'utf8')).toBe(before);
  },
);

test('openJournal() says when it cannot write', async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'journal.jsonl'));
  await expect(read(join(dir, 'journal.jsonl'))).rejects.toMatchObject({
    code: 'output-unwritable',
    value: 'EISDIR',
  });
});
