// Messages in the order they are due: a binary heap that hands out what nothing can precede.
import { InputError } from '@dandan/shared/error';
import type { TimedMessage } from './fault.ts';

/** Some 200 MB. An hour's lateness at a hundred messages a second fits. */
export const MAX_HELD_MESSAGES = 500_000;

export interface ReleaseQueue {
  readonly size: number;
  /** @throws {InputError} `option-invalid` where faults hold back more than fits in memory. */
  add(message: TimedMessage): void;
  /** Messages due at or before `time`, in order; those of one time as they were added. */
  release(time: number): Generator<TimedMessage>;
}

export function createReleaseQueue(limit = MAX_HELD_MESSAGES): ReleaseQueue {
  const heap: { readonly message: TimedMessage; readonly order: number }[] = [];
  let added = 0;

  function before(a: number, b: number): boolean {
    const gap = heap[a].message.sentAt - heap[b].message.sentAt;
    return gap < 0 || (gap === 0 && heap[a].order < heap[b].order);
  }

  function swap(a: number, b: number): void {
    [heap[a], heap[b]] = [heap[b], heap[a]];
  }

  function sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && before(left + 1, left) ? left + 1 : left;
      if (!before(child, at)) return;
      swap(child, at);
      at = child;
    }
  }

  return {
    get size() {
      return heap.length;
    },
    add(message) {
      if (heap.length >= limit) {
        throw new InputError('option-invalid', 'The faults hold back too many messages', {
          field: 'latency, reorder, outage',
          value: limit,
          allowed: `faults that keep at most ${limit} messages waiting`,
        });
      }
      heap.push({ message, order: added++ });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    *release(time) {
      while (heap.length > 0 && heap[0].message.sentAt <= time) {
        const [{ message }] = heap;
        const last = heap.pop();
        if (heap.length > 0 && last !== undefined) {
          heap[0] = last;
          sink();
        }
        yield message;
      }
    },
  };
}
