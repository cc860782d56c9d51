// A strip ready to run: all its calls bound to one thread's kernels and scratch area.
import type { Kernels } from '../kernels.ts';
import type { Instruction, PlannedStrip } from '../plan/instruction.ts';
import { bind, type Call, type Position } from './bind.ts';

export interface BoundStrip {
  readonly chunks: number;
  readonly work: number;
  before(): void;
  /** Runs all blocks of a chunk; chunks may run in any order and on any thread. */
  chunk(chunk: number): void;
  after(): void;
}

export interface ThreadMemory {
  readonly kernels: Kernels;
  readonly integers: Int32Array;
  /** Address of the thread's scratch area. */
  readonly scratch: number;
}

export function bindStrip(
  strip: PlannedStrip,
  { kernels, integers, scratch }: ThreadMemory,
): BoundStrip {
  const { rows, blockRows, chunkRows, work } = strip;
  const position: Position = { from: 0, rows: 0, chunk: 0, scratch };
  const bindAll = (list: readonly Instruction[]) =>
    list.map((instruction) => bind(instruction, kernels, integers));
  const [before, after] = [bindAll(strip.before), bindAll(strip.after)];
  const [atChunk, body] = [bindAll(strip.atChunk), bindAll(strip.body)];
  const runAll = (calls: readonly Call[]) => {
    for (const call of calls) call(position);
  };
  return {
    chunks: Math.ceil(rows / chunkRows),
    work,
    before: () => runAll(before),
    after: () => runAll(after),
    chunk(chunk) {
      position.chunk = chunk;
      const end = Math.min(rows, (chunk + 1) * chunkRows);
      runAll(atChunk);
      for (let from = chunk * chunkRows; from < end; from += blockRows) {
        position.from = from;
        position.rows = Math.min(blockRows, end - from);
        runAll(body);
      }
    },
  };
}
