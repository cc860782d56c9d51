import { expect, test } from 'vitest';
import { createMixupSchedule } from './mixup-schedule.ts';

test('createMixupSchedule() averages with σ = 0.1 and steps by γ(ℓ̄ − τ), by hand', () => {
  const schedule = createMixupSchedule({ sign: 'printed' });
  expect(schedule.lambda).toBe(0.1);
  // ℓ̄: 1, then 0.1·1 + 0.9·0.5 = 0.55, then 0.055 + 0.9·0.2 = 0.235.
  for (const loss of [1, 0.5, 0.2]) schedule.observe(loss);
  expect(schedule.lambda, 'λ is fixed while a student trains').toBe(0.1);
  schedule.nextStudent();
  // 0.1 + 0.1 (0.235 − 0.1) = 0.1135.
  expect(schedule.lambda).toBeCloseTo(0.1135, 12);
});

test("createMixupSchedule() with the prose's sign grows as the loss falls", () => {
  const schedule = createMixupSchedule({ sign: 'prose', initial: 0.2, gamma: 0.5, level: 0.3 });
  schedule.observe(0.1);
  schedule.nextStudent();
  // 0.2 + 0.5 (0.3 − 0.1) = 0.3.
  expect(schedule.lambda).toBeCloseTo(0.3, 12);
  schedule.observe(0.5);
  schedule.nextStudent();
  // 0.3 + 0.5 (0.3 − 0.5) = 0.2.
  expect(schedule.lambda).toBeCloseTo(0.2, 12);
});

test('createMixupSchedule() weighs the past by σ', () => {
  const schedule = createMixupSchedule({ sign: 'printed', sigma: 0.75, gamma: 1, level: 0 });
  schedule.observe(0.2);
  schedule.observe(0.4);
  schedule.nextStudent();
  // 0.1 + 0.75·0.2 + 0.25·0.4 = 0.35.
  expect(schedule.lambda).toBeCloseTo(0.35, 12);
});

test('createMixupSchedule() starts a new average with every student', () => {
  const schedule = createMixupSchedule({ sign: 'printed', gamma: 1, level: 0.1, initial: 0 });
  schedule.observe(0.3);
  schedule.nextStudent();
  expect(schedule.lambda).toBeCloseTo(0.2, 12);
  schedule.observe(0.1);
  schedule.nextStudent();
  expect(schedule.lambda).toBeCloseTo(0.2, 12);
  schedule.nextStudent();
  expect(schedule.lambda, 'no loss was seen').toBeCloseTo(0.2, 12);
});

test.each([
  ['printed', 100, 0.5],
  ['printed', 0, 0],
  ['prose', 100, 0],
  ['prose', 0, 0.5],
] as const)('createMixupSchedule() clips to 0..½: %s sign, loss %d', (sign, loss, lambda) => {
  const schedule = createMixupSchedule({ sign, gamma: 10, level: 0.1 });
  schedule.observe(loss);
  schedule.nextStudent();
  expect(schedule.lambda).toBe(lambda);
});

test.each([-0.01, 0.51, Number.NaN])('createMixupSchedule() refuses λ = %d', (initial) => {
  expect(() => createMixupSchedule({ sign: 'printed', initial })).toThrow(
    `'initial' must be between 0 and 0.5: it is ${initial}`,
  );
});
