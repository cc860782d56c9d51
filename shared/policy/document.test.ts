import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decide,
  describePolicy,
  MAX_EXCEPTIONS,
  MAX_RULES,
  nextChange,
  policyDocumentSchema,
} from './index.ts';

const RULE = { days: ['mon'], from: '22:00', to: '06:00', policy: 'night' };
const EXCEPTION = { name: 'Holiday', from: '2026-11-03', like: 'sun' };
const STEP = { at: 500, maxStage: 2 };
const valid = { schema: 1, timeZone: 'Asia/Tokyo' };

test('a document needs its schema and a time zone; the rest has defaults', () => {
  expect(policyDocumentSchema.parse(valid)).toEqual({
    ...valid,
    otherwise: 'day',
    rules: [],
    exceptions: [],
  });
});

test('a document is written in one order whatever order it came in', () => {
  const { days, ...rest } = RULE;
  const one = policyDocumentSchema.parse({ ...valid, rules: [RULE] });
  const two = policyDocumentSchema.parse({ rules: [{ ...rest, days }], ...valid });
  expect(JSON.stringify(two)).toBe(JSON.stringify(one));
});

const refused: [string, object, (string | number)[], string][] = [
  ['no time zone', { timeZone: undefined }, ['timeZone'], 'e.g. "Asia/Tokyo"'],
  ['an unknown zone', { timeZone: 'Asia/Tokio' }, ['timeZone'], 'e.g. "Asia/Tokyo"'],
  ['an offset', { timeZone: '+09:00' }, ['timeZone'], 'IANA'],
  ['a long zone', { timeZone: 'A'.repeat(10_000) }, ['timeZone'], 'IANA'],
  ['another schema', { schema: 2 }, ['schema'], 'e.g. "schema": 1'],
  ['an unknown policy', { otherwise: 'dusk' }, ['otherwise'], 'one of day, night, e.g. "day"'],
  ['an unknown field', { rule: [] }, [], 'not rule'],
  ['a rule as text', { rules: ['night'] }, ['rules', 0], 'e.g. {"days"'],
  ['no list of rules', { rules: {} }, ['rules'], 'at most 32 rules'],
  ['too many rules', { rules: Array(MAX_RULES + 1).fill(RULE) }, ['rules'], 'at most 32 rules'],
  ['no days', { rules: [{ ...RULE, days: [] }] }, ['rules', 0, 'days'], '["mon", "tue"]'],
  ['a day twice', { rules: [{ ...RULE, days: ['mon', 'mon'] }] }, ['rules', 0, 'days'], 'weekdays'],
  ['a German day', { rules: [{ ...RULE, days: ['mo'] }] }, ['rules', 0, 'days', 0], 'e.g. "sun"'],
  ['a time of 24', { rules: [{ ...RULE, from: '24:00' }] }, ['rules', 0, 'from'], 'e.g. "22:00"'],
  ['a short time', { rules: [{ ...RULE, to: '6:00' }] }, ['rules', 0, 'to'], 'e.g. "06:00"'],
  ['a number as time', { rules: [{ ...RULE, from: 22 }] }, ['rules', 0, 'from'], 'e.g. "22:00"'],
  ['an empty window', { rules: [{ ...RULE, to: '22:00' }] }, ['rules', 0, 'to'], 'e.g. "24:00"'],
  [
    'a date that is none',
    { exceptions: [{ ...EXCEPTION, from: '2026-02-30' }] },
    ['exceptions', 0, 'from'],
    'e.g. "2027-01-03"',
  ],
  [
    'a month that is none, beside another date',
    { exceptions: [EXCEPTION, { ...EXCEPTION, from: '2027-13-01' }] },
    ['exceptions', 1, 'from'],
    'e.g. "2027-01-03"',
  ],
  [
    'a last date that is none',
    { exceptions: [{ ...EXCEPTION, to: '2027-99-99' }, EXCEPTION] },
    ['exceptions', 0, 'to'],
    'e.g. "2027-01-03"',
  ],
  [
    'a date of another age',
    { exceptions: [{ ...EXCEPTION, from: '1999-12-31' }] },
    ['exceptions', 0, 'from'],
    'years 2000 to 2099',
  ],
  [
    'dates that go back',
    { exceptions: [{ ...EXCEPTION, to: '2026-11-02' }] },
    ['exceptions', 0, 'to'],
    'e.g. "2026-11-03"',
  ],
  [
    'a mistyped year',
    { exceptions: [{ ...EXCEPTION, to: '2062-11-04' }] },
    ['exceptions', 0, 'to'],
    'to 2027-11-03',
  ],
  [
    'neither policy nor like',
    { exceptions: [{ name: 'x', from: '2026-11-03' }] },
    ['exceptions', 0],
    'e.g. "policy": "night"',
  ],
  [
    'both policy and like',
    { exceptions: [{ ...EXCEPTION, policy: 'night' }] },
    ['exceptions', 0],
    'either policy or like',
  ],
  [
    'exceptions that meet',
    {
      exceptions: [
        { ...EXCEPTION, to: '2026-11-05' },
        { ...EXCEPTION, from: '2026-11-05' },
      ],
    },
    ['exceptions', 1, 'from'],
    'e.g. "2026-11-06"',
  ],
  [
    'too many exceptions',
    { exceptions: Array(MAX_EXCEPTIONS + 1).fill(EXCEPTION) },
    ['exceptions'],
    'at most 250',
  ],
  [
    'a measure nobody has',
    { load: { measure: 'rows', steps: [STEP] } },
    ['load', 'measure'],
    'one of requests-per-second',
  ],
  ['no steps', { load: { measure: 'cpu-share', steps: [] } }, ['load', 'steps'], '1 to 16'],
  [
    'steps that go down',
    { load: { measure: 'cpu-share', steps: [STEP, { at: 400, maxStage: 1 }] } },
    ['load', 'steps', 1, 'at'],
    'e.g. 1000',
  ],
  [
    'a deeper step',
    { load: { measure: 'cpu-share', steps: [STEP, { at: 600, maxStage: 2 }] } },
    ['load', 'steps', 1, 'maxStage'],
    'e.g. 1',
  ],
  [
    'a release above its step',
    { load: { measure: 'cpu-share', steps: [{ ...STEP, release: 500 }] } },
    ['load', 'steps', 0, 'release'],
    'e.g. 400',
  ],
  ['stage 0', { load: { measure: 'cpu-share', steps: [{ at: 1, maxStage: 0 }] } }, [], 'e.g. 2'],
  ['a free day', { cost: { perDay: 0, unit: 'macs' } }, ['cost', 'perDay'], 'e.g. 2.5'],
  [
    'an endless day',
    { cost: { perDay: Number.POSITIVE_INFINITY, unit: 'macs' } },
    ['cost', 'perDay'],
    'e.g. 2.5',
  ],
  ['no price', { cost: { perDay: 2, unit: 'usd' } }, ['cost', 'usdPerTeraMacs'], 'e.g. 0.6'],
  [
    'a step at the ceiling',
    { cost: { perDay: 2, unit: 'macs', steps: [{ at: 1, maxStage: 1 }] } },
    ['cost', 'steps', 0, 'at'],
    'e.g. 0.8',
  ],
];

test.each(refused)('%s is refused with its field and an example', (_, fields, path, text) => {
  const result = policyDocumentSchema.safeParse({ ...valid, ...fields });
  const issue = result.error?.issues[0];
  if (path.length > 0) expect(issue?.path).toEqual(path);
  expect(issue?.message).toContain(text);
  expect(issue?.message).toMatch(/e\.g\.|only the fields/);
});

test.each([[], null, 'night', 7])('%j is no document', (input) => {
  const message = policyDocumentSchema.safeParse(input).error?.issues[0].message;
  expect(message).toContain('e.g. {"schema": 1, "timeZone": "Asia/Tokyo"');
});

test('any JSON in any field is refused with words, or decides', () => {
  const field = fc.constantFrom(
    'timeZone',
    'otherwise',
    'rules',
    'exceptions',
    'load',
    'cost',
    'note',
    'x',
  );
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constant([RULE]),
    fc.constant([EXCEPTION]),
    fc.constant({ measure: 'cpu-share', steps: [STEP] }),
    fc.constant({ perDay: 5, unit: 'macs', steps: [{ at: 0.5, maxStage: 2 }] }),
    fc.constantFrom('Europe/Berlin', 'night', 'toString', '__proto__', '2026-11-03'),
  );
  let decided = 0;
  fc.assert(
    fc.property(fc.dictionary(field, odd, { maxKeys: 4 }), (fields) => {
      const result = policyDocumentSchema.safeParse({ ...valid, ...fields });
      if (!result.success) {
        expect(result.error.issues[0].message).toMatch(/e\.g\.|only the fields/);
        return;
      }
      decided++;
      const document = result.data;
      const at = Date.UTC(2026, 10, 2, 12);
      const decision = decide({ document, at, load: 600, spentMacs: 4 });
      expect(decision.reason.length).toBeGreaterThan(0);
      expect(describePolicy(document).length).toBeGreaterThan(1);
      expect(nextChange(document, at) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at);
    }),
    { numRuns: 2000 },
  );
  expect(decided).toBeGreaterThan(50);
});
