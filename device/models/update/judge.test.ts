import { createTestBundle } from '@dandan/shared/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { type LocalModel, loadModel } from '../cascade/index.ts';
import {
  DEFAULT_CRITERIA,
  DEFAULT_PROBATION,
  expectedAgreement,
  judgeCanary,
  judgeProbation,
} from './judge.ts';
import type { ShadowAnswer, ShadowRow } from './shadow.ts';
import { addRows, EMPTY_TALLY, sideFacts } from './tally.ts';

async function modelOf(options: Parameters<typeof createTestBundle>[0]): Promise<LocalModel> {
  const { bytes } = await createTestBundle({ telemetry: TEST_SPEC, ...options });
  return loadModel({ file: 'in memory', bytes, stages: 2 });
}

const old = await modelOf({ classNames: ['ok', 'worn'] });
const next = await modelOf({ seed: 2, classNames: ['worn', 'ok', 'loose'] });
const facts = { old: sideFacts(old), new: sideFacts(next) };

const answer = (index: number, more: Partial<ShadowAnswer> = {}): ShadowAnswer => ({
  class: index,
  confidence: 0.9,
  stage: 1,
  ...more,
});

/** Rows on which both say 'ok'. */
const AGREE: ShadowRow = { asset: 'a', time: 0, old: answer(0), new: answer(1) };

function judge(
  rows: readonly ShadowRow[],
  options: {
    elapsedMs?: number;
    agreement?: number;
    criteria?: Partial<typeof DEFAULT_CRITERIA>;
  } = {},
) {
  const { elapsedMs = 0, agreement = 0.6, criteria = {} } = options;
  const tally = addRows(EMPTY_TALLY, rows, facts);
  return judgeCanary(tally, { ...DEFAULT_CRITERIA, ...criteria }, { elapsedMs, agreement });
}

const times = (count: number, row: ShadowRow) => Array.from({ length: count }, () => row);
const DAY_MS = 86_400_000;

test('judgeCanary() commits after enough rows without an objection', () => {
  expect(judge(times(199, AGREE)).kind).toBe('extend');
  expect(judge(times(200, AGREE))).toEqual({
    kind: 'commit',
    reason: 'nothing spoke against it in 200 rows',
  });
});

test('judgeCanary() makes do with fewer rows at the end of its time, and waits where none came', () => {
  expect(judge(times(3, AGREE), { elapsedMs: DAY_MS })).toMatchObject({
    kind: 'commit',
    reason: expect.stringContaining('fewer than 200'),
  });
  expect(judge([], { elapsedMs: DAY_MS }).kind).toBe('extend');
  expect(judge([], { elapsedMs: DAY_MS, criteria: { withoutRows: 'commit' } }).kind).toBe('commit');
  expect(judge([], { criteria: { withoutRows: 'commit' } }).kind).toBe('extend');
});

test.each<[string, ShadowRow, RegExp]>([
  ['no answer', { ...AGREE, new: undefined, error: 'boom' }, /first a: boom/],
  ['an error beside an answer', { ...AGREE, error: 'boom' }, /boom/],
  ['confidence that is no number', { ...AGREE, new: answer(1, { confidence: Number.NaN }) }, /NaN/],
  ['confidence above 1', { ...AGREE, new: answer(1, { confidence: 1.1 }) }, /1\.1/],
  ['a class that there is not', { ...AGREE, new: answer(3) }, /class 3 of 3/],
  ['a class that is no index', { ...AGREE, new: answer(0.5) }, /class 0\.5/],
  ['a stage that there is not', { ...AGREE, new: answer(1, { stage: 9 }) }, /stage 9 of 3/],
])('judgeCanary() rolls back at the first row with %s', (_, row, reason) => {
  expect(judge([AGREE, row])).toEqual({
    kind: 'rollback',
    reason: expect.stringMatching(reason),
  });
  // Where some may fail, their share decides.
  const some = [...times(299, AGREE), row];
  expect(judge(some, { criteria: { maxErrorShare: 0.01 } }).kind).toBe('commit');
});

test.each<[string, ShadowRow, RegExp]>([
  ['answers otherwise', { ...AGREE, new: answer(0) }, /agrees .* on 0 % of 300 rows/],
  ['answers a class that is new', { ...AGREE, new: answer(2) }, /100 % of rows a class/],
  ['sends all to the edge', { ...AGREE, new: answer(1, { unsure: true }) }, /100 % more/],
  ['is slow', { ...AGREE, new: answer(1, { ms: 80 }) }, /80\.0 ms/],
])('judgeCanary() rolls back a bundle that %s', (_, row, reason) => {
  expect(judge(times(300, row))).toEqual({
    kind: 'rollback',
    reason: expect.stringMatching(reason),
  });
});

test('judgeCanary() counts what stages cost', () => {
  const deep = times(300, { ...AGREE, new: answer(1, { stage: 3 }) });
  expect(judge(deep, { criteria: { maxCostRatio: 1000 } }).kind).toBe('commit');
  expect(judge(deep)).toEqual({
    kind: 'rollback',
    reason: expect.stringMatching(/costs \d+\.\d times/),
  });
});

test('judgeCanary() compares classes by name, and only rows that both have', () => {
  const alone = times(200, { ...AGREE, old: undefined });
  expect(judge(alone).kind).toBe('commit');
  expect(addRows(EMPTY_TALLY, alone, facts)).toMatchObject({ rows: 200, compared: 0 });
});

test('judgeCanary() lets chance have its part', () => {
  const mixed = (agreeing: number, count: number) => [
    ...times(agreeing, AGREE),
    ...times(count - agreeing, { ...AGREE, new: answer(0) }),
  ];
  // 60 % are expected: 0.6 - 3 sqrt(0.24 / 200) = 49.6 %.
  expect(judge(mixed(101, 200)).kind).toBe('commit');
  expect(judge(mixed(98, 200)).kind).toBe('rollback');
  expect(judge(mixed(98, 200), { criteria: { minAgreement: 0.5 } }).kind).toBe('commit');
});

test('expectedAgreement() follows from what both were measured to be', async () => {
  // Both are right on 0.8 of the rows.
  expect(expectedAgreement(old, next, true)).toBeCloseTo(0.6);
  expect(expectedAgreement(old, next, false)).toBeUndefined();
  const promised = await modelOf({
    certificate: { alpha: 0.05, delta: 0.1, n: 100, method: 'pareto', disagreements: 0 },
  });
  expect(expectedAgreement(promised, next, true)).toBeCloseTo(0.55);
});

test('judgeCanary() never commits with an error, and says why whatever it decides', () => {
  const rowArbitrary = fc.record({
    asset: fc.constant('a'),
    time: fc.nat(),
    old: fc.option(fc.record({ class: fc.nat(1), confidence: fc.double(), stage: fc.nat(3) }), {
      nil: undefined,
    }),
    new: fc.option(fc.record({ class: fc.nat(4), confidence: fc.double(), stage: fc.nat(5) }), {
      nil: undefined,
    }),
  });
  fc.assert(
    fc.property(
      fc.array(rowArbitrary, { maxLength: 300 }),
      fc.nat(2 * DAY_MS),
      (rows, elapsedMs) => {
        const tally = addRows(EMPTY_TALLY, rows, facts);
        const verdict = judgeCanary(tally, DEFAULT_CRITERIA, { elapsedMs, agreement: 0.6 });
        expect(verdict.reason).not.toBe('');
        if (tally.errors > 0) expect(verdict.kind).toBe('rollback');
        if (rows.length === 0) expect(verdict.kind).toBe('extend');
      },
    ),
  );
});

test('judgeProbation() ends with time, or with errors that are no chance', () => {
  const judged = (rows: number, errors: number, elapsedMs: number) =>
    judgeProbation({ rows, errors, elapsedMs }, DEFAULT_PROBATION).kind;
  expect(judged(1000, 2, 0)).toBe('extend');
  expect(judged(5, 2, 0)).toBe('extend');
  expect(judged(5, 3, 0)).toBe('rollback');
  expect(judged(0, 3, 0)).toBe('rollback');
  expect(judged(1000, 3, 600_000)).toBe('commit');
  expect(judged(0, 0, 599_999)).toBe('extend');
});
