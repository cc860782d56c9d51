import { expect, test } from 'vitest';
import {
  ceilingMacs,
  costStep,
  decide,
  describePolicy,
  diffPolicies,
  nextCostStepAt,
  type PolicyDocument,
  policyDocumentSchema,
} from './index.ts';

const document = (fields: object): PolicyDocument =>
  policyDocumentSchema.parse({ schema: 1, timeZone: 'Asia/Tokyo', ...fields });

const NIGHT = { days: ['thu'], from: '22:00', to: '06:00', policy: 'night' };
const noon = Date.parse('2026-11-26T12:00+09:00');
const late = Date.parse('2026-11-26T23:00+09:00');

test('decide() gives the policy of the calendar and why', () => {
  const made = document({ rules: [NIGHT] });
  expect(decide({ document: made, at: noon })).toEqual({
    policy: 'day',
    loadStep: 0,
    reasons: [{ code: 'otherwise', text: 'day outside all windows, Asia/Tokyo' }],
    reason: 'day outside all windows, Asia/Tokyo',
  });
  const second = decide({ document: made, at: late });
  expect(second.reasons).toEqual([{ code: 'window', text: 'night window 22:00–06:00 Asia/Tokyo' }]);
  expect(decide({ document: made, at: late + 1 }), 'nothing made anew').toBe(second);
  expect(decide({ document: made, at: noon }).policy, 'also back in time').toBe('day');
});

test('a policy that the caller names is kept; caps hold all the same', () => {
  const made = document({
    rules: [NIGHT],
    load: { measure: 'rows-per-second', steps: [{ at: 10, maxStage: 2 }] },
    cost: { perDay: 100, unit: 'macs' },
  });
  const named = decide({ document: made, at: late, policy: 'day' });
  expect(named).toMatchObject({ policy: 'day', reason: 'day as asked' });
  expect(named.maxStage).toBeUndefined();
  expect(decide({ document: made, at: late, policy: 'day', load: 10 })).toMatchObject({
    policy: 'day',
    maxStage: 2,
    reason: 'day as asked; load of 10 rows per second: at most stage 2',
  });
  expect(decide({ document: made, at: noon, policy: 'day', spentMacs: 100 })).toMatchObject({
    policy: 'day',
    maxStage: 1,
  });
});

test('a step of load is taken at its load and left below its release', () => {
  const steps = [
    { at: 100, release: 70, maxStage: 3 },
    { at: 200, maxStage: 1 },
  ];
  const made = document({ load: { measure: 'requests-per-second', steps } });
  let loadStep = 0;
  const seen = [50, 99, 100, 71, 69, 250, 161, 159, 70, 69].map((load) => {
    const decision = decide({ document: made, at: noon, load, loadStep });
    loadStep = decision.loadStep;
    return decision.maxStage;
  });
  // 200 is left below 160, 80 % of it.
  expect(seen).toEqual([undefined, undefined, 3, 3, undefined, 1, 1, 3, 3, undefined]);
  const forgotten = decide({ document: made, at: noon, load: 90, loadStep: 99 });
  expect(forgotten.loadStep, 'of a document with more steps').toBe(1);
});

test('cost steps down in shares of the ceiling and ends at stage 1, never in a refusal', () => {
  const steps = [
    { at: 0.5, maxStage: 3 },
    { at: 0.8, maxStage: 2 },
  ];
  const made = document({ cost: { perDay: 2, unit: 'usd', usdPerTeraMacs: 0.5, steps } });
  const { cost } = made;
  if (cost === undefined) throw new Error('unreachable');
  expect(ceilingMacs(cost)).toBe(4e12);
  const decisions = [0, 1.9e12, 2e12, 3.2e12, 3.99e12, 4e12, 1e15].map((spentMacs) =>
    decide({ document: made, at: noon, spentMacs }),
  );
  expect(decisions.map(({ policy, maxStage }) => [policy, maxStage])).toEqual([
    ['day', undefined],
    ['day', undefined],
    ['day', 3],
    ['day', 2],
    ['day', 2],
    ['night', 1],
    ['night', 1],
  ]);
  expect(decisions[3].reasons[1]).toEqual({
    code: 'cost',
    text: "80 % of the day's ceiling of US$ 2 are spent: at most stage 2",
  });
  expect(decisions[6].reasons[1]).toEqual({
    code: 'cost-spent',
    text: "the day's ceiling of US$ 2 is spent: stage 1",
  });
  for (const step of [0, 1, 2]) {
    const next = nextCostStepAt(cost, step);
    expect(costStep(cost, next)).toBe(step + 1);
    expect(costStep(cost, next * (1 - 1e-9))).toBe(step);
  }
  expect(nextCostStepAt(cost, 3)).toBe(Number.POSITIVE_INFINITY);
});

test('of two caps the lower stage holds, and both are told', () => {
  const made = document({
    load: { measure: 'cpu-share', steps: [{ at: 0.9, maxStage: 1 }] },
    cost: { perDay: 100, unit: 'macs', steps: [{ at: 0.8, maxStage: 2 }] },
  });
  const decision = decide({ document: made, at: noon, load: 1.2, spentMacs: 90 });
  expect(decision.maxStage).toBe(1);
  expect(decision.reasons.map(({ code }) => code)).toEqual(['otherwise', 'load', 'cost']);
});

test('describePolicy() says every part, diffPolicies() what changed', () => {
  const before = document({ rules: [NIGHT] });
  const after = document({
    rules: [{ ...NIGHT, from: '21:00' }],
    exceptions: [{ name: 'New Year', from: '2026-12-29', to: '2027-01-03', policy: 'night' }],
    load: { measure: 'rows-per-second', steps: [{ at: 500, maxStage: 2 }] },
    cost: { perDay: 1, unit: 'usd', usdPerTeraMacs: 0.6, steps: [{ at: 0.8, maxStage: 2 }] },
  });
  expect(describePolicy(after)).toEqual([
    'time zone Asia/Tokyo',
    'day where no rule holds',
    'night from 21:00 to 06:00 of the next day, beginning on thu',
    '2026-12-29 to 2027-01-03 (New Year): night all day',
    'at most stage 2 from 500 rows per second on, until below 400',
    'at most US$ 1 a day at US$ 0.6 for 10¹² MACs, then stage 1',
    "at most stage 2 from 80 % of the day's ceiling on",
  ]);
  expect(diffPolicies(before, after)).toEqual({
    removed: ['night from 22:00 to 06:00 of the next day, beginning on thu'],
    added: describePolicy(after).slice(2),
  });
  expect(diffPolicies(undefined, before).added).toEqual(describePolicy(before));
});
