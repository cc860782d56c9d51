import { expect, test } from 'vitest';
import { ensembleClasses } from './ensemble-classes.ts';

/** One node, two classes, probabilities 0.6/0.4, then 0.3/0.7. */
const logits = [
  Float32Array.of(Math.log(0.6), Math.log(0.4)),
  Float32Array.of(Math.log(0.3), Math.log(0.7)),
];

test('ensembleClasses() averages probabilities and answers after every student', () => {
  // 0.6 against 0.4; then 0.9 against 1.1.
  expect(ensembleClasses({ logits, classes: 2 })).toEqual([Int32Array.of(0), Int32Array.of(1)]);
});

test('ensembleClasses() weighs the students', () => {
  // 2·0.6 + 0.3 = 1.5 against 2·0.4 + 0.7 = 1.5 ties; 2.1 tips it to the first.
  expect(ensembleClasses({ logits, classes: 2, weights: [2.1, 1] })[1]).toEqual(Int32Array.of(0));
  expect(ensembleClasses({ logits, classes: 2, weights: [1.9, 1] })[1]).toEqual(Int32Array.of(1));
});
