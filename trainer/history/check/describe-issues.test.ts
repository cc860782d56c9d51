import { expect, test } from 'vitest';
import type { Issue } from '../../data/issues.ts';
import { describeIssues } from './describe-issues.ts';

const cell = (file: string, line: number, column: string, allowed = 'a number'): Issue => ({
  code: 'data-invalid',
  message: `${file} line ${line}: not a number`,
  field: `${file}:${line}:${column}`,
  value: '1,5',
  allowed,
});

test('problems that are alike are told three times and counted, over all files', () => {
  const issues = [
    ...Array.from({ length: 5 }, (_, i) => cell('a.csv', i + 2, 'flow')),
    cell('a.csv', 2, 'heat'),
    ...Array.from({ length: 5 }, (_, i) => cell('b: c.csv', i + 2, 'flow')),
  ];
  const lines = describeIssues(issues, issues.length);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe('11 problems of 2 kinds:');
  expect(lines[3]).toContain('a.csv:4:flow');
  expect(lines[4]).toBe('  … and 7 more like this');
  expect(lines[5]).toContain('a.csv:2:heat');
});

test('files that cannot be used for one reason are alike', () => {
  const issues = ['a', 'b', 'c', 'd'].map(
    (name): Issue => ({
      code: 'data-invalid',
      message: `${name}.csv:1 is not usable`,
      field: `${name}.csv:1`,
      value: 'x',
      allowed: 'a column t',
    }),
  );
  expect(describeIssues(issues, 4).at(-1)).toBe('  … and 1 more like this');
});

test('few problems are told as they are, and those that were not kept are counted', () => {
  expect(describeIssues([], 0)).toEqual(['no problems found']);
  expect(describeIssues([cell('a.csv', 2, 'x')], 1)[0]).toBe('1 problem:');
  const two = [cell('a.csv', 2, 'x'), cell('a.csv', 2, 'y')];
  expect(describeIssues(two, 12)).toEqual([
    '12 problems:',
    ...describeIssues(two, 2).slice(1),
    '… and 10 more',
  ]);
});
