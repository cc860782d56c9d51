import { expect, test } from 'vitest';
import type { NodePlaces } from '../graph/graph-data.ts';
import { mixupPairing } from './mixup-pairing.ts';
import type { MixupPairs } from './train-options.ts';

const classes = ['normal', 'leak', 'blockage'];
const places: NodePlaces = {
  assets: ['a'],
  kinds: ['press'],
  runs: [''],
  asset: Int32Array.of(0, 0, 0),
  run: Int32Array.of(0, 0, 0),
  time: Float64Array.of(300, 0, 900),
};
const ANY: MixupPairs = { partners: 'any', rows: 'labelled', windows: 0, exclusive: [] };

test('mixupPairing() has no rules where none was chosen', () => {
  expect(mixupPairing({ classes, places }, undefined)).toBeUndefined();
  expect(mixupPairing({ classes, places }, { ...ANY, rows: 'taught' })).toEqual({ rows: 'taught' });
});

test('mixupPairing() counts windows in strides of the rows', () => {
  const pairs: MixupPairs = { ...ANY, windows: 4 };
  expect(mixupPairing({ classes, places }, pairs)?.rules).toEqual({
    places,
    sameKind: false,
    withinMs: 1200,
  });
});

test('mixupPairing() excludes classes without a plant, too', () => {
  const pairs: MixupPairs = { ...ANY, exclusive: [['leak', 'blockage']] };
  expect(mixupPairing({ classes }, pairs)?.rules?.excludes).toEqual([[], [2], [1]]);
});

test.each([
  [{ ...ANY, partners: 'plant' }, 'mixupPartners', 'any'],
  [{ ...ANY, windows: 3 }, 'mixupWindows', '0'],
  [{ ...ANY, exclusive: [['leak', 'fire']] }, 'exclusiveClasses', 'normal, leak, blockage'],
] as const)('mixupPairing() refuses %j on a graph that is no plant', (pairs, field, allowed) => {
  expect(() => mixupPairing({ classes }, pairs)).toThrow(
    expect.objectContaining({ code: 'option-invalid', field, allowed }),
  );
});
