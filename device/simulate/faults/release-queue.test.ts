import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TimedMessage } from './fault.ts';
import { createReleaseQueue } from './release-queue.ts';

const message = (sentAt: number, name = ''): TimedMessage => ({
  sentAt,
  topic: name,
  payload: new Uint8Array(0),
  retain: false,
  asset: '',
  time: sentAt,
  samples: 1,
});

test('a release queue is a stable sort that is cut at a time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(20), (times, cut) => {
      const queue = createReleaseQueue();
      for (const [i, time] of times.entries()) queue.add(message(time, `${i}`));
      const sorted = times.map((time, i) => message(time, `${i}`));
      sorted.sort((a, b) => a.sentAt - b.sentAt);
      const first = [...queue.release(cut)];
      expect(first).toEqual(sorted.filter(({ sentAt }) => sentAt <= cut));
      expect(queue.size).toBe(times.length - first.length);
      expect([...queue.release(99)]).toEqual(sorted.filter(({ sentAt }) => sentAt > cut));
    }),
  );
});

test('a release queue refuses more than fits', () => {
  const queue = createReleaseQueue(2);
  queue.add(message(1));
  queue.add(message(2));
  expect(() => queue.add(message(3))).toThrow(expect.objectContaining({ code: 'option-invalid' }));
});
