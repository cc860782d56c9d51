import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Figures } from '../../evaluate/figures.ts';
import { figuresTable } from './figures-table.ts';

const FIGURES: Figures = {
  model: 'line',
  bundle: 'ab',
  data: 'line',
  setting: 'tran',
  split: 'random',
  seed: 1,
  seconds: 1,
  teacher: 80,
  mlp: 60,
  glnn: 79,
  stages: [],
  output: 81,
  exit: { accuracy: 81, macsShare: 0.2, disagreement: 0 },
  batchExit: { threshold: 0.9, stage: 1, accuracy: 80, macsShare: 0.1 },
  quantised: { agreement: 100, drop: 0 },
};

const textWith = (classShares: Figures['classShares']) =>
  stripVTControlCharacters(
    figuresTable({ ...FIGURES, ...(classShares && { classShares }) }).join('\n'),
  );

const labelled = { normal: 50, leak: 50 };

test('figuresTable() warns where labelled nodes are unlike all nodes, and names the option', () => {
  const text = textWith({ assumed: 'labelled', labelled, estimated: { normal: 92, leak: 8 } });
  expect(text).toContain('class "normal" has 50 % of the labels and about 92 % of all nodes');
  expect(text).toContain('--class-prior estimated');
});

test('figuresTable() says which shares an estimated prior assumes, and else keeps quiet', () => {
  const estimated = { normal: 92, leak: 8 };
  const text = textWith({ assumed: 'estimated', labelled, estimated });
  expect(text).toContain('classes as estimated');
  expect(text).not.toContain('--class-prior');
  const like = textWith({ assumed: 'labelled', labelled, estimated: { normal: 55, leak: 45 } });
  expect(like).not.toContain('class "');
  expect(textWith(undefined)).not.toContain('class "');
});
