import { expect, test } from 'vitest';
import { parseCommand } from './arguments.ts';
import type { Benchmark } from './benchmark.ts';

const BENCHMARK: Benchmark = {
  name: 'train',
  summary: '',
  cases: [
    { name: 'small', summary: '', optIn: false },
    { name: 'large', summary: '', optIn: true },
    { name: 'middle', summary: '', optIn: false },
  ],
  setup: async () => '',
  open: async () => ({ facts: {}, run: async () => [] }),
};
const parse = (...words: string[]) => parseCommand(words, [BENCHMARK]);

test('parseCommand() runs all cases but those that must be named', () => {
  expect(parse('train')).toEqual({
    kind: 'run',
    benchmark: BENCHMARK,
    cases: ['small', 'middle'],
    json: false,
    withPeers: true,
    repetitions: undefined,
  });
});

test('parseCommand() takes options before and after the name', () => {
  const words = ['--json', 'train', '--only', 'middle', '--only=large', '--repetitions', '7'];
  expect(parse(...words, '--no-peers')).toMatchObject({
    cases: ['large', 'middle'],
    json: true,
    withPeers: false,
    repetitions: 7,
  });
});

test.each([
  [['--list'], 'list'],
  [['--help'], 'help'],
  [['-h', 'train'], 'help'],
  [['setup'], 'setup'],
])('parseCommand() reads %j', (words, kind) => {
  expect(parse(...words).kind).toBe(kind);
});

test.each([
  [[], 'benchmark', 'train, setup'],
  [['trian'], 'benchmark', 'train, setup'],
  [['train', 'small'], 'benchmark', 'train, setup'],
  [['train', '--only', 'smal'], 'case', 'small, large, middle'],
  [['train', '--repetitions', '0'], '--repetitions', 'a whole number from 1 to 100'],
  [['train', '--repetitions', 'x'], '--repetitions', 'a whole number from 1 to 100'],
  [['train', '--fast'], 'option', expect.stringContaining('--only CASE')],
])('parseCommand() refuses %j', (words, field, allowed) => {
  const refusal = expect.objectContaining({ code: 'option-invalid', field, allowed });
  expect(() => parse(...words)).toThrow(refusal);
});
