// The plant and a reader in a process of their own: sends telemetry, times the answers.
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { LoadOrder, LoadReply, LoadResult } from './protocol.ts';
import { messageAt } from './traffic.ts';

/** Unacknowledged messages at full speed: enough that the broker never waits for the generator. */
const IN_FLIGHT = 1000;

/** Answers that stay out this long are missing. */
const SETTLE_MS = 20_000;

const reply = (message: LoadReply) => process.send?.(message);

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function keyOf(order: LoadOrder, payload: Buffer): string {
  if (order.per === 'message') return payload.toString();
  const { asset, t } = JSON.parse(payload.toString()) as { asset: string; t: number };
  return `${asset}/${t}`;
}

async function send(order: LoadOrder, client: MqttClient, sentAt: Map<string, number>) {
  const { first, count, rate, prefix, per } = order;
  const messages = Array.from({ length: count }, (_, i) => messageAt(first + i, prefix));
  const began = performance.now();
  let unacknowledged = 0;
  let behindMs = 0;
  let failure: Error | undefined;
  for (const [i, { topic, payload, completes }] of messages.entries()) {
    if (rate !== undefined) {
      const due = began + (1000 * i) / rate;
      const early = due - performance.now();
      if (early > 1) await delay(early);
      else behindMs = Math.max(behindMs, -early);
    }
    while (unacknowledged >= IN_FLIGHT) await delay(0);
    const key = per === 'message' ? payload : completes;
    if (key !== undefined) sentAt.set(key, performance.now());
    unacknowledged++;
    client.publish(topic, payload, { qos: 1 }, (error) => {
      unacknowledged--;
      if (error) failure = error;
    });
  }
  if (failure !== undefined) throw failure;
  return { began, behindMs };
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const sender = await connectAsync(order.url, { protocolVersion: 5 });
  const reader = await connectAsync(order.url, {
    protocolVersion: 5,
    properties: { receiveMaximum: 10_000 },
  });
  try {
    const sentAt = new Map<string, number>();
    const latencies: number[] = [];
    let last = performance.now();
    reader.on('message', (_topic, payload) => {
      const key = keyOf(order, payload);
      const sent = sentAt.get(key);
      if (sent === undefined) return;
      sentAt.delete(key);
      last = performance.now();
      latencies.push(last - sent);
    });
    await reader.subscribeAsync(order.answers, { qos: 1 });
    const { began, behindMs } = await send(order, sender, sentAt);
    const settleBy = performance.now() + SETTLE_MS;
    while (sentAt.size > 0 && performance.now() < settleBy) await delay(5);
    if (sentAt.size > 0) throw new Error(`${sentAt.size} answers stayed out`);
    const sorted = latencies.toSorted((a, b) => a - b);
    return {
      seconds: (last - began) / 1000,
      answers: sorted.length,
      p50: percentile(sorted, 0.5),
      p99: percentile(sorted, 0.99),
      behindMs,
    };
  } finally {
    await Promise.all([sender.endAsync(true), reader.endAsync(true)]);
  }
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => reply({ kind: 'done', result }),
    (error: unknown) => reply({ kind: 'failed', why: String(error) }),
  );
});
reply({ kind: 'ready' });
