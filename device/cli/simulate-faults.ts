// Flags of `dandan-gateway simulate` that make up the plan of faults.
import { InputError } from '@dandan/shared/error';
import type { FaultPlan, SkewPlan, SpellPlan } from '../simulate/index.ts';

/** As commander gives them. */
export interface FaultFlags {
  readonly drop?: string;
  readonly outage?: string;
  readonly outageKeeps?: boolean;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly latency?: string;
  readonly skew?: readonly string[];
  readonly stuck?: string;
  readonly noise?: string;
  readonly gap?: string;
  readonly unitMistake?: string;
  readonly garbage?: string;
  readonly retained?: string;
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function refuse(field: string, value: string, allowed: string): never {
  throw new InputError('option-invalid', `${field} cannot be '${value}'`, {
    field,
    value,
    allowed,
  });
}

/** @throws {InputError} `option-invalid`. */
export function parseNumber(field: string, text: string): number {
  return NUMBER.test(text) ? Number(text) : refuse(field, text, 'a number');
}

/** One or two numbers, comma-separated. */
function parsePair(field: string, text: string, second: number): readonly [number, number] {
  const parts = text.split(',');
  if (parts.length > 2) refuse(field, text, 'one or two numbers, split by a comma');
  const [first, other = second] = parts.map((part) => parseNumber(field, part));
  return [first, other];
}

/** Mean length of a spell where none is given: an outage of a minute, a sensor stuck for ten. */
const SPELL_SECONDS = { outage: 60, stuck: 600, gap: 300, unit: 1800 } as const;

function parseSpell(field: keyof typeof SPELL_SECONDS, text: string): SpellPlan {
  const [share, seconds] = parsePair(`--${field}`, text, SPELL_SECONDS[field]);
  return { share, meanMs: seconds * 1000 };
}

const SKEW = /^(.{1,64})=(constant|drift|jump):(-?\d+)(?:@(\d+))?$/;

function parseSkew(text: string): SkewPlan {
  const match = SKEW.exec(text);
  if (match === null) {
    const forms = 'press-*=constant:MS, press-1=drift:MS_AN_HOUR, *=jump:MS@SECONDS_FROM_START';
    return refuse('--skew', text, forms);
  }
  const [, assets, kind, amount, after = '0'] = match;
  return {
    assets,
    kind: kind as SkewPlan['kind'],
    amount: Number(amount),
    afterMs: Number(after) * 1000,
  };
}

/** @throws {InputError} `option-invalid`. */
export function parseFaults(flags: FaultFlags): FaultPlan {
  const { drop, duplicate, garbage, retained, noise, reorder, latency, skew } = flags;
  const { outage, outageKeeps = false, stuck, gap, unitMistake } = flags;
  const numbers = { drop, duplicate, garbage, retained, noise };
  const shares = Object.entries(numbers).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, parseNumber(`--${name}`, text)] as const],
  );
  const [meanMs, jitterMs] = latency === undefined ? [0, 0] : parsePair('--latency', latency, 0);
  return {
    ...Object.fromEntries(shares),
    ...(reorder === undefined ? {} : { reorderMs: 1000 * parseNumber('--reorder', reorder) }),
    ...(latency === undefined ? {} : { latency: { meanMs, jitterMs } }),
    ...(skew === undefined ? {} : { skew: skew.map(parseSkew) }),
    ...(outage === undefined
      ? {}
      : { outage: { ...parseSpell('outage', outage), keeps: outageKeeps } }),
    ...(stuck === undefined ? {} : { stuck: parseSpell('stuck', stuck) }),
    ...(gap === undefined ? {} : { gap: parseSpell('gap', gap) }),
    ...(unitMistake === undefined ? {} : { unit: parseSpell('unit', unitMistake) }),
  };
}
