import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PATH_STEPS, parseJsonPath, readEvery, readJsonPath } from './index.ts';

const DOCUMENT = {
  a: { b: [10, { c: 11 }], 'x y': 12, "it's": 13, 温度: 14 },
  list: [{ v: 1 }, { v: 2 }, 3],
  grid: [
    [1, 2],
    [3, 4],
  ],
};

function parse(text: string) {
  const path = parseJsonPath(text);
  if (path === undefined) throw new Error(`no path: ${text}`);
  return path;
}

test.each<[string, unknown]>([
  ['$', DOCUMENT],
  ['$.a.b[0]', 10],
  ['$.a.b[1].c', 11],
  ["$['a']['x y']", 12],
  ['$.a["x y"]', 12],
  ["$.a['it\\'s']", 13],
  ['$.a.温度', 14],
  ['$.a.b[2]', undefined],
  ['$.a.b.length', undefined],
  ['$.list[2].v', undefined],
  ['$.a.toString', undefined],
  ['$.__proto__', undefined],
  ['$.a[0]', undefined],
  ["$.list['0']", undefined],
  ['@.a.b[0]', 10],
])('readJsonPath(%s)', (text, expected) => {
  expect(readJsonPath(parse(text), DOCUMENT)).toEqual(expected);
});

test.each([
  '',
  'a.b',
  '.a',
  '$a',
  '$.',
  '$..a',
  '$.*',
  '$.a.',
  '$[',
  '$[]',
  '$[-1]',
  '$[01a]',
  '$[1:2]',
  '$[a]',
  "$['a]",
  '$[?(@.a)]',
  '$.a b',
  '$.1a',
  ' $',
  `$${'.a'.repeat(MAX_PATH_STEPS + 1)}`,
  `$.${'a'.repeat(300)}`,
])('parseJsonPath(%s) is refused', (text) => {
  expect(parseJsonPath(text)).toBeUndefined();
});

test('readEvery() lists the items, through several lists, up to one more than the limit', () => {
  expect(readEvery(parse('$.list[*]'), DOCUMENT, 10)).toEqual(DOCUMENT.list);
  expect(readEvery(parse('$.list[*].v'), DOCUMENT, 10)).toEqual([1, 2, undefined]);
  expect(readEvery(parse('$.grid[*][*]'), DOCUMENT, 10)).toEqual([1, 2, 3, 4]);
  expect(readEvery(parse('$.grid[*][*]'), DOCUMENT, 2)).toHaveLength(3);
  expect(readEvery(parse('$.a[*]'), DOCUMENT, 10)).toBeUndefined();
  expect(readEvery(parse('$.absent[*]'), DOCUMENT, 10)).toBeUndefined();
  expect(readEvery(parse('$[*]'), [], 10)).toEqual([]);
});

test('parseJsonPath() and readJsonPath() find any member by its quoted name', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 }), (names) => {
      const text = names.map((name) => `['${name.replace(/[\\']/g, '\\$&')}']`).join('');
      const document = names.reduceRight<unknown>((inner, name) => {
        // JSON gives own members even for the names of Object's prototype.
        return JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(inner)}}`);
      }, 42);
      expect(readJsonPath(parse(`$${text}`), document)).toBe(42);
    }),
  );
});

test('parseJsonPath() takes or refuses any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, document) => {
      const path = parseJsonPath(`$${text}`);
      if (path !== undefined) readEvery(path, document, 10);
    }),
  );
});
