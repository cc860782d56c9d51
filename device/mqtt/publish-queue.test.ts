import { expect, test } from 'vitest';
import { createPublishQueue, type QueuedPublish } from './publish-queue.ts';
import { PublishError } from './transport.ts';

function entry(topic: string, outcomes: string[]): QueuedPublish {
  return {
    topic,
    payload: '',
    options: {},
    resolve: () => outcomes.push(`${topic} sent`),
    reject: ({ reason }) => outcomes.push(`${topic} ${reason}`),
  };
}

test('createPublishQueue() hands out entries in order within the window', () => {
  const queue = createPublishQueue();
  for (const topic of ['a', 'b', 'c']) queue.add(entry(topic, []));
  const a = queue.take(2);
  expect([a?.topic, queue.take(2)?.topic, queue.take(2)]).toEqual(['a', 'b', undefined]);
  expect(queue.settle(a as QueuedPublish)).toBe(true);
  expect(queue.settle(a as QueuedPublish)).toBe(false);
  expect(queue.take(2)?.topic).toBe('c');
  expect(queue.size).toBe(2);
});

test('createPublishQueue() rewinds what was in flight, in order and in front', () => {
  const queue = createPublishQueue();
  for (const topic of ['a', 'b', 'c']) queue.add(entry(topic, []));
  queue.take(9);
  queue.take(9);
  queue.rewind();
  expect([1, 2, 3].map(() => queue.take(9)?.topic)).toEqual(['a', 'b', 'c']);
});

test('createPublishQueue() drops the oldest waiting entry at its limit', () => {
  const outcomes: string[] = [];
  const queue = createPublishQueue({ limit: 2 });
  for (const topic of ['a', 'b', 'c']) queue.add(entry(topic, outcomes));
  expect(outcomes).toEqual(['a dropped']);
  expect(queue.size).toBe(2);
  queue.fail(new PublishError('closed', 'test'));
  expect(outcomes).toEqual(['a dropped', 'b closed', 'c closed']);
});
