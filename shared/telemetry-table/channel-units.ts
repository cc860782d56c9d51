// One unit for each channel of a history, whatever its files state.
import { toChannelUnit } from '../features/index.ts';

export interface ChannelUnits {
  /** Tells of a unit that a table states. The first one counts where the channel has none yet. */
  state(channel: string, unit: string): void;
  /** '' where nobody stated one. */
  unitOf(channel: string): string;
  /** Units that tables stated, in the order found. */
  found(channel: string): readonly string[];
  /**
   * The value in the channel's unit, by {@linkcode toChannelUnit}.
   *
   * @throws {InputError} `unit-unknown`.
   */
  convert(channel: string, unit: string, value: number): number;
}

/** `channels`: those whose unit is set; '' sets none. @default {none} */
export function createChannelUnits(
  channels: readonly { readonly name: string; readonly unit: string }[] = [],
): ChannelUnits {
  const units = new Map(channels.map(({ name, unit }) => [name, unit]));
  const stated = new Map<string, string[]>();
  const unitOf = (channel: string) => units.get(channel) ?? '';
  return {
    unitOf,
    found: (channel) => stated.get(channel) ?? [],
    state(channel, unit) {
      if (unit === '') return;
      if (unitOf(channel) === '') units.set(channel, unit);
      const known = stated.get(channel);
      if (known === undefined) stated.set(channel, [unit]);
      else if (!known.includes(unit)) known.push(unit);
    },
    convert(channel, unit, value) {
      const target = unitOf(channel);
      if (unit === target) return value;
      const sample = { asset: '', channel, time: 0, value, unit };
      return toChannelUnit(sample, { name: channel, unit: target }).value;
    },
  };
}
