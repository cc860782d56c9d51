// A source as a stream that starts when it is told to and, in a loop, goes on where it ended.
import type { SentSample } from './faults/fault.ts';
import type { SampleSource } from './sources/index.ts';

export interface RoundsOptions {
  readonly source: SampleSource;
  /** Time of the first sample, milliseconds since the epoch. @default {its own} */
  readonly startTime?: number | undefined;
  /** How often the source is played. @default {1} */
  readonly rounds?: number;
  readonly signal: AbortSignal;
}

/** A source of one moment repeats after this time. */
const LEAST_STEP_MS = 1000;

/**
 * Yields batches. `sentAt` never falls: a sample that stands behind a later one in its table leaves
 * right after that one, with its own time.
 */
export async function* playRounds(options: RoundsOptions): AsyncGenerator<SentSample[]> {
  const { source, startTime, rounds = 1, signal } = options;
  let shift: number | undefined;
  let sentAt = Number.NEGATIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    let first: number | undefined;
    let latest = Number.NEGATIVE_INFINITY;
    let step = 0;
    for await (const batch of source.read(signal)) {
      const sent: SentSample[] = [];
      for (const sample of batch) {
        shift ??= startTime === undefined ? 0 : startTime - sample.time;
        first ??= sample.time;
        if (sample.time > latest) {
          if (Number.isFinite(latest)) step = sample.time - latest;
          latest = sample.time;
        }
        const time = sample.time + shift;
        sentAt = Math.max(sentAt, time);
        sent.push({ ...sample, time, sentAt });
      }
      yield sent;
    }
    if (first === undefined) return;
    // The next round begins one step after this one ends.
    shift = (shift ?? 0) + (latest - first) + (step || LEAST_STEP_MS);
  }
}
