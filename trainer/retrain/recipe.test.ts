import type { Bundle } from '@dandan/shared/bundle';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../run/train-options.ts';
import { recipeOf } from './recipe.ts';

const { bundle } = await createTestBundle();
const provenance = {
  dataSha256: 'd'.repeat(64),
  split: 'public',
  options: {
    ...JSON.parse(JSON.stringify(DEFAULTS)),
    widths: [8, 16],
    setting: 'ind',
    seed: 7,
  },
};
const told = (changes: object): Bundle => ({
  ...bundle,
  manifest: {
    ...bundle.manifest,
    provenance: JSON.parse(JSON.stringify({ ...provenance, ...changes })),
  },
});

test('recipeOf() reads how to train again; what an older bundle lacks is the default', () => {
  const { dropout: _, ...older } = provenance.options;
  expect(recipeOf(told({ options: older }))).toEqual({
    options: { ...provenance.options },
    split: 'public',
    dataSha256: provenance.dataSha256,
    setsSha256: undefined,
    hardCases: undefined,
  });
  const hardCases = { sha256: 'a', given: 3, used: 2, heldOut: 1, unknownClasses: {} };
  expect(recipeOf(told({ hardCases })).hardCases).toBe('a');
  expect(recipeOf(told({ hardCases: { ...hardCases, used: 0 } })).hardCases).toBeUndefined();
});

test.each([
  [{}, { options: { ...provenance.options, teacher: 'file' } }, 'options.teacher'],
  [{}, { options: { ...provenance.options, teacher: 'oracle' } }, 'options.teacher'],
  [{}, { options: { ...provenance.options, widths: [8, 1e9] } }, 'options.widths.1'],
  [{}, { options: { ...provenance.options, dropout: 'much' } }, 'options.dropout'],
  [{}, { options: { ...provenance.options, student: 3 } }, 'options.student'],
  [{}, { options: undefined }, 'options'],
  [{}, { split: 'odd' }, 'split'],
])('recipeOf() refuses what no run can follow (%#)', (_, changes, field) => {
  expect(() => recipeOf(told(changes))).toThrow(
    expect.objectContaining({
      code: 'bundle-manifest-invalid',
      field: `manifest.provenance.${field}`,
    }),
  );
});
