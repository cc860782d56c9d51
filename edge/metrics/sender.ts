// Carries sums from the isolate to the meters: numbered, in order, and again where a send failed.
import type { Bindings } from '../env.ts';
import type { Accumulator } from './accumulator.ts';
import { dataPoints } from './data-points.ts';
import type { Flush } from './flush.ts';

/** Milliseconds from the first observation to its flush: one call a second and model at most. */
export const FLUSH_DELAY_MS = 1000;

/** A flush that has not ended after this was cut off with its request: another one starts. */
const STUCK_MS = 30_000;

/** Flushes kept while a meter does not answer: a minute of one model. Then the oldest go. */
export const MAX_UNSENT = 60;

export interface Sender {
  /** Sees to it that what is in the accumulator is sent. */
  schedule(env: Bindings, waitUntil: (promise: Promise<unknown>) => void): void;
}

export interface SenderOptions {
  readonly accumulator: Accumulator;
  /** @default {FLUSH_DELAY_MS} */
  readonly delayMs?: number;
  /** Milliseconds. @default {Date.now} */
  readonly now?: () => number;
}

/** A sender for one isolate. */
export function createSender(options: SenderOptions): Sender {
  const { accumulator, delayMs = FLUSH_DELAY_MS, now = Date.now } = options;
  let started: number | undefined;
  let unsent: readonly Flush[] = [];
  let isolate: string | undefined;
  let sequence = 0;

  /** Numbers what has been summed up and puts it behind what waits. */
  function queue(env: Bindings): void {
    // Not at start-up, where Workers have no random numbers.
    isolate ??= crypto.randomUUID();
    const name = isolate;
    const taken = accumulator
      .take()
      .map((sums) => ({ ...sums, isolate: name, sequence: ++sequence }));
    for (const flush of taken) {
      for (const point of dataPoints(flush)) env.ANALYTICS?.writeDataPoint(point);
    }
    if (env.METER !== undefined) unsent = [...unsent, ...taken].slice(-MAX_UNSENT);
  }

  async function send(meter: NonNullable<Bindings['METER']>): Promise<void> {
    const failed = new Set<string>();
    for (const flush of unsent) {
      // A later flush must not overtake: the meter takes a lower number for a repetition.
      if (failed.has(flush.model)) continue;
      try {
        await meter.getByName(flush.model).record(flush);
        unsent = unsent.filter((each) => each !== flush);
      } catch (error) {
        failed.add(flush.model);
        // biome-ignore lint/suspicious/noConsole: a Worker's log is the only place where this shows.
        console.warn(`The meter of '${flush.model}' did not answer; its figures wait`, error);
      }
    }
  }

  async function flush(env: Bindings): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    queue(env);
    // What comes while this sends needs a flush of its own.
    started = undefined;
    if (env.METER !== undefined) await send(env.METER);
  }

  return {
    schedule(env, waitUntil) {
      const at = now();
      if (started !== undefined && at - started < STUCK_MS) return;
      started = at;
      waitUntil(flush(env));
    },
  };
}
