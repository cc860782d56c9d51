// Parsers of lists on the command line: names from a set of choices, numbers and ranges.
import { InvalidArgumentError } from 'commander';

const parts = (text: string) => text.split(',').map((part) => part.trim());

/** A parser of comma-separated names, each one of `choices`. */
export function choicesOption<T extends string>(choices: readonly T[]) {
  return (text: string): T[] => {
    const names = [...new Set(parts(text))];
    const unknown = names.find((name) => !(choices as readonly string[]).includes(name));
    if (unknown === undefined) return names as T[];
    throw new InvalidArgumentError(`'${unknown}' is none of ${choices.join(', ')}.`);
  };
}

/** A parser of comma-separated names. */
export function namesOption(text: string): string[] {
  const names = [...new Set(parts(text))];
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('It must be names separated by commas.');
}

/** A hundred seeds are more than any table has. */
const MAX_SEEDS = 100;

/** `10` is the seeds 1 to 10; `3-5` and `1,4,7` are those named. */
export function seedsOption(text: string): number[] {
  const invalid = () =>
    new InvalidArgumentError(
      `It must be a number of seeds, a range like 1-10 or a list like 1,4,7; at most ${MAX_SEEDS}.`,
    );
  if (!/^\d{1,9}(-\d{1,9})?(,\d{1,9}(-\d{1,9})?)*$/.test(text)) throw invalid();
  const whole = /^\d+$/.test(text) ? `1-${text}` : text;
  const seeds = new Set<number>();
  for (const part of whole.split(',')) {
    const [from, to = from] = part.split('-').map(Number);
    if (to < from || to - from >= MAX_SEEDS) throw invalid();
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  if (seeds.size === 0 || seeds.size > MAX_SEEDS) throw invalid();
  return [...seeds].sort((a, b) => a - b);
}
