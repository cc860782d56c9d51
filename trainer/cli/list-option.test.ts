import { expect, test } from 'vitest';
import { choicesOption, namesOption, seedsOption } from './list-option.ts';

test('choicesOption() accepts names of the choices, each once', () => {
  const parse = choicesOption(['gcn', 'gat', 'sage']);
  expect(parse('gat, gcn,gat')).toEqual(['gat', 'gcn']);
  expect(() => parse('gcn,gin')).toThrow("'gin' is none of gcn, gat, sage.");
  expect(() => parse('')).toThrow('is none of');
});

test('namesOption() accepts any names but empty ones', () => {
  expect(namesOption('a,b')).toEqual(['a', 'b']);
  expect(() => namesOption('a,,b')).toThrow('names separated by commas');
});

test.each([
  ['3', [1, 2, 3]],
  ['1', [1]],
  ['2-4', [2, 3, 4]],
  ['7,1,4', [1, 4, 7]],
  ['1-3,3,8-9', [1, 2, 3, 8, 9]],
])('seedsOption() of %s is %j', (text, seeds) => {
  expect(seedsOption(text)).toEqual(seeds);
});

test.each(['', '0', 'x', '1-', '-1', '5-2', '1.5', '101', '1-200', '1,,2', '1e3'])(
  'seedsOption() refuses %j',
  (text) => {
    expect(() => seedsOption(text)).toThrow('It must be a number of seeds');
  },
);
