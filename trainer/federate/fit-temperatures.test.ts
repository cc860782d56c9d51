import { readBundle } from '@dandan/shared/bundle';
import { createCascade } from '@dandan/shared/cascade';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { fitTemperature } from '../certify/temperature.ts';
import { fitTemperatures } from './fit-temperatures.ts';
import { TEMPERATURE_STEP } from './grids.ts';
import { poolContents } from './pooled.ts';
import { siteContent } from './summarise-site.ts';
import { stageLogits } from './temperature-sums.ts';
import { labelled, partsOfRows, testRows } from './testing/sites.ts';
import { writeTemperatures } from './write-federated.ts';

const { bundle } = await createTestBundle({ seed: 3, classes: 3 });
const rows = testRows(bundle, 900, 8);
const contentOf = (part: typeof rows) =>
  siteContent({ bundle, calibration: part, labelled: labelled(bundle, part) });

test('fitTemperatures() of many sites is the fit on all rows, to a step of the grid', () => {
  const pooled = poolContents(partsOfRows(rows, [300, 200, 400]).map(contentOf));
  const all = labelled(bundle, rows);
  // Every fourth label is wrong, counted from each site's first row: lengths are multiples of 4.
  const central = stageLogits(createCascade(bundle), rows).map((logits) =>
    fitTemperature({
      logits,
      classes: 3,
      labels: all.labels,
      nodes: Int32Array.from(all.labels.keys()),
    }),
  );
  const fitted = fitTemperatures(pooled.temperatures?.nll ?? []);
  expect(fitted).toHaveLength(3);
  fitted.forEach((temperature, k) => {
    expect(Math.abs(Math.log(temperature / central[k]))).toBeLessThan(TEMPERATURE_STEP);
  });
  expect(new Set(fitted).size).toBeGreaterThan(1);
});

test('a site with few labels takes nothing away from the others', () => {
  const [first, second] = partsOfRows(rows, [300, 600]);
  const few = siteContent({ bundle, calibration: second });
  expect(poolContents([contentOf(first), few]).temperatures).toEqual(contentOf(first).temperatures);
  expect(poolContents([few, contentOf(first)]).temperatures).toEqual(contentOf(first).temperatures);
  expect(poolContents([few, few]).temperatures).toBeNull();
});

test('writeTemperatures() voids what the old confidences have proved', async () => {
  const proved = await createTestBundle({
    seed: 3,
    certificate: { alpha: 0.1, delta: 0.1, n: 100, method: 'fixed-sequence', disagreements: 0 },
  });
  const { bytes } = await writeTemperatures(proved.bundle, [0.5, 1.25, 2]);
  const { manifest, stages } = await readBundle(bytes);
  expect(manifest.stages.map(({ temperature }) => temperature)).toEqual([0.5, 1.25, 2]);
  expect(stages.map(({ inverseTemperature }) => inverseTemperature)).toEqual(
    [0.5, 1.25, 2].map((t) => Math.fround(1 / t)),
  );
  expect(manifest.policies.day).toMatchObject({ thresholds: [null, null], certificate: null });
  expect(manifest.policies.night).toMatchObject({ thresholds: [null, null], certificate: null });
  expect(proved.bundle.manifest.policies.day.certificate).not.toBeNull();
});
