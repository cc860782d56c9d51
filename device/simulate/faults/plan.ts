// Which faults a simulation injects: plain data, checked once.
import { InputError } from '@dandan/shared/error';

/** A fault that comes and goes: the share of time it holds and how long it lasts on average. */
export interface SpellPlan {
  /** 0..0.95. */
  readonly share: number;
  readonly meanMs: number;
}

export interface SkewPlan {
  /** Assets it holds for; `*` stands for any characters. */
  readonly assets: string;
  readonly kind: 'constant' | 'drift' | 'jump';
  /** `constant`, `jump`: milliseconds. `drift`: milliseconds an hour. */
  readonly amount: number;
  /** `jump`: so long after the first sample. @default {0} */
  readonly afterMs?: number;
}

export interface FaultPlan {
  /** Share of messages that are lost. */
  readonly drop?: number;
  /** Nothing gets through; with `keeps`, all of it comes at once when the spell ends. */
  readonly outage?: SpellPlan & { readonly keeps: boolean };
  /** Share of messages that come twice. */
  readonly duplicate?: number;
  /** Each message is late by a uniform time of up to so many milliseconds. */
  readonly reorderMs?: number;
  readonly latency?: { readonly meanMs: number; readonly jitterMs: number };
  readonly skew?: readonly SkewPlan[];
  /** A channel repeats its last value. */
  readonly stuck?: SpellPlan;
  /** Gaussian noise, in deviations of the channel so far. */
  readonly noise?: number;
  /** A channel is silent. */
  readonly gap?: SpellPlan;
  /** A channel reports in another unit. */
  readonly unit?: SpellPlan;
  /** Share of messages followed by one that no gateway can read. */
  readonly garbage?: number;
  /** Share of messages that the broker is told to keep. */
  readonly retained?: number;
}

/** A channel that is never well again has nothing left to test. */
const MAX_SPELL_SHARE = 0.95;

/** Messages wait in memory for as long as they are late. */
const MAX_LATE_MS = 3_600_000;

function range(field: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new InputError('option-invalid', `A simulation cannot have ${field} = ${value}`, {
    field,
    value,
    allowed: `${least}..${most}`,
  });
}

/** @returns the plan. @throws {InputError} `option-invalid`. */
export function checkPlan(plan: FaultPlan): FaultPlan {
  const { drop, duplicate, garbage, retained, noise, reorderMs, latency, skew = [] } = plan;
  for (const [field, share] of Object.entries({ drop, duplicate, garbage, retained })) {
    range(field, share, 0, 1);
  }
  for (const field of ['outage', 'stuck', 'gap', 'unit'] as const) {
    range(field, plan[field]?.share, 0, MAX_SPELL_SHARE);
    range(`${field} length`, plan[field]?.meanMs, 1, 24 * 3_600_000);
  }
  range('noise', noise, 0, 1000);
  range('reorder', reorderMs, 0, MAX_LATE_MS);
  range('latency', latency?.meanMs, 0, MAX_LATE_MS);
  range('jitter', latency?.jitterMs, 0, MAX_LATE_MS);
  for (const { amount, afterMs } of skew) {
    // Ten years: a clock whose battery is empty starts in 1970, one with a typing error in 2036.
    range('skew', amount, -3.2e11, 3.2e11);
    range('skew start', afterMs, 0, 3.2e11);
  }
  return plan;
}
