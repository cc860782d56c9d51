// A simulation put together: a source, faults, a pace and a broker.
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { waitFor } from '../retry/index.ts';
import { createInjector, type FaultPlan, type TimedMessage } from './faults/index.ts';
import type { Shape } from './messages.ts';
import { createPacer, type Pace } from './pacer.ts';
import { openPublisher, type PublisherCounts, type PublisherOptions } from './publisher.ts';
import { playRounds } from './rounds.ts';
import type { SampleSource } from './sources/index.ts';
import { openTruthLog, type TruthLog } from './truth-file.ts';

/** Lets the connection read and write after so many messages. */
const YIELD_EVERY = 100;

/** Timers take no more than 24 days; a gap in a history may be longer. */
const MAX_WAIT_MS = 3_600_000;

/** Time for acknowledgements in flight when the simulation is told to stop. */
const STOP_DEADLINE_MS = 5000;

export interface SimulateOptions extends Omit<PublisherOptions, 'signal'> {
  readonly source: SampleSource;
  readonly site: string;
  readonly gateway: string;
  readonly shape?: Shape;
  readonly faults: FaultPlan;
  /** Fixes the faults. @default {1} */
  readonly seed?: number;
  readonly pace: Pace;
  /** Time of the first sample, milliseconds since the epoch. @default {its own} */
  readonly startTime?: number | undefined;
  /** @default {1} */
  readonly rounds?: number;
  /** NDJSON of the faults that were injected. @default {none} */
  readonly truthFile?: string | undefined;
  /** Called now and then. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export interface Progress {
  readonly messages: number;
  readonly samples: number;
  readonly seconds: number;
  /** Simulated time, milliseconds since the epoch. */
  readonly time: number;
  /** How late the last message left, milliseconds. */
  readonly behindMs: number;
}

export interface SimulationResult extends PublisherCounts {
  readonly messages: number;
  readonly samples: number;
  readonly seconds: number;
  readonly samplesPerSecond: number;
  /** The latest that a message left after it was due, milliseconds. */
  readonly maxBehindMs: number;
  /** Injected faults by kind. */
  readonly injected: TruthLog['counts'];
  /** False: it was told to stop before its end. */
  readonly complete: boolean;
}

/**
 * Plays the source onto the broker and waits for the acknowledgements.
 *
 * @throws {InputError} for what cannot be read, written or reached.
 */
export async function simulate(options: SimulateOptions): Promise<SimulationResult> {
  const { source, faults, pace, seed = 1, onProgress, signal } = options;
  await using truth = await openTruthLog(options.truthFile);
  const injector = createInjector({
    ...options,
    plan: faults,
    seed,
    units: source.units,
    tell: truth.tell,
  });
  await using publisher = await openPublisher({ ...options, signal });
  const pacer = createPacer({ pace });
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let messages = 0;
  let samples = 0;
  let maxBehindMs = 0;

  async function send(message: TimedMessage): Promise<void> {
    let waitMs = pacer.waitMs(message.sentAt, samples);
    if (waitMs < 1 && messages % YIELD_EVERY === 0) await yieldToEvents();
    for (; waitMs >= 1; waitMs = pacer.waitMs(message.sentAt, samples)) {
      await waitFor(Math.min(waitMs, MAX_WAIT_MS), signal);
    }
    signal.throwIfAborted();
    const room = publisher.publish(message);
    if (room !== undefined) await room;
    const behindMs = Math.max(0, -pacer.waitMs(message.sentAt, samples));
    maxBehindMs = Math.max(maxBehindMs, behindMs);
    messages++;
    samples += message.samples;
    onProgress?.({ messages, samples, seconds: seconds(), time: message.sentAt, behindMs });
  }

  let complete = true;
  try {
    for await (const batch of playRounds(options)) {
      for (const sample of batch) {
        for (const message of injector.push(sample)) await send(message);
      }
      await truth.settle();
    }
    for (const message of injector.end()) await send(message);
    await publisher.drain(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    complete = false;
    await publisher.drain(AbortSignal.timeout(STOP_DEADLINE_MS)).catch(() => {});
  }
  const total = seconds();
  return {
    messages,
    samples,
    ...publisher.counts,
    seconds: total,
    samplesPerSecond: total === 0 ? 0 : samples / total,
    maxBehindMs,
    injected: truth.counts,
    complete,
  };
}
