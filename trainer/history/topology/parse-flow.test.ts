import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFlow } from './parse-flow.ts';

const pairs = (text: string) => {
  const flow = parseFlow(text);
  return flow.kind === 'flow' ? flow.edges.map(({ from, to }) => `${from}${to}`) : flow.why;
};

test.each([
  ['a > b > c', ['ab', 'bc']],
  ['a>b', ['ab']],
  ['a -> b --> c → d', ['ab', 'bc', 'cd']],
  ['a > b, c > d', ['ab', 'ac', 'bd', 'cd']],
  ['a, b > c', ['ac', 'bc']],
  ['a > b > a', ['ab', 'ba']],
  ['a', []],
])('parseFlow() reads %s', (text, edges) => {
  expect(pairs(text)).toEqual(edges);
});

test.each(['', '> a', 'a >', 'a > > b', 'a,, b > c', 'a, > b'])(
  "parseFlow() refuses '%s'",
  (text) => {
    expect(parseFlow(text).kind).toBe('refused');
  },
);

test('parseFlow() keeps hyphens of names', () => {
  expect(parseFlow('press-1 > oven-1')).toMatchObject({ machines: ['press-1', 'oven-1'] });
});

test('parseFlow() joins every machine to those of the next step', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_.]{1,5}$/);
  const step = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
      const flow = parseFlow(steps.map((names) => names.join(', ')).join(' > '));
      const joined = steps.slice(1).map((names, i) => names.length * steps[i].length);
      expect(flow).toMatchObject({ kind: 'flow', machines: [...new Set(steps.flat())] });
      expect(flow.kind === 'flow' && flow.edges.length).toBe(joined.reduce((a, b) => a + b, 0));
    }),
  );
});
