import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { combineSites } from './combine-sites.ts';
import { summariseSite } from './summarise-site.ts';
import type { PlainSummary } from './summary.ts';
import { partsOfRows, testRows } from './testing/sites.ts';

const made = await createTestBundle({ seed: 3, classes: 3 });
const { bundle, bytes, sha256 } = made;
const shape = { classes: 3, stages: 3 };
const [one, two] = await Promise.all(
  partsOfRows(testRows(bundle, 700, 8), [300, 400]).map((calibration, i) =>
    summariseSite({ bundle, bytes, calibration, site: `plant-${i + 1}` }),
  ),
);
const combine = (summaries: PlainSummary[]) => combineSites({ summaries, bundle: sha256, shape });

test('combineSites() keeps each site of plain summaries apart', async () => {
  expect(await combine([one, two])).toEqual({
    contents: [one.content, two.content],
    masked: false,
  });
});

const altered = (change: (content: PlainSummary['content']) => void): PlainSummary => {
  const copy = structuredClone(one);
  change(copy.content);
  return copy;
};

test.each<[string, PlainSummary[], string]>([
  ['two of one site', [one, one], '--summary'],
  ['another bundle', [one, { ...two, bundle: '0'.repeat(64) }], 'bundle'],
  [
    'more rows than are stopped',
    [
      altered((c) => {
        c.rows++;
      }),
    ],
    'content.rowsPerClass',
  ],
  [
    'classes that the bundle lacks',
    [
      altered((c) => {
        c.rowsPerClass.push(0);
      }),
    ],
    'content.rowsPerClass',
  ],
  [
    'stages that the bundle lacks',
    [
      altered((c) => {
        c.thresholds[3].stops.push(0);
      }),
    ],
    'content.thresholds.3.stops',
  ],
  [
    'fewer early stops at a lower threshold',
    [
      altered((c) => {
        const { rows } = c;
        c.thresholds[150].stops = [rows, 0, 0];
        c.thresholds[151].stops = [0, 0, rows];
      }),
    ],
    'content.thresholds.151.stops',
  ],
  [
    'more disagreements than early stops',
    [
      altered((c) => {
        c.thresholds[0].disagreements = c.rows + 1;
      }),
    ],
    'content.thresholds.0.disagreements',
  ],
  [
    'classes that do not add up',
    [
      altered((c) => {
        c.thresholds[200].perClass = [0, 0, 0];
      }),
    ],
    'content.thresholds.200.perClass',
  ],
])('combineSites() refuses %s', async (_, summaries, field) => {
  await expect(combine(summaries)).rejects.toMatchObject({ code: 'data-invalid', field });
});
