import { expect, test } from 'vitest';
import { compareAnswers } from './compare-answers.ts';
import { type Contender, decide, MIN_HELD_OUT, type RuleOptions } from './decide.ts';

const rule: RuleOptions = { rule: 'better', level: 0.01, margin: 0.02, maxCost: 1.25 };
const exit = { accuracy: 80, macsShare: 0.3, disagreement: 0 };
const contender: Contender = { exit, macs: 100, certified: true };

/** Rows of two classes: how many only the champion, only the challenger, and both have right. */
function seen(first: [number, number, number], second: [number, number, number] = [0, 0, 0]) {
  const rows: [label: number, champion: number, challenger: number][] = [];
  for (const [label, [champion, challenger, both]] of [first, second].entries()) {
    const other = 1 - label;
    for (let i = 0; i < champion; i++) rows.push([label, label, other]);
    for (let i = 0; i < challenger; i++) rows.push([label, other, label]);
    for (let i = 0; i < both; i++) rows.push([label, label, label]);
  }
  const [labels, champion, challenger] = [0, 1, 2].map((k) =>
    Int32Array.from(rows, (row) => row[k]),
  );
  const nodes = Int32Array.from(labels.keys());
  return compareAnswers({ nodes, labels, champion, challenger, classes: ['normal', 'leak'] });
}

const judge = (
  comparison: ReturnType<typeof seen>,
  changes: {
    rule?: Partial<RuleOptions>;
    challenger?: Partial<Contender>;
    champion?: Partial<Contender>;
  } = {},
) =>
  decide({
    comparison,
    champion: { ...contender, ...changes.champion },
    challenger: { ...contender, ...changes.challenger },
    rule: { ...rule, ...changes.rule },
  });

const failed = (decision: ReturnType<typeof judge>) =>
  decision.checks.filter(({ passed }) => !passed).map(({ name }) => name);

test('decide() releases what is shown to be better', () => {
  const decision = judge(seen([5, 25, 200]));
  expect(decision).toMatchObject({ outcome: 'release', rule: 'better', level: 0.01 });
  expect(decision.checks.map(({ name }) => name)).toEqual([
    'held-out',
    'accuracy',
    'classes',
    'cost',
    'certificate',
  ]);
  expect(failed(decision)).toEqual([]);
});

test.each<[string, Parameters<typeof judge>, string[]]>([
  ['a lead that chance explains', [seen([10, 16, 200])], ['accuracy']],
  ['an equal challenger', [seen([0, 0, 200])], ['accuracy']],
  ['a worse one', [seen([25, 5, 200])], ['accuracy', 'classes']],
  ['too few rows', [seen([0, 20, MIN_HELD_OUT - 21])], ['held-out']],
  ['a class that pays for the others', [seen([0, 60, 200], [12, 0, 20])], ['classes']],
  ['a dear one', [seen([5, 25, 200]), { challenger: { macs: 126 } }], ['cost']],
  ['no certificate', [seen([5, 25, 200]), { challenger: { certified: false } }], ['certificate']],
])('decide() keeps the champion before %s', (_, given, names) => {
  const decision = judge(...given);
  expect(decision.outcome).toBe('keep');
  expect(failed(decision)).toEqual(names);
});

test('decide() asks for no certificate that the champion has not', () => {
  const none = { certified: false };
  expect(judge(seen([5, 25, 200]), { champion: none, challenger: none }).outcome).toBe('release');
});

test('rule not-worse bounds what may be lost', () => {
  const notWorse = { rule: { rule: 'not-worse' as const } };
  expect(judge(seen([2, 2, 1000]), notWorse).outcome).toBe('release');
  // Equal, but on so few rows that two points could be lost.
  expect(failed(judge(seen([2, 2, 100]), notWorse))).toEqual(['accuracy']);
  expect(failed(judge(seen([30, 2, 1000]), notWorse))).toEqual(['accuracy', 'classes']);
});
