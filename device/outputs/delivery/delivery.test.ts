import type { Prediction } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { PublishError } from '../../mqtt/index.ts';
import { createDelivery } from './delivery.ts';

function prediction(id: string): Prediction {
  return {
    id,
    asset: 'press-1',
    model: 'press',
    t: 1000,
    class: 0,
    label: 'ok',
    confidence: 1,
    stage: 1,
    tier: 'gateway',
    bundle: 'b',
    degraded: false,
  };
}

function create() {
  const sent = new Map<string, PromiseWithResolvers<void>>();
  const disk = new Set<string>();
  const delivered: string[] = [];
  const refused: string[] = [];
  const latencies: number[] = [];
  const delivery = createDelivery({
    send({ id }) {
      const answer = Promise.withResolvers<void>();
      sent.set(id, answer);
      return answer.promise;
    },
    onDelivered: (id) => delivered.push(id),
    onLatency: (ms) => latencies.push(ms),
    now: () => 1500,
    keep: (predictions) => {
      for (const { id } of predictions) disk.add(id);
    },
    forget: (ids) => {
      for (const id of ids) disk.delete(id);
    },
    onRefused: ({ message }) => refused.push(message),
  });
  const settle = async (id: string, error?: PublishError) => {
    if (error === undefined) sent.get(id)?.resolve();
    else sent.get(id)?.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { delivery, disk, delivered, refused, latencies, settle };
}

test('deliver() counts as delivered what the broker has acknowledged', async () => {
  const { delivery, disk, delivered, latencies, settle } = create();
  for (const id of ['a', 'b']) delivery.deliver(prediction(id), 1000);
  expect(delivery.waiting).toBe(2);
  await settle('b');
  expect([delivery.waiting, delivered, disk.size]).toEqual([1, ['b'], 0]);
  expect(latencies).toEqual([500]);
});

test('keepAll() puts on the disk what waits, once, and its acknowledgement removes it', async () => {
  const { delivery, disk, delivered, settle } = create();
  for (const id of ['a', 'b']) delivery.deliver(prediction(id), 1000);
  await settle('a');
  delivery.keepAll();
  expect([...disk]).toEqual(['b']);
  delivery.deliver(prediction('c'), 1000);
  disk.clear();
  delivery.keepAll();
  expect([...disk]).toEqual(['c']);
  await settle('c');
  await settle('b');
  expect([disk.size, delivered, delivery.waiting]).toEqual([0, ['a', 'c', 'b'], 0]);
});

test('what memory has no room for goes to the disk, kept before or not', async () => {
  const { delivery, disk, delivered, settle } = create();
  delivery.deliver(prediction('a'), 1000);
  delivery.keepAll();
  delivery.deliver(prediction('b'), 1000);
  for (const id of ['a', 'b']) await settle(id, new PublishError('dropped', 'too many'));
  expect([[...disk], delivered, delivery.waiting]).toEqual([['a', 'b'], ['a', 'b'], 0]);
});

test('what the broker refuses is told and not sent again; what the end interrupts stays', async () => {
  const { delivery, disk, delivered, refused, settle } = create();
  for (const id of ['a', 'b']) delivery.deliver(prediction(id), 1000);
  await settle('a', new PublishError('refused', 'no'));
  await settle('b', new PublishError('closed', 'bye'));
  expect({ refused, delivered, waiting: delivery.waiting, disk: disk.size }).toEqual({
    refused: ['no'],
    delivered: ['a'],
    waiting: 1,
    disk: 0,
  });
});
