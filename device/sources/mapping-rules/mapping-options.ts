// What a mapping may say, as the configuration has it.
import type { ChannelRules } from '../naming/index.ts';

export interface NumberForms {
  /** true and false as 1 and 0. */
  readonly booleans: boolean;
  /** Text that is a number, as "21.5". */
  readonly numericStrings: boolean;
}

export type TimeUnit = 's' | 'ms' | 'us' | 'iso';

export interface MappingOptions extends NumberForms {
  /** Topics with named levels: `factory/{line}/{asset}/{channel}`. */
  readonly topic: string;
  /** Name of the asset: a template of the topic's levels, or a path. @default {'{asset}'} */
  readonly asset?: string | undefined;
  /** Name of the channel, likewise. @default {'{channel}', unless `values` has the names} */
  readonly channel?: string | undefined;
  /** A path with `[*]` to readings in one message; `@` in other paths is the reading. */
  readonly each?: string | undefined;
  /** Path of the one value. Without it and `values` the payload is a number as text. */
  readonly value?: string | undefined;
  /** Paths of several values by channel, or the path of an object of numbers by channel. */
  readonly values?: string | Readonly<Record<string, string>> | undefined;
  /** Where the time stands. @default {time of arrival} */
  readonly time?: { readonly path: string; readonly unit: TimeUnit } | undefined;
  /** Channels by their names in topic or payload. */
  readonly channels: ChannelRules;
  /** Channels without a rule are not read. */
  readonly listedOnly: boolean;
  /** Assets by their names in topic or payload. */
  readonly assets: Readonly<Record<string, string>>;
  /**
   * What the broker kept has no time but its own: `skip` it unless it states one, or take it
   * as `current`, where senders publish changes only.
   */
  readonly retained: 'skip' | 'current';
}
