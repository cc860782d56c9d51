import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createGlobs,
  fillNameTemplate,
  isAssetName,
  isChannelName,
  parseNameTemplate,
  toAssetName,
  toChannelName,
} from './index.ts';

test.each([
  ['press-*', 'press-1', true],
  ['press-*', 'press-', true],
  ['press-*', 'xpress-1', false],
  ['press-?', 'press-1', true],
  ['press-?', 'press-12', false],
  ['*', '', true],
  ['**a**', 'bab', true],
  ['a.b', 'axb', false],
  ['(a|b)', '(a|b)', true],
  ['a[1]*', 'a[1]2', true],
  ['温*', '温度', true],
])('createGlobs(%s) on %s gives %s', (pattern, name, expected) => {
  expect(createGlobs(['nothing', pattern])(name)).toBe(expected);
});

test('createGlobs() of nothing matches nothing', () => {
  expect(createGlobs([])('')).toBe(false);
});

test.each([
  ['Motor/Speed', 'Motor.Speed'],
  ['Oil temp °C', 'Oil_temp__C'],
  ['a:b', 'a_b'],
  ['温度', undefined],
  ['///', undefined],
  ['', undefined],
  ['x'.repeat(65), undefined],
])('toChannelName(%s) gives %s', (name, expected) => {
  expect(toChannelName(name)).toBe(expected);
});

test('toAssetName() and toChannelName() give valid names or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const asset = toAssetName(name);
      const channel = toChannelName(name);
      expect(asset === undefined || isAssetName(asset)).toBe(true);
      expect(channel === undefined || isChannelName(channel)).toBe(true);
    }),
  );
});

test('fillNameTemplate() joins parts and text', () => {
  const template = parseNameTemplate('{line}:{asset}-x', ['line', 'asset']);
  if (typeof template === 'string') throw new Error(template);
  expect(fillNameTemplate(template, { line: 'l1', asset: 'a' })).toBe('l1:a-x');
});

test.each(['', '{', '}', '{}', '{other}', '{line', 'a}{line}', '{line} {', 'x'.repeat(257)])(
  'parseNameTemplate() says what is allowed instead of %s',
  (text) => {
    expect(parseNameTemplate(text, ['line'])).toContain('{line}');
  },
);
