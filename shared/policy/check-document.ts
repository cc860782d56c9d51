// What the fields of a policy document must be to each other.

import { dateOf, dayOf } from '../time-zone/index.ts';
import type { PolicyDocument } from './document-fields.ts';

export interface Complaint {
  readonly path: readonly (string | number)[];
  /** What is allowed, with an example. */
  readonly message: string;
}

/** A year of shutdown is a plant that is closed: somebody mistyped a year. */
const MAX_EXCEPTION_DAYS = 366;

type Check = (document: PolicyDocument) => Iterable<Complaint>;

const checkRules: Check = function* checkRules({ rules }) {
  for (const [index, { from, to }] of rules.entries()) {
    if (from !== to) continue;
    const message = `another time than from (${from}); a whole day is from "00:00" to "24:00", e.g. "24:00"`;
    yield { path: ['rules', index, 'to'], message };
  }
};

const checkExceptions: Check = function* checkExceptions({ exceptions }) {
  for (const [index, { from, to = from, policy, like }] of exceptions.entries()) {
    const path = ['exceptions', index];
    if ((policy === undefined) === (like === undefined)) {
      yield { path, message: 'either policy or like, e.g. "policy": "night"' };
    }
    const length = dayOf(to) - dayOf(from) + 1;
    // A date that is none has its own complaint already.
    if (Number.isNaN(length) || (length >= 1 && length <= MAX_EXCEPTION_DAYS)) continue;
    const last = dateOf(dayOf(from) + MAX_EXCEPTION_DAYS - 1);
    yield { path: [...path, 'to'], message: `a date from ${from} to ${last}, e.g. "${from}"` };
  }
  const sorted = exceptions
    .map(({ name, from, to = from }, index) => ({ name, from, to, index }))
    .filter(({ from, to }) => !Number.isNaN(dayOf(from) + dayOf(to)))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  for (const [place, { name, from, index }] of sorted.entries()) {
    const before = sorted[place - 1];
    if (before === undefined || before.to < from) continue;
    const next = dateOf(dayOf(before.to) + 1);
    const message = `a date that no other exception has, e.g. "${next}" ('${name}' meets '${before.name}')`;
    yield { path: ['exceptions', index, 'from'], message };
  }
};

interface Step {
  readonly at: number;
  readonly maxStage: number;
}

/** Steps climb in `at` and fall in `maxStage`. */
function* checkSteps(part: string, steps: readonly Step[]): Iterable<Complaint> {
  for (const [index, { at, maxStage }] of steps.entries()) {
    const before = steps[index - 1];
    if (before === undefined) continue;
    const path = [part, 'steps', index];
    if (at <= before.at) {
      const example = part === 'cost' ? (before.at + 1) / 2 : before.at * 2;
      yield { path: [...path, 'at'], message: `above that of the step before, e.g. ${example}` };
    }
    if (maxStage >= before.maxStage) {
      const deepest = before.maxStage - 1;
      const message =
        deepest < 1
          ? 'below that of the step before, which is 1 already: leave this step out, e.g. [{"at": 500, "maxStage": 1}]'
          : `below that of the step before, e.g. ${deepest}`;
      yield { path: [...path, 'maxStage'], message };
    }
  }
}

const checkLoad: Check = function* checkLoad({ load }) {
  if (load === undefined) return;
  yield* checkSteps('load', load.steps);
  for (const [index, { at, release }] of load.steps.entries()) {
    if (release === undefined || release < at) continue;
    const message = `below at (${at}), so that the step is not taken and left in turns, e.g. ${at * 0.8}`;
    yield { path: ['load', 'steps', index, 'release'], message };
  }
};

const checkCost: Check = function* checkCost({ cost }) {
  if (cost === undefined) return;
  yield* checkSteps('cost', cost.steps);
  if (cost.unit === 'usd' && cost.usdPerTeraMacs === undefined) {
    const message = 'the US$ that 10¹² multiply-accumulates cost you, as unit is usd, e.g. 0.6';
    yield { path: ['cost', 'usdPerTeraMacs'], message };
  }
};

/** Every complaint about a document whose fields are each valid. */
export function checkDocument(document: PolicyDocument): Complaint[] {
  return [checkRules, checkExceptions, checkLoad, checkCost].flatMap((check) => [
    ...check(document),
  ]);
}
