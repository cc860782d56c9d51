import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AUDIT_SHARE, isAudited } from './audit-sample.ts';

const salt = 'a'.repeat(64);

function auditedShare(count: number, of: (i: number) => { node: string; time: number }): number {
  let audited = 0;
  for (let i = 0; i < count; i++) if (isAudited({ ...of(i), salt })) audited++;
  return audited / count;
}

test.each<[string, (i: number) => { node: string; time: number }]>([
  ['one asset over time', (i) => ({ node: 'press-1', time: 1_760_000_000_000 + 1000 * i })],
  ['many assets at one time', (i) => ({ node: `press-${i}`, time: 1_760_000_000_000 })],
  ['assets by times', (i) => ({ node: `a${i % 200}`, time: 60_000 * Math.floor(i / 200) })],
])('isAudited() draws the share it should: %s', (_, of) => {
  const count = 200_000;
  // Four standard deviations of a fair draw.
  const slack = 4 * Math.sqrt((AUDIT_SHARE * (1 - AUDIT_SHARE)) / count);
  expect(Math.abs(auditedShare(count, of) - AUDIT_SHARE)).toBeLessThan(slack);
});

test('isAudited() repeats itself, and draws anew for another bundle', () => {
  const draw = (other: string) =>
    Array.from({ length: 5000 }, (_, i) =>
      isAudited({ node: 'a', time: i, share: 0.5, salt: other }),
    );
  expect(draw(salt)).toEqual(draw(salt));
  const [one, two] = [draw(salt), draw('b'.repeat(64))];
  const same = one.filter((value, i) => value === two[i]).length;
  expect(Math.abs(same - 2500)).toBeLessThan(4 * Math.sqrt(1250));
});

test('isAudited() with a larger share keeps what a smaller one drew; 0 draws none, 1 all', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (node, time, share) => {
        const at = (value: number) => isAudited({ node, time, share: value, salt });
        expect(at(0)).toBe(false);
        expect(at(1)).toBe(true);
        if (at(share / 2)) expect(at(share)).toBe(true);
      },
    ),
  );
});

test.each([-0.1, 1.1, Number.NaN])('isAudited() refuses a share of %d', (share) => {
  expect(() => isAudited({ node: 'a', time: 0, share, salt })).toThrow(RangeError);
});
