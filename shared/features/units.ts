// A value in the unit that its source states to the unit of its channel, in the same arithmetic
// everywhere: one whole-number multiplication, addition and division.
import { InputError } from '../error/index.ts';
import type { ChannelSpec } from './channel-spec.ts';
import type { Sample } from './sample.ts';
import { type Fraction, findUnits, plainSpelling, spellingsOf, type Unit } from './unit-table.ts';

/** `to = (value × factor + shift) / divisor` in float64. */
export interface UnitConversion {
  readonly factor: number;
  readonly shift: number;
  readonly divisor: number;
}

/** Spellings come from outside; a plant has dozens of pairs. */
const MAX_REMEMBERED = 1000;

const SAME: UnitConversion = { factor: 1, shift: 0, divisor: 1 };

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b);
}

const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d];
const minus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d - c * b, b * d];

/**
 * (v + s₁) f₁ = (w + s₂) f₂ solved for w, over one denominator. Fractions are exact; a number
 * beyond 2^53 (with psi only) is rounded once, here.
 */
function solve(from: Unit, to: Unit): UnitConversion {
  const [factor, factorDivisor] = times(from.factor, [to.factor[1], to.factor[0]]);
  const [shift, shiftDivisor] = minus(times(from.shift, [factor, factorDivisor]), to.shift);
  const numbers = [factor * shiftDivisor, shift * factorDivisor, factorDivisor * shiftDivisor];
  const common = numbers.reduce(gcd);
  const [a, b, c] = numbers.map((number) => Number(number / common));
  return { factor: a, shift: b, divisor: c };
}

/** `undefined` where no linear conversion is known, as between a temperature and a pressure. */
function findConversion(from: string, to: string): UnitConversion | undefined {
  // A channel without a unit promises none; units that are not known here may still be the same.
  if (to === '' || plainSpelling(from) === plainSpelling(to)) return SAME;
  const targets = findUnits(to);
  for (const unit of findUnits(from)) {
    const target = targets.find(({ quantity }) => quantity === unit.quantity);
    if (target !== undefined) return solve(unit, target);
  }
  return undefined;
}

/** By unit of the channel, then of the sample: no key to put together for each sample. */
const remembered = new Map<string, Map<string, UnitConversion | undefined>>();
let rememberedPairs = 0;

/**
 * How to convert between two units, by any of their spellings.
 *
 * @returns `undefined` where no linear conversion is known.
 */
export function unitConversion(from: string, to: string): UnitConversion | undefined {
  const known = remembered.get(to)?.get(from);
  if (known !== undefined || remembered.get(to)?.has(from)) return known;
  if (rememberedPairs++ >= MAX_REMEMBERED) {
    remembered.clear();
    rememberedPairs = 1;
  }
  const conversion = findConversion(from, to);
  const sources = remembered.get(to) ?? new Map<string, UnitConversion | undefined>();
  remembered.set(to, sources.set(from, conversion));
  return conversion;
}

function allowedFor(unit: string): string {
  const known = new Set([
    unit,
    ...findUnits(unit).flatMap(({ quantity }) => spellingsOf(quantity)),
  ]);
  return [...known].join(', ');
}

/**
 * The sample in its channel's unit. To be applied where samples enter, by trainer and gateway
 * alike, before they are pushed: an assembler does not look at units.
 *
 * @returns the sample itself where it states no unit or the same; else a new one without `unit`.
 * @throws {InputError} `unit-unknown` where the unit cannot be converted, or the value overflows.
 */
export function toChannelUnit(sample: Sample, channel: ChannelSpec): Sample {
  const { asset, time, unit, historical } = sample;
  if (unit === undefined || unit === channel.unit) return sample;
  const conversion = unitConversion(unit, channel.unit);
  if (conversion === undefined) {
    throw new InputError('unit-unknown', `Channel '${channel.name}' cannot be in '${unit}'`, {
      field: `${channel.name}.unit`,
      value: unit,
      allowed: allowedFor(channel.unit),
    });
  }
  const value = (sample.value * conversion.factor + conversion.shift) / conversion.divisor;
  if (!Number.isFinite(value) && Number.isFinite(sample.value)) {
    throw new InputError('unit-unknown', `The value of '${channel.name}' is too large to convert`, {
      field: channel.name,
      value: sample.value,
      allowed: `a finite number in ${channel.unit}`,
    });
  }
  const converted = { asset, channel: sample.channel, time, value };
  return historical === undefined ? converted : { ...converted, historical };
}
