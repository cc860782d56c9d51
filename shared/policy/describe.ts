// A policy document in sentences, for people who compare two of them.
import { DEFAULT_RELEASE, type PolicyDocument } from './document-fields.ts';

const list = (names: readonly string[]) => names.join(', ');

function exceptionLine({ name, from, to, policy, like }: PolicyDocument['exceptions'][number]) {
  const dates = to === undefined || to === from ? from : `${from} to ${to}`;
  const what = policy === undefined ? `by the rules of ${like}` : `${policy} all day`;
  return `${dates} (${name}): ${what}`;
}

function ceiling({ perDay, unit, usdPerTeraMacs }: NonNullable<PolicyDocument['cost']>): string {
  if (unit === 'macs') return `at most ${perDay} MACs a day, then stage 1`;
  return `at most US$ ${perDay} a day at US$ ${usdPerTeraMacs} for 10¹² MACs, then stage 1`;
}

/** One sentence per rule, exception and step, in the order of the document. */
export function describePolicy(document: PolicyDocument): string[] {
  const { note, timeZone, otherwise, rules, exceptions, load, cost } = document;
  return [
    ...(note === undefined ? [] : [`note: ${note}`]),
    `time zone ${timeZone}`,
    `${otherwise} where no rule holds`,
    ...rules.map(({ days, from, to, policy }) => {
      const next = to < from ? ' of the next day' : '';
      return `${policy} from ${from} to ${to}${next}, beginning on ${list(days)}`;
    }),
    ...exceptions.map(exceptionLine),
    ...(load?.steps ?? []).map(({ at, release = at * DEFAULT_RELEASE, maxStage }) => {
      const measure = load?.measure.replaceAll('-', ' ');
      return `at most stage ${maxStage} from ${at} ${measure} on, until below ${release}`;
    }),
    ...(cost === undefined ? [] : [ceiling(cost)]),
    ...(cost?.steps ?? []).map(
      ({ at, maxStage }) => `at most stage ${maxStage} from ${100 * at} % of the day's ceiling on`,
    ),
  ];
}

/** What `after` no longer says and what it says anew. */
export function diffPolicies(before: PolicyDocument | undefined, after: PolicyDocument) {
  const [old, next] = [before === undefined ? [] : describePolicy(before), describePolicy(after)];
  return {
    removed: old.filter((line) => !next.includes(line)),
    added: next.filter((line) => !old.includes(line)),
  };
}
