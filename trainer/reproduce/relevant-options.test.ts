import { expect, test } from 'vitest';
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { defaultWidths } from '../student/widths.ts';
import { relevantOptions, sameOptions } from './relevant-options.ts';

const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  setting: 'tran',
  widths: defaultWidths('incremental', 4, 64),
};

test('relevantOptions() of a plain MLP holds nothing of the teacher or of distillation', () => {
  const other: TrainOptions = {
    ...OPTIONS,
    teacherHidden: 7,
    mixupGamma: 0.3,
    student: { ...OPTIONS.student, alpha: 0.7, temperature: 3 },
  };
  expect(relevantOptions('mlp', other)).toEqual(relevantOptions('mlp', OPTIONS));
  expect(relevantOptions('glnn', other)).not.toEqual(relevantOptions('glnn', OPTIONS));
  const slower = { ...OPTIONS, student: { ...OPTIONS.student, learningRate: 0.001 } };
  expect(relevantOptions('mlp', slower)).not.toEqual(relevantOptions('mlp', OPTIONS));
});

test('relevantOptions() counts the running mean of weights for the cascade that is trained with it', () => {
  const averaged: TrainOptions = { ...OPTIONS, averaging: 0.7 };
  const differs = (method: Parameters<typeof relevantOptions>[0]) =>
    !sameOptions(relevantOptions(method, OPTIONS), relevantOptions(method, averaged));
  expect(differs('progmlp-incremental')).toBe(true);
  expect(['teacher', 'mlp', 'e-glnn', 'progmlp-paper'].some((m) => differs(m as 'mlp'))).toBe(
    false,
  );
});

test('relevantOptions() counts mixup by rules and disturbances for cascades, not for teachers', () => {
  const chosen: TrainOptions = {
    ...OPTIONS,
    mixupPairs: { partners: 'any', rows: 'taught', windows: 0, exclusive: [] },
    augmentation: { noise: 0.5, dropout: 0, drift: 0, schedule: 'constant' },
  };
  expect(relevantOptions('teacher', chosen)).toEqual(relevantOptions('teacher', OPTIONS));
  for (const key of ['mixupPairs', 'augmentation'] as const) {
    const one = { ...OPTIONS, [key]: chosen[key] };
    const [plain, other] = [OPTIONS, one].map((o) => relevantOptions('progmlp-additive', o));
    expect(sameOptions(plain, other)).toBe(false);
    expect(sameOptions(other, plain)).toBe(false);
  }
});

test('relevantOptions() of a teacher holds nothing of the students', () => {
  const other: TrainOptions = { ...OPTIONS, widths: [8], dropout: 0, mixupSign: 'prose' };
  expect(relevantOptions('teacher', other)).toEqual(relevantOptions('teacher', OPTIONS));
  const deeper = relevantOptions('teacher', { ...OPTIONS, teacherDepth: 3 });
  expect(deeper).not.toEqual(relevantOptions('teacher', OPTIONS));
  expect(relevantOptions('teacher', { ...OPTIONS, seed: 2 })).toMatchObject({ seed: 2 });
});

test('sameOptions() tells equal options from different ones at any depth', () => {
  const wanted = relevantOptions('progmlp-paper', OPTIONS);
  expect(sameOptions(wanted, structuredClone(wanted))).toBe(true);
  const other = { ...OPTIONS, student: { ...OPTIONS.student, alpha: 0.5 } };
  expect(sameOptions(relevantOptions('progmlp-paper', other), wanted)).toBe(false);
  expect(sameOptions({ ...wanted, gone: 1 }, wanted)).toBe(false);
  expect(sameOptions({ ...wanted, widths: [64] }, wanted)).toBe(false);
});

test('sameOptions() accepts a cell from before an option came, if the option has its default', () => {
  const wanted = relevantOptions('progmlp-paper', OPTIONS);
  const { mixupGamma: _, ...older } = wanted;
  expect(sameOptions(older, wanted)).toBe(true);
  expect(sameOptions(older, { ...wanted, mixupGamma: 0.5 })).toBe(false);
  const { beta: __, ...student } = wanted.student as Record<string, number>;
  expect(sameOptions({ ...wanted, student }, wanted)).toBe(true);
});
