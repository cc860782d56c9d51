// Helping threads of a session. Threads are kept for the next session when one ends: starting
// one takes some 40 ms.
import { Worker } from 'node:worker_threads';
import type { BoundStrip } from '../run/bind-strip.ts';
import { close, createControl, LEAVE } from './control.ts';
import type { Assignment } from './worker.ts';

/** Below this much work a strip is done before a sleeping thread has woken up (some 50 µs). */
const WORTH_SHARING = 1_000_000;

export interface Team {
  /** Runs all chunks of strip number `index`, with help where it pays. */
  run(strip: BoundStrip, index: number): void;
  /** Lets the helpers go. */
  release(): void;
}

/** Helpers without an assignment. */
const idle: Worker[] = [];

function takeHelper(): Worker {
  const known = idle.pop();
  if (known) return known;
  const helper = new Worker(new URL('./worker.ts', import.meta.url));
  // A waiting helper must not keep the process alive.
  helper.unref();
  return helper;
}

function runAlone(strip: BoundStrip): void {
  for (let chunk = 0; chunk < strip.chunks; chunk++) strip.chunk(chunk);
}

export const alone: Team = { run: runAlone, release() {} };

/** @param assignments one per helper. */
export function createTeam(words: Int32Array, assignments: readonly Assignment[]): Team {
  close(words);
  const helpers = assignments.map((assignment) => {
    const helper = takeHelper();
    helper.postMessage(assignment);
    return helper;
  });
  const control = createControl(words);
  return {
    run(strip, index) {
      if (strip.work < WORTH_SHARING || strip.chunks === 1) return runAlone(strip);
      control.open(index);
      for (;;) {
        const taken = control.take(() => strip.chunks);
        if (!taken) break;
        strip.chunk(taken.chunk);
        control.finish();
      }
      control.waitForFinished(strip.chunks);
    },
    release() {
      control.open(LEAVE);
      for (const helper of helpers) helper.once('message', () => idle.push(helper));
    },
  };
}
