// Faults of a sensor or its wiring: gaps, stuck values, noise, values in another unit.
import type { Random } from '@dandan/shared/random';
import type { FaultKind, SentSample, TellTruth, Transform } from './fault.ts';
import type { SpellPlan } from './plan.ts';
import { createSpells, type Spell, type Spells } from './spells.ts';

interface ChannelState {
  readonly spells: Spells;
  told: Spell | undefined;
  /** Value before the spell. */
  last: number | undefined;
}

export interface ChannelFaultOptions {
  readonly random: Random;
  readonly plan: SpellPlan;
  readonly tell: TellTruth;
}

const channelKey = ({ asset, channel }: SentSample) => `${asset}/${channel}`;

/** Spells of one kind, independent for every channel of every asset. */
function createChannelFault(
  fault: FaultKind,
  { random, plan, tell }: ChannelFaultOptions,
  act: (sample: SentSample, state: ChannelState) => SentSample | undefined,
  describe: (sample: SentSample, state: ChannelState) => { amount?: number; detail?: string },
): Transform<SentSample> {
  const states = new Map<string, ChannelState>();
  return function* (sample) {
    const key = channelKey(sample);
    let state = states.get(key);
    if (state === undefined) {
      state = { spells: createSpells(random.fork(key), plan), told: undefined, last: undefined };
      states.set(key, state);
    }
    const spell = state.spells(sample.sentAt);
    if (spell === undefined) {
      state.last = sample.value;
      yield sample;
      return;
    }
    if (state.told !== spell) {
      state.told = spell;
      const { asset, channel } = sample;
      tell({ fault, ...spell, asset, channel, ...describe(sample, state) });
    }
    const changed = act(sample, state);
    if (changed !== undefined) yield changed;
  };
}

/** The channel is silent. */
export function injectGaps(options: ChannelFaultOptions): Transform<SentSample> {
  return createChannelFault(
    'gap',
    options,
    () => undefined,
    () => ({}),
  );
}

/** The channel repeats the value it had before. `amount`: that value. */
export function injectStuck(options: ChannelFaultOptions): Transform<SentSample> {
  const held = (sample: SentSample, state: ChannelState) => state.last ?? sample.value;
  return createChannelFault(
    'stuck',
    options,
    (sample, state) => {
      state.last = held(sample, state);
      return { ...sample, value: state.last };
    },
    (sample, state) => ({ amount: held(sample, state) }),
  );
}

interface Conversion {
  readonly to: string;
  readonly factor: number;
  readonly offset: number;
}

/** What somebody who sets up a sensor gets wrong, by the unit that was meant. */
const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map([
  ['°C', { to: '°F', factor: 1.8, offset: 32 }],
  ['bar', { to: 'psi', factor: 14.503773773, offset: 0 }],
  ['mm/s', { to: 'in/s', factor: 1 / 25.4, offset: 0 }],
  ['l/min', { to: 'm³/h', factor: 0.06, offset: 0 }],
]);

/** Where the unit is unknown: milli instead of the unit itself. */
const MILLI: Conversion = { to: 'milli', factor: 1000, offset: 0 };

/** The channel reports in another unit. `detail`: which; `amount`: the factor. */
export function injectUnitMistakes(
  options: ChannelFaultOptions & { readonly units: ReadonlyMap<string, string> },
): Transform<SentSample> {
  const { units } = options;
  const conversionOf = ({ channel }: SentSample) =>
    CONVERSIONS.get(units.get(channel) ?? '') ?? MILLI;
  return createChannelFault(
    'unit',
    options,
    (sample) => {
      const { factor, offset } = conversionOf(sample);
      return { ...sample, value: sample.value * factor + offset };
    },
    (sample) => ({ amount: conversionOf(sample).factor, detail: conversionOf(sample).to }),
  );
}

/** Gaussian noise in deviations of the channel so far. `amount`: the factor, told once a channel. */
export function injectNoise(options: {
  readonly random: Random;
  readonly factor: number;
  readonly tell: TellTruth;
}): Transform<SentSample> {
  const { random, factor, tell } = options;
  const states = new Map<
    string,
    { random: Random; count: number; mean: number; squares: number }
  >();
  return function* (sample) {
    const key = channelKey(sample);
    let state = states.get(key);
    if (state === undefined) {
      state = { random: random.fork(key), count: 0, mean: 0, squares: 0 };
      states.set(key, state);
      const { asset, channel, sentAt: from } = sample;
      tell({ fault: 'noise', from, asset, channel, amount: factor });
    }
    // Welford's running variance.
    const delta = sample.value - state.mean;
    state.count++;
    state.mean += delta / state.count;
    state.squares += delta * (sample.value - state.mean);
    const deviation = Math.sqrt(state.squares / state.count);
    yield { ...sample, value: sample.value + factor * deviation * state.random.normal() };
  };
}
