// The words after `npm run bench --`, checked against what there is to run.
import { parseArgs } from 'node:util';
import { InputError } from '@dandan/shared/error';
import type { Benchmark } from './benchmark.ts';

/** A median of more repetitions than this says nothing new about a ratio. */
const MAX_REPETITIONS = 100;

export type BenchCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  | { readonly kind: 'setup'; readonly json: boolean }
  | {
      readonly kind: 'run';
      readonly benchmark: Benchmark;
      /** Names of the cases to run, in the benchmark's order. */
      readonly cases: readonly string[];
      readonly json: boolean;
      readonly withPeers: boolean;
      readonly repetitions: number | undefined;
    };

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('option-invalid', `There is no ${field} '${value}' to run`, {
    field,
    value,
    allowed,
  });
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        only: { type: 'string', multiple: true, default: [] },
        repetitions: { type: 'string' },
        'no-peers': { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new InputError('option-invalid', (cause as Error).message, {
      field: 'option',
      allowed: '--json, --list, --only CASE, --repetitions N, --no-peers, --help',
      cause,
    });
  }
}

function parseRepetitions(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_REPETITIONS) return value;
  throw new InputError('option-invalid', 'A case cannot be repeated so often', {
    field: '--repetitions',
    value: text,
    allowed: `a whole number from 1 to ${MAX_REPETITIONS}`,
  });
}

/** `--only` chooses, also among the cases that run only when named; without it all others run. */
function chooseCases({ cases }: Benchmark, only: readonly string[]): string[] {
  const names = cases.map(({ name }) => name);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse('case', unknown, names.join(', '));
  if (only.length > 0) return names.filter((name) => only.includes(name));
  return cases.filter(({ optIn }) => !optIn).map(({ name }) => name);
}

/** @throws {InputError} `option-invalid`. */
export function parseCommand(
  words: readonly string[],
  benchmarks: readonly Benchmark[],
): BenchCommand {
  const { values, positionals } = parse(words);
  const { json, list, only } = values;
  if (values.help) return { kind: 'help' };
  if (list) return { kind: 'list' };
  const names = [...benchmarks.map(({ name }) => name), 'setup'].join(', ');
  const [name, ...rest] = positionals;
  if (name === undefined || rest.length > 0) refuse('benchmark', positionals.join(' '), names);
  if (name === 'setup') return { kind: 'setup', json };
  const benchmark =
    benchmarks.find((each) => each.name === name) ?? refuse('benchmark', name, names);
  return {
    kind: 'run',
    benchmark,
    cases: chooseCases(benchmark, only),
    json,
    withPeers: !values['no-peers'],
    repetitions: parseRepetitions(values.repetitions),
  };
}
