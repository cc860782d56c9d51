// A thread that helps sessions: it takes chunks of open strips until it is told to leave.
import { parentPort } from 'node:worker_threads';
import { instantiateKernels } from '../kernels.ts';
import type { PlannedStrip } from '../plan/instruction.ts';
import { type BoundStrip, bindStrip } from '../run/bind-strip.ts';
import type { Memory } from '../web-assembly.ts';
import { createControl, LEAVE, MOST_CHUNKS } from './control.ts';

export interface Assignment {
  readonly memory: Memory;
  /** Strips of all entries, numbered as the session numbers them. */
  readonly strips: readonly PlannedStrip[];
  /** Address of this thread's scratch area. */
  readonly scratch: number;
}

function help({ memory, strips, scratch }: Assignment): void {
  const words = new Int32Array(memory.buffer);
  const kernels = instantiateKernels(memory);
  const bound: (BoundStrip | undefined)[] = new Array(strips.length).fill(undefined);
  const control = createControl(words);
  const chunksOf = (strip: number) =>
    strip === LEAVE ? MOST_CHUNKS : Math.ceil(strips[strip].rows / strips[strip].chunkRows);
  for (;;) {
    const taken = control.take(chunksOf);
    if (!taken) {
      control.waitForOpen();
      continue;
    }
    if (taken.strip === LEAVE) return;
    bound[taken.strip] ??= bindStrip(strips[taken.strip], { kernels, integers: words, scratch });
    bound[taken.strip]?.chunk(taken.chunk);
    control.finish();
  }
}

parentPort?.on('message', (assignment: Assignment) => {
  help(assignment);
  parentPort?.postMessage('free');
});
