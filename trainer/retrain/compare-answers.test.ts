import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareAnswers } from './compare-answers.ts';

const classes = ['normal', 'leak'];

test('compareAnswers() counts who is right where, class by class and asset by asset', () => {
  const labels = Int32Array.of(9, 0, 0, 1, 1, 0);
  const comparison = compareAnswers({
    nodes: Int32Array.of(1, 2, 3, 4, 5),
    champion: Int32Array.of(0, 1, 1, 0, 1),
    challenger: Int32Array.of(0, 0, 0, 1, 1),
    labels,
    classes,
    places: {
      assets: ['a', 'b'],
      kinds: [undefined, undefined],
      runs: [''],
      asset: Int32Array.of(0, 0, 0, 1, 1, 1),
      run: new Int32Array(6),
      time: new Float64Array(6),
    },
  });
  expect(comparison).toMatchObject({
    n: 5,
    both: 1,
    onlyChampion: 1,
    onlyChallenger: 2,
    neither: 1,
    accuracy: { champion: 0.4, challenger: 0.6 },
    perAsset: { champion: 0, challenger: 1, equal: 1 },
  });
  expect(comparison.perClass).toMatchObject([
    {
      name: 'normal',
      n: 3,
      recall: { champion: 1 / 3, challenger: 2 / 3 },
      precision: { champion: 1 / 2, challenger: 2 / 3 },
      onlyChampion: 0,
      onlyChallenger: 1,
    },
    {
      name: 'leak',
      n: 2,
      recall: { champion: 1 / 2, challenger: 1 / 2 },
      precision: { champion: 1 / 3, challenger: 1 / 2 },
      onlyChampion: 1,
      onlyChallenger: 1,
    },
  ]);
});

const answers = fc.array(fc.tuple(fc.nat(1), fc.nat(1), fc.nat(1)), { maxLength: 60 });

test('compareAnswers() adds up whatever the answers, and takes no side', () => {
  fc.assert(
    fc.property(answers, (rows) => {
      const [labels, one, other] = [0, 1, 2].map((k) => Int32Array.from(rows, (row) => row[k]));
      const nodes = Int32Array.from(labels.keys());
      const given = { nodes, labels, classes };
      const there = compareAnswers({ ...given, champion: one, challenger: other });
      const back = compareAnswers({ ...given, champion: other, challenger: one });
      expect(there.both + there.neither + there.onlyChampion + there.onlyChallenger).toBe(
        rows.length,
      );
      expect(there.onlyChampion).toBe(back.onlyChallenger);
      expect(there.test.better).toBe(back.test.worse);
      expect(there.perClass.reduce((sum, { n }) => sum + n, 0)).toBe(rows.length);
      expect(there.perAsset).toBeUndefined();
    }),
  );
});
