import { createCascade, createResult } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { decodeQuantisedRows } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import type { AnsweredRows } from '../metrics/observation.ts';
import { findCandidates, HARD_CONFIDENCE, MAX_REQUEST_CANDIDATES } from './find-candidates.ts';

const dense = await createTestBundle({ seed: 3 });
const sparse = await createTestBundle({ seed: 2, sparse: true, width: 40 });
const wide = await createTestBundle({ seed: 1, width: 17_000, units: [1, 1] });
const asker = { key: 'k', device: 'press-1' };

/** Answers of which each row has a stage and a confidence. */
function answered(
  { bundle, sha256 }: typeof dense,
  rows: readonly (readonly [stage: number, confidence: number])[],
): AnsweredRows {
  const result = createResult(rows.length);
  rows.forEach(([stage, confidence], i) => {
    result.stage[i] = stage;
    result.confidence[i] = confidence;
    result.classes[i] = i % 3;
  });
  return {
    cascade: createCascade(bundle),
    sha256,
    policy: 'day',
    rows: createTestRows(bundle.input, rows.length, 4),
    result,
    limited: false,
  };
}

test('findCandidates() takes the least certain rows of the last stage, codes and all', () => {
  const run = answered(dense, [
    [3, 0.45],
    [2, 0.1],
    [3, HARD_CONFIDENCE],
    [3, 0.4],
    [3, 0.9],
  ]);
  const found = findCandidates(run, asker, []);
  expect(found.map(({ confidence }) => confidence)).toEqual([0.4, 0.45].map(Math.fround));
  expect(found[0]).toMatchObject({
    bundle: dense.sha256,
    policy: 'day',
    ...asker,
    reason: 'low-confidence',
    class: 0,
    label: 'class-0',
    fullLabel: null,
  });
  expect(decodeQuantisedRows(found[0].row).rows).toEqual(selectRows(run.rows, [3]));
});

test('findCandidates() keeps sparse rows as they are', () => {
  const run = answered(sparse, [
    [3, 0.9],
    [3, 0.2],
  ]);
  const [found] = findCandidates(run, asker, []);
  expect(decodeQuantisedRows(found.row).rows).toEqual(selectRows(run.rows, [1]));
});

test('findCandidates() puts disagreements first and stays below its limit', () => {
  const run = answered(dense, [
    [1, 0.99],
    ...Array.from({ length: 3000 }, (_, i) => [3, 0.1 + i / 10_000] as const),
  ]);
  const found = findCandidates(run, asker, [{ row: 0, full: 2 }]);
  expect(found).toHaveLength(MAX_REQUEST_CANDIDATES);
  expect(found[0]).toMatchObject({
    reason: 'disagreement',
    label: 'class-0',
    fullLabel: 'class-2',
  });
  const confidences = found.slice(1).map(({ confidence }) => confidence);
  expect(confidences).toEqual([0.1, 0.1001, 0.1002].map(Math.fround));
});

test('findCandidates() leaves rows that are too wide', () => {
  expect(findCandidates(answered(wide, [[2, 0.1]]), asker, [])).toEqual([]);
});
