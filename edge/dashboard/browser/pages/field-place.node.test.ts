import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldPlace, pathOf, pretty } from './field-place.ts';

const document = {
  schema: 1,
  note: 'a "note" with [\\n lists ] in it',
  rules: [
    { days: ['mon', 'tue'], from: '22:00', to: '06:00', policy: 'night' },
    { days: ['sat'], from: '9:00', to: '06:00', policy: 'night' },
  ],
  exceptions: [],
};

function found(field: string): string {
  const { start, end } = fieldPlace(document, field);
  return pretty(document).slice(start, end);
}

test.each([
  ['schema', '1'],
  ['note', JSON.stringify(document.note)],
  ['rules[1].from', '"9:00"'],
  ['rules[0].days[1]', '"tue"'],
  ['rules[0].days', '["mon", "tue"]'],
  ['exceptions', '[]'],
])('fieldPlace() finds %s', (field, text) => {
  expect(found(field)).toBe(text);
});

test('fieldPlace() of a field over several lines is all of them', () => {
  expect(JSON.parse(found('rules[1]'))).toEqual(document.rules[1]);
  expect(JSON.parse(found('rules'))).toEqual(document.rules);
});

test('a field that is missing is looked for where it should be', () => {
  expect(JSON.parse(found('rules[0].until'))).toEqual(document.rules[0]);
  expect(JSON.parse(found('timeZone'))).toEqual(document);
  expect(JSON.parse(found('body'))).toEqual(document);
  for (const odd of [null, 7, 'x', []]) {
    const { start, end } = fieldPlace(odd, 'rules[0].from');
    expect(pretty(odd).slice(start, end)).toBe(pretty(odd));
  }
});

test('pathOf() reads what the edge writes', () => {
  expect(pathOf('cost.steps[10].maxStage')).toEqual(['cost', 'steps', 10, 'maxStage']);
});

test('pretty() is the same JSON, whatever it holds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(pretty(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('fieldPlace() finds every value of any document', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.jsonValue(), days: fc.array(fc.string()) }), { minLength: 1 }),
      fc.nat(),
      (rules, n) => {
        const index = n % rules.length;
        const { start, end } = fieldPlace({ rules }, `rules[${index}].at`);
        expect(JSON.parse(pretty({ rules }).slice(start, end))).toEqual(
          JSON.parse(JSON.stringify(rules[index].at)),
        );
      },
    ),
  );
});
