import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readSpace } from './read-space.ts';
import { SPACES } from './space.ts';

async function read(content: unknown) {
  const file = join(await temporaryFolder(), 'space.json');
  await writeFile(file, JSON.stringify(content));
  return readSpace(file);
}

test('readSpace() knows the named spaces', () => {
  expect(readSpace('paper')).toBe(SPACES.paper);
  expect(Object.keys(readSpace('wide'))).toEqual(
    expect.arrayContaining([...Object.keys(SPACES.paper), 'labelWeight', 'structure']),
  );
});

test('readSpace() reads lists as choices and ends as ranges', async () => {
  const space = await read({
    dropout: [0.1, 0.5],
    learningRate: { minimum: 0.001, maximum: 0.1, scale: 'log' },
    hidden: { minimum: 16, maximum: 64, whole: true },
  });
  expect(space).toEqual({
    dropout: { kind: 'choice', values: [0.1, 0.5] },
    learningRate: { kind: 'range', minimum: 0.001, maximum: 0.1, scale: 'log', whole: false },
    hidden: { kind: 'range', minimum: 16, maximum: 64, scale: 'linear', whole: true },
  });
});

test.each<[string, unknown, string]>([
  ['an empty space', {}, 'names nothing'],
  ['an empty list', { dropout: [] }, 'dropout'],
  ['a value twice', { dropout: [0.1, 0.1] }, 'every value once'],
  ['a list in a list', { dropout: [[0.1]] }, 'dropout'],
  ['a single value', { dropout: 0.5 }, 'dropout'],
  ['ends that are turned', { dropout: { minimum: 0.5, maximum: 0.1 } }, 'below the maximum'],
  ['a log scale from 0', { dropout: { minimum: 0, maximum: 1, scale: 'log' } }, 'above 0'],
  ['half a unit', { hidden: { minimum: 1.5, maximum: 4, whole: true } }, 'whole ends'],
  ['an unknown word', { dropout: { minimum: 0, maximum: 1, step: 0.1 } }, 'step'],
])('readSpace() refuses %s by name', async (_, content, text) => {
  await expect(read(content)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining(text),
  });
});
