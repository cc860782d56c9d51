import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { type CheckChampionOptions, checkChampion } from './check-champion.ts';

const { bundle } = await createTestBundle({ classes: 3, units: [8, 8, 16], width: 12 });
const values = new Float32Array(12);
const graph: CheckChampionOptions['graph'] = {
  classes: ['class-0', 'class-1', 'class-2'],
  featureSpec: { kind: 'table', columns: 12 },
  features: { kind: 'dense', rows: { count: 1, width: 12, values } },
};
const options = {
  structure: 'incremental',
  widths: [8, 16, 32],
  hiddenLayers: 1,
  positions: 0,
} as const;

test('checkChampion() takes a bundle of the same network, columns and classes', () => {
  expect(() => checkChampion({ champion: bundle, graph, options })).not.toThrow();
});

const table = (columns: number) => ({ kind: 'table', columns }) as const;
test.each<[string, Partial<typeof graph>, object]>([
  ['classes', { classes: ['class-1', 'class-0', 'class-2'] }, {}],
  ['structure', {}, { structure: 'paper' }],
  ['widths', {}, { widths: [8, 16, 24] }],
  ['hidden layers', {}, { hiddenLayers: 2 }],
  ['positions', { featureSpec: table(11) }, {}],
  [
    'kind of rows',
    {
      featureSpec: {
        kind: 'telemetry',
        channels: [{ name: 'a', unit: '' }],
        statistics: ['mean'],
        windowMs: 1,
        strideMs: 1,
      },
    },
    {},
  ],
  [
    'sparse rows',
    {
      features: {
        kind: 'sparse',
        rows: {
          count: 0,
          width: 12,
          offsets: Int32Array.of(0),
          indices: new Int32Array(),
          values: new Float32Array(),
        },
      },
    },
    {},
  ],
])('checkChampion() names what differs: %s', (what, data, chosen) => {
  const check = () =>
    checkChampion({
      champion: bundle,
      graph: { ...graph, ...data },
      options: { ...options, ...chosen },
    });
  expect(check).toThrow(
    expect.objectContaining({
      code: 'option-invalid',
      field: '--warm-start',
      message: `The champion has other ${what} than this run`,
    }),
  );
});
