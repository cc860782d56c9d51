import { expect, expectTypeOf, test } from 'vitest';
import type { StopReason } from '../cascade/index.ts';
import {
  type Answer,
  answerSchema,
  MAX_ROWS_PER_REQUEST,
  type Prediction,
  type PredictOptions,
  predictionId,
  predictionSchema,
  predictOptionsSchema,
  predictRequestSchema,
  problemSchema,
} from './index.ts';

test('predictRequestSchema takes dense rows and fills in the defaults', () => {
  expect(predictRequestSchema.parse({ rows: [[1, 2]] })).toEqual({
    channel: 'stable',
    exit: 'node',
    policy: 'auto',
    rows: [[1, 2]],
  });
});

test('predictRequestSchema takes sparse rows', () => {
  const rows = [{ indices: [0, 4], values: [1, 2.5] }];
  expect(predictRequestSchema.parse({ rows, policy: 'night' }).rows).toEqual(rows);
});

test.each<[string, unknown]>([
  ['no rows', {}],
  ['an empty list', { rows: [] }],
  ['rows that are no lists', { rows: [1] }],
  ['a value that is no number', { rows: [[null]] }],
  ['a value as text', { rows: [['1']] }],
  ['NaN', { rows: [[Number.NaN]] }],
  ['dense and sparse rows in one request', { rows: [[1], { indices: [0], values: [1] }] }],
  ['a negative column', { rows: [{ indices: [-1], values: [1] }] }],
  ['a fractional column', { rows: [{ indices: [0.5], values: [1] }] }],
  ['too many rows', { rows: Array(MAX_ROWS_PER_REQUEST + 1).fill([1]) }],
  ['an unknown option', { rows: [[1]], mode: 'fast' }],
  ['an unknown policy', { rows: [[1]], policy: 'noon' }],
  ['a bundle that is no hash', { rows: [[1]], bundle: 'latest' }],
  ['a channel that climbs', { rows: [[1]], channel: '../x' }],
  ['maxStage 0', { rows: [[1]], maxStage: 0 }],
])('predictRequestSchema refuses %s', (_, body) => {
  expect(predictRequestSchema.safeParse(body).success).toBe(false);
});

test('predictOptionsSchema stands alone for binary bodies', () => {
  expect(predictOptionsSchema.parse({ bundle: 'a'.repeat(64), maxStage: 2 })).toMatchObject({
    maxStage: 2,
    policy: 'auto',
  });
});

const ANSWER: Answer = {
  class: 1,
  label: 'wear',
  confidence: 0.5,
  stage: 1,
  stopped: 'confident',
  macs: 12,
};

test('answerSchema accepts an answer and refuses one outside its ranges', () => {
  expect(answerSchema.parse(ANSWER)).toEqual(ANSWER);
  for (const change of [{ confidence: 1.1 }, { stage: 0 }, { stopped: 'tired' }, { class: -1 }]) {
    expect(answerSchema.safeParse({ ...ANSWER, ...change }).success).toBe(false);
  }
});

const PREDICTION: Prediction = {
  id: 'x',
  asset: 'pump',
  model: 'press',
  t: 1,
  class: 0,
  label: 'ok',
  confidence: 1,
  stage: 2,
  tier: 'edge',
  bundle: 'b',
  degraded: false,
};

test('predictionSchema accepts a prediction and refuses an unknown tier or field', () => {
  expect(predictionSchema.parse(PREDICTION)).toEqual(PREDICTION);
  expect(predictionSchema.safeParse({ ...PREDICTION, tier: 'cloud' }).success).toBe(false);
  expect(predictionSchema.safeParse({ ...PREDICTION, extra: 1 }).success).toBe(false);
});

test('predictionId() is the same for one bundle, asset and time only', () => {
  const bundle = 'ab'.repeat(32);
  expect(predictionId(bundle, 'pump', 5)).toBe('abababababab/pump/5');
  const ids = [
    predictionId(bundle, 'pump', 5),
    predictionId(bundle, 'pump', 6),
    predictionId(bundle, 'fan', 5),
    predictionId('cd'.repeat(32), 'pump', 5),
  ];
  expect(new Set(ids).size).toBe(4);
});

test('problemSchema needs a code', () => {
  const problem = { type: 'about:blank', title: 'Bad', status: 400, detail: 'd', code: 'c' };
  expect(problemSchema.parse(problem)).toEqual(problem);
  expect(problemSchema.safeParse({ ...problem, code: undefined }).success).toBe(false);
});

test('the types of the wire follow from the schemas', () => {
  expectTypeOf<Answer['stopped']>().toEqualTypeOf<StopReason>();
  expectTypeOf<PredictOptions['policy']>().toEqualTypeOf<'auto' | 'day' | 'night'>();
  expectTypeOf<Prediction['tier']>().toEqualTypeOf<'gateway' | 'edge'>();
});
