import { expect, test } from 'vitest';
import { DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import type { Evaluation, Scored } from '../evaluation.ts';
import type { Space } from '../space.ts';
import type { Trial } from '../trial.ts';
import { tuneFigures } from '../tune-files.ts';
import { accuracyDomain, pointsOf } from './points.ts';
import { dimensionScale, linearScale } from './scale.ts';
import { searchReport } from './search-report.ts';

const SPACE: Space = {
  learningRate: { kind: 'range', minimum: 0.001, maximum: 0.1, scale: 'log', whole: false },
  structure: { kind: 'choice', values: ['paper', 'incremental'] },
};

const RUN: TrainOptions = { ...DEFAULTS, widths: [4, 8], setting: 'tran' };

const TRIALS: Trial[] = [0.01, 0.02, 0.05, 0.1].map((learningRate, number) => ({
  number,
  parameters: { learningRate, structure: number % 2 ? 'paper' : 'incremental' },
  runs: [RUN],
}));

const scored = (trial: number, accuracy: number, stages = 2): Scored => ({
  state: 'scored',
  trial,
  stages,
  accuracy,
  loss: 0.5,
  seconds: 1,
});

const FAILED: Evaluation = {
  state: 'failed',
  trial: 3,
  stages: 1,
  code: 'training-diverged',
  message: 'loss < NaN & more',
  seconds: 1,
};

/** 0 untuned, 1 best, 2 stopped early, 3 failed. */
const RESULT = {
  ranked: [scored(1, 0.82), scored(0, 0.8)],
  last: [scored(0, 0.8), scored(1, 0.82), scored(2, 0.7, 1), FAILED],
  pruned: 1,
  failed: 1,
};

const report = (data = 'cora') =>
  searchReport({
    data,
    space: SPACE,
    trials: TRIALS,
    result: RESULT,
    figures: tuneFigures(TRIALS, RESULT, { seconds: 1, config: 'c', report: 'r' }),
  });

const count = (text: string, part: string) => text.split(part).length - 1;

test('searchReport() draws every trial once by trial and once by each parameter', () => {
  const html = report();
  expect(count(html, '<svg')).toBe(1 + 2);
  for (const kind of ['best', 'untuned', 'pruned', 'failed']) {
    // Once in the legend besides.
    expect(count(html, `class="point ${kind}"`), kind).toBe(1 + 1 + 2);
  }
  expect(html).toContain('82.00 % of the validation nodes');
  expect(html).toContain('80.00 %: 2.00 points less');
  expect(count(html, '<tr>')).toBe(1 + 4);
});

test('searchReport() needs nothing beside it, and says in words what it draws', () => {
  const html = report();
  expect(html).not.toMatch(/<(script|link|img)|src=|@import|url\(/);
  expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toContain('http');
  expect(count(html, '<desc>')).toBe(3);
  expect(html).not.toMatch(/NaN[^ ]|undefined|Infinity/);
});

test('searchReport() makes names harmless', () => {
  const html = report('<script>"&');
  expect(html).toContain('&lt;script&gt;&quot;&amp;');
  expect(html).toContain('loss &lt; NaN &amp; more');
  expect(html).not.toContain('<script');
});

test('accuracyDomain() leaves the lowest tenth to the edge', () => {
  const many = Array.from({ length: 30 }, (_, trial) => scored(trial, trial < 3 ? 0.1 : 0.8));
  many[29] = scored(29, 0.9);
  const trials = many.map(({ trial }) => ({ ...TRIALS[0], number: trial }));
  const points = pointsOf(trials, { ...RESULT, ranked: [many[29]], last: many });
  const [low, high] = accuracyDomain(points);
  expect(low).toBeCloseTo(0.8 - 0.008, 9);
  expect(high).toBeCloseTo(0.9 + 0.008, 9);
});

test('scales put values where they belong, with round ticks', () => {
  const linear = linearScale({ domain: [0.68, 0.83], range: [100, 0], count: 8, label: String });
  expect(linear.at(0.68)).toBe(100);
  expect(linear.at(0.83)).toBe(0);
  expect(linear.ticks.map(({ label }) => Number(label).toFixed(2))).toEqual([
    '0.68',
    '0.70',
    '0.72',
    '0.74',
    '0.76',
    '0.78',
    '0.80',
    '0.82',
  ]);
  const log = dimensionScale(SPACE.learningRate, [0, 100]);
  expect(log.at(0.01)).toBeCloseTo(50, 9);
  const sorted = dimensionScale({ kind: 'choice', values: [10, 9, 100] }, [0, 90]);
  expect(sorted.ticks).toEqual([
    { at: 15, label: '9' },
    { at: 45, label: '10' },
    { at: 75, label: '100' },
  ]);
});
