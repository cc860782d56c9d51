// Made-up sites for the tests of federated calibration: parts of one set of rows.
import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import { type QuantisedRows, selectRows } from '@dandan/shared/kernel';
import { createTestRows } from '@dandan/shared/testing';
import type { LabelledRows } from '../summarise-site.ts';

/** Rows `from` to `to` of all rows. */
export const rowsBetween = (rows: QuantisedRows, from: number, to: number): QuantisedRows =>
  selectRows(
    rows,
    Array.from({ length: to - from }, (_, i) => from + i),
  );

/** Row numbers cut at `sizes`. */
export function partsOfRows(rows: QuantisedRows, sizes: readonly number[]): QuantisedRows[] {
  let at = 0;
  return sizes.map((size) => {
    at += size;
    return rowsBetween(rows, at - size, at);
  });
}

export const testRows = (bundle: Bundle, count: number, seed: number): QuantisedRows =>
  createTestRows(bundle.input, count, seed);

/** The last stage's classes with every `wrong`-th another one. */
export function labelled(bundle: Bundle, rows: QuantisedRows, wrong = 4): LabelledRows {
  const { classes } = traceCascade(createCascade(bundle), rows);
  const count = bundle.manifest.classes.length;
  const labels = classes[classes.length - 1].map((c, i) => (i % wrong === 0 ? (c + 1) % count : c));
  return { rows, labels };
}
