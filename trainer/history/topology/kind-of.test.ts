import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches, patternFor } from './kind-of.ts';

test.each([
  ['press-*', 'press-1', true],
  ['press-*', 'press-', true],
  ['press-*', 'oven-1', false],
  ['*-press', 'old-press', true],
  ['a*a', 'a', false],
  ['a*b*a', 'aba', true],
  ['a*b*b', 'ab', false],
  ['*', '', true],
  ['press.1', 'press-1', false],
])("matches() of '%s' and '%s' is %s", (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

test('matches() agrees with a regular expression', () => {
  const text = fc.stringMatching(/^[ab*]{0,8}$/);
  fc.assert(
    fc.property(text, fc.stringMatching(/^[ab]{0,8}$/), (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      expect(matches(pattern, name)).toBe(expression.test(name));
    }),
  );
});

test('patternFor() takes the name itself before a pattern, and of patterns the first', () => {
  const kinds = { 'press-*': 'press', 'p*': 'pump', 'press-9': 'spare' };
  expect(patternFor('press-1', kinds)).toBe('press-*');
  expect(patternFor('pump-1', kinds)).toBe('p*');
  expect(patternFor('press-9', kinds)).toBe('press-9');
  expect(patternFor('oven', kinds)).toBeUndefined();
  expect(patternFor('constructor', kinds)).toBeUndefined();
});
