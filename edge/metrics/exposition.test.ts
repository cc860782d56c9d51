import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExposition } from '../testing/parse-exposition.ts';
import { exposition, histogramSamples } from './exposition.ts';

const counter = (labels: Record<string, string>, value: number) =>
  exposition([{ name: 'a_total', type: 'counter', help: 'Things.', samples: [{ labels, value }] }]);

test('exposition() writes a block per family, in its order', () => {
  expect(counter({ model: 'line-1', stage: '2' }, 3)).toBe(
    '# HELP a_total Things.\n# TYPE a_total counter\na_total{model="line-1",stage="2"} 3\n',
  );
  expect(exposition([{ name: 'a', type: 'gauge', help: 'None.', samples: [] }])).toBe('');
});

test('any label value and any number come back from a strict reader', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.double(), (label, value) => {
      const family = parseExposition(counter({ label }, value)).get('a_total');
      expect(family?.samples).toEqual([{ name: 'a_total', labels: { label }, value: value + 0 }]);
    }),
  );
});

test.each(['"} 1\nevil_total{x="', 'back\\slash', 'new\nline', '\\n', '"', '\\"'])(
  'a hostile label %j starts no other series',
  (label) => {
    const families = parseExposition(counter({ label }, 1));
    expect([...families.keys()]).toEqual(['a_total']);
    expect(families.get('a_total')?.samples).toHaveLength(1);
  },
);

test('histogramSamples() are cumulative, and the last bucket counts all', () => {
  const samples = histogramSamples({ m: 'a' }, [1, 0, 4], [0.5, 0.75, 1], 3.5);
  expect(samples.map(({ suffix, labels, value }) => [suffix, labels.le, value])).toEqual([
    ['_bucket', '0.5', 1],
    ['_bucket', '0.75', 1],
    ['_bucket', '1', 5],
    ['_bucket', '+Inf', 5],
    ['_sum', undefined, 3.5],
    ['_count', undefined, 5],
  ]);
});

test('the strict reader would find a fault', () => {
  const good = counter({ a: 'b' }, 1);
  for (const bad of [
    good.slice(0, -1),
    good.replace('counter', 'meter'),
    good.replace('a_total{', 'b_total{'),
    good.replace('"b"', 'b'),
    good.replace('"b"', '"b\\x"'),
    good.replace('} 1', '} one'),
    `${good}${good}`,
  ]) {
    expect(() => parseExposition(bad)).toThrow();
  }
});
