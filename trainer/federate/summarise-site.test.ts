import { createTestBundle } from '@dandan/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOG_TEMPERATURES, THRESHOLDS } from './grids.ts';
import { MIN_CLASS_ROWS, MIN_SITE_ROWS } from './limits.ts';
import { checkContent } from './pooled.ts';
import { siteContent, summariseSite } from './summarise-site.ts';
import { type SummaryContent, summarySchema } from './summary.ts';
import { labelled, rowsBetween, testRows } from './testing/sites.ts';
import { withhold } from './withhold.ts';

const { bundle, bytes } = await createTestBundle({ seed: 3, classes: 3 });

/** How many numbers a JSON value holds. */
function numbersIn(value: unknown): number {
  if (value === null || typeof value === 'number') return 1;
  if (typeof value !== 'object') return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + numbersIn(each), 0);
}

test('a summary has the same few numbers whatever and however many the rows: it holds no row', async () => {
  const all = testRows(bundle, 2000, 8);
  const sizes = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: MIN_SITE_ROWS, max: 2000 }),
      fc.integer({ min: 50, max: 400 }),
      async (count, known) => {
        const summary = await summariseSite({
          bundle,
          bytes,
          site: 'plant-1',
          calibration: rowsBetween(all, 2000 - count, 2000),
          labelled: labelled(bundle, rowsBetween(all, 0, known)),
        });
        expect(summarySchema.parse(JSON.parse(JSON.stringify(summary)))).toEqual(summary);
        checkContent(summary.content, { site: 'plant-1', classes: 3, stages: 3 });
        sizes.add(numbersIn(summary.content));
      },
    ),
    { numRuns: 15 },
  );
  const each = 1 + 3 + 3;
  expect([...sizes]).toEqual([1 + 3 + THRESHOLDS.length * each + 1 + 3 * LOG_TEMPERATURES.length]);
});

test('the order of the rows does not show', async () => {
  const rows = testRows(bundle, 400, 8);
  const turned = {
    ...rows,
    codes: Uint8Array.from({ length: rows.codes.length }, (_, at) => {
      const row = 399 - Math.floor(at / rows.width);
      return rows.codes[row * rows.width + (at % rows.width)];
    }),
  };
  expect(siteContent({ bundle, calibration: turned as typeof rows })).toEqual(
    siteContent({ bundle, calibration: rows }),
  );
});

test('few rows are not summed up, and few labels give no temperatures', () => {
  const rows = testRows(bundle, MIN_SITE_ROWS, 8);
  expect(() => siteContent({ bundle, calibration: rowsBetween(rows, 1, MIN_SITE_ROWS) })).toThrow(
    expect.objectContaining({ code: 'data-invalid', field: '--data', value: MIN_SITE_ROWS - 1 }),
  );
  const few = labelled(bundle, rowsBetween(rows, 0, 49));
  expect(siteContent({ bundle, calibration: rows, labelled: few }).temperatures).toBeNull();
});

const content = (rowsPerClass: number[]): SummaryContent => ({
  rows: rowsPerClass.reduce((a, b) => a + b),
  rowsPerClass,
  thresholds: [{ disagreements: 0, perClass: rowsPerClass.map(() => 0), stops: [0] }],
  temperatures: null,
});

test('withhold() hides small classes so that no subtraction brings one back', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 2, maxLength: 8 }), (sizes) => {
      const shown = withhold(content(sizes));
      const hidden = sizes.filter((_, c) => shown.rowsPerClass[c] === null);
      expect(shown.thresholds[0].perClass.map((v) => v === null)).toEqual(
        shown.rowsPerClass.map((v) => v === null),
      );
      for (const [c, rows] of sizes.entries()) {
        const kept = shown.rowsPerClass[c];
        if (kept !== null) expect(kept === 0 || kept >= MIN_CLASS_ROWS).toBe(true);
        if (kept !== null) expect(kept).toBe(rows);
      }
      const present = sizes.filter((rows) => rows > 0).length;
      const sum = hidden.reduce((a, b) => a + b, 0);
      const all = hidden.length === present;
      expect(hidden.length === 0 || all || (hidden.length > 1 && sum >= MIN_CLASS_ROWS)).toBe(true);
    }),
  );
});
