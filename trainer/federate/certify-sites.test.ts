import { createCascade, traceCascade } from '@dandan/shared/cascade';
import { createTestBundle } from '@dandan/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialCdf } from '../certify/binomial.ts';
import { certify } from '../certify/certify.ts';
import type { Promises } from '../certify/promise.ts';
import { type CertifySitesOptions, certifySites, MAX_DELTA } from './certify-sites.ts';
import { THRESHOLDS } from './grids.ts';
import { siteCertificates } from './site-certificates.ts';
import { siteContent } from './summarise-site.ts';
import type { SummaryContent } from './summary.ts';
import { partsOfRows, testRows } from './testing/sites.ts';
import { withhold } from './withhold.ts';

const { bundle } = await createTestBundle({ seed: 3, classes: 3 });
const ROWS = 3000;
const rows = testRows(bundle, ROWS, 5);
let upTo = 0;
const macsUpTo = bundle.manifest.stages.map(({ macs }) => (upTo += macs));

const PROMISES: readonly (readonly [string, Promises])[] = [
  ['overall', { alpha: 0.3 }],
  ['overall, strict', { alpha: 0.05 }],
  ['every class', { alpha: 0.3, worstClass: 0.4 }],
  ['escalations', { alpha: 0.4, escalation: { stages: 2, limit: 0.9 } }],
];

test.each(PROMISES)(
  'certifySites() on the summaries of a cut calibration set gives the very thresholds of certify() on all rows: %s',
  (_, promises) => {
    const whole = certify({
      trace: traceCascade(createCascade(bundle), rows),
      classes: 3,
      promises,
      delta: 0.1,
      method: 'fixed-sequence',
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 1400 }),
        fc.integer({ min: 100, max: 1400 }),
        (a, b) => {
          const contents = partsOfRows(rows, [a, b, ROWS - a - b]).map((part) =>
            siteContent({ bundle, calibration: part }),
          );
          const pooled = certifySites({
            contents,
            promises,
            delta: 0.1,
            guarantee: 'mixture',
            macsUpTo,
          });
          expect(pooled).toEqual(whole);
        },
      ),
      { numRuns: 5 },
    );
  },
);

test('some promise of the test above is certified, so that equal means something', () => {
  const contents = [siteContent({ bundle, calibration: rows })];
  const found = PROMISES.map(([, promises]) =>
    certifySites({ contents, promises, delta: 0.1, guarantee: 'mixture', macsUpTo }),
  );
  expect(found.map(({ certified }) => certified)).toContain(true);
  expect(found.find(({ certified }) => certified)?.counts?.disagreements).toBeGreaterThan(0);
});

/** A site of two stages whose disagreements do not depend on the threshold below `from`. */
function site(n: number, disagreements: number, from = 1): SummaryContent {
  return {
    rows: n,
    rowsPerClass: [n, 0],
    thresholds: THRESHOLDS.map((threshold) => {
      const own = threshold < from ? disagreements : 0;
      return { disagreements: own, perClass: [own, 0], stops: [n - 1, 1] };
    }),
    temperatures: null,
  };
}

const given = { promises: { alpha: 0.05 }, delta: 0.1, macsUpTo: [1, 2] };
const certified = (options: Partial<CertifySitesOptions> & Pick<CertifySitesOptions, 'contents'>) =>
  certifySites({ ...given, guarantee: 'mixture', ...options });

test('every-site is as strict as the worst site, mixture as their sum', () => {
  const contents = [site(2000, 10), site(200, 20, 0.8)];
  expect(binomialCdf(20, 200, 0.05)).toBeGreaterThan(0.1);
  expect(certified({ contents }).thresholds).toEqual([0]);
  const each = certified({ contents, guarantee: 'every-site' });
  expect(each.thresholds).toEqual([0.8]);
  expect(each.counts?.n).toBe(2200);
  expect(each.needed).toBeLessThanOrEqual(200);
});

test('siteCertificates() says at which sites the shared threshold is proved by their own rows', () => {
  const contents = [site(2000, 10), site(200, 20, 0.8)];
  const shared = certified({ contents });
  const [large, small] = siteCertificates({ ...given, contents }, ['large', 'small'], shared);
  expect(large).toEqual({
    site: 'large',
    rows: 2000,
    disagreements: 10,
    early: 1999 / 2000,
    ownThreshold: 0,
    holds: true,
  });
  expect(small).toMatchObject({ disagreements: 20, ownThreshold: 0.8, holds: false });
  const none = certified({ contents: [site(200, 100)] });
  expect(siteCertificates({ ...given, contents: [site(200, 100)] }, ['bad'], none)).toEqual([
    { site: 'bad', rows: 200, disagreements: null, early: null, ownThreshold: null, holds: false },
  ]);
});

test('sites of unequal quality break the pooled promise no more often than δ, exactly', () => {
  // Rates 0 and 2α at two equal sites: mean α, the edge of the promise.
  const [n, alpha] = [200, 0.05];
  for (const delta of [0.01, 0.05, 0.1, MAX_DELTA]) {
    let largest = -1;
    while (binomialCdf(largest + 1, 2 * n, alpha) <= delta) largest++;
    expect(binomialCdf(largest, n, 2 * alpha)).toBeLessThanOrEqual(delta);
  }
});

test('certifySites() refuses what counts of different sites cannot show', () => {
  const contents = [site(2000, 10)];
  const refused = (options: Partial<CertifySitesOptions>, field: string) =>
    expect(() => certified({ contents, ...options })).toThrow(
      expect.objectContaining({ code: 'option-invalid', field }),
    );
  refused({ delta: MAX_DELTA + 0.01 }, '--delta');
  refused({ promises: { alpha: 0.05, escalation: { stages: 1, limit: 0.995 } } }, '--escalation');
  const few = withhold({
    ...site(2000, 10),
    rowsPerClass: [1995, 5],
  });
  refused({ contents: [few], promises: { alpha: 0.05, worstClass: 0.1 } }, '--worst-class');
});
