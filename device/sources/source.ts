// What turns messages of a broker into samples. What a source remembers (alias tables) is a function
// of the messages alone, so that a restart can restore it and read the rest again.
import type { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';

export interface SourceMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Wall clock at arrival, milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The broker kept it: it may be of any age. */
  readonly retained: boolean;
}

/** What a source asks its sender to do, as Sparkplug's rebirth request. */
export interface SourceCommand {
  readonly topic: string;
  readonly payload: Uint8Array;
}

export interface Reading {
  readonly samples: readonly Sample[];
  readonly commands: readonly SourceCommand[];
  /** What of the message was not usable; the rest of it was. */
  readonly problems: readonly InputError[];
}

export interface Source {
  /** Subscriptions that bring all its messages. */
  readonly filters: readonly string[];
  /** Whether a message is this source's to read. */
  matches(topic: string): boolean;
  /** Never throws for what a message holds. Reads no clock. */
  read(message: SourceMessage): Reading;
  /** What it remembers, as plain data for JSON; `undefined` where it remembers nothing. */
  snapshot(): unknown;
}
