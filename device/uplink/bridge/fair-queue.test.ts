import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

const LIMITS = { limit: 6, ownerLimit: 3, byteLimit: 100 };
const item = (owner: string, id: number, bytes = 1) => ({ owner, id, bytes });

test('createFairQueue() serves owners in turn and each in order', () => {
  const queue = createFairQueue<ReturnType<typeof item>>(LIMITS);
  for (const each of [item('a', 1), item('a', 2), item('a', 3), item('b', 4), item('c', 5)]) {
    expect(queue.add(each)).toBe(true);
  }
  const order = Array.from({ length: 6 }, () => queue.take()?.id);
  expect(order).toEqual([1, 4, 5, 2, 3, undefined]);
});

test('createFairQueue() is bounded as a whole, by owner and by bytes', () => {
  const queue = createFairQueue<ReturnType<typeof item>>(LIMITS);
  expect([1, 2, 3, 4].map((id) => queue.add(item('a', id)))).toEqual([true, true, true, false]);
  expect([5, 6, 7].map((id) => queue.add(item(`b${id}`, id)))).toEqual([true, true, true]);
  expect(queue.add(item('c', 8))).toBe(false);
  queue.take();
  expect(queue.add(item('c', 9, 96))).toBe(false);
  expect(queue.add(item('c', 9, 95))).toBe(true);
});

test('createFairQueue() loses nothing and lets nobody be passed more than once by each other', () => {
  const step = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const queue = createFairQueue<ReturnType<typeof item>>({
        limit: 20,
        ownerLimit: 10,
        byteLimit: 1000,
      });
      const waiting: { owner: string; id: number }[] = [];
      let id = 0;
      /** `y x`: x was served while y waited, since y was served or began to wait. */
      const passed = new Set<string>();
      for (const owner of steps) {
        if (owner !== undefined) {
          if (queue.add(item(owner, ++id))) waiting.push({ owner, id });
          continue;
        }
        const taken = queue.take();
        expect(taken === undefined).toBe(waiting.length === 0);
        if (taken === undefined) continue;
        const first = waiting.findIndex((each) => each.owner === taken.owner);
        expect(waiting[first].id).toBe(taken.id);
        waiting.splice(first, 1);
        for (const pair of passed) if (pair.startsWith(taken.owner)) passed.delete(pair);
        for (const other of new Set(waiting.map((each) => each.owner))) {
          if (other === taken.owner) continue;
          expect(passed).not.toContain(`${other} ${taken.owner}`);
          passed.add(`${other} ${taken.owner}`);
        }
      }
      expect(queue.size).toBe(waiting.length);
    }),
  );
});
