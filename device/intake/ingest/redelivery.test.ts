import { expect, test } from 'vitest';
import { createRedelivery } from './redelivery.ts';

const message = (packetId: number, text: string, duplicate = false, broker = '') => ({
  broker,
  topic: 'telemetry/a/vibration',
  payload: Buffer.from(text),
  packetId,
  duplicate,
});

test('isKnown() knows what comes again, and takes equal values for what they are', () => {
  const redelivery = createRedelivery();
  expect(redelivery.isKnown(message(1, '2.5'))).toBe(false);
  expect(redelivery.isKnown(message(2, '2.5'))).toBe(false);
  expect(redelivery.isKnown(message(1, '2.5', true))).toBe(true);
  // Never taken before, whatever the broker says of earlier tries.
  expect(redelivery.isKnown(message(3, '2.5', true))).toBe(false);
  expect(redelivery.isKnown(message(3, '2.5', true))).toBe(true);
  expect(redelivery.isKnown(message(1, '2.5', true, 'press-shop'))).toBe(false);
  // An identifier in use anew: the broker had its acknowledgement.
  expect(redelivery.isKnown(message(1, '2.5', false))).toBe(false);
});

test('isKnown() of QoS 0 is never', () => {
  const redelivery = createRedelivery();
  for (let i = 0; i < 2; i++) expect(redelivery.isKnown(message(0, '2.5', true))).toBe(false);
  expect(redelivery.snapshot()).toEqual([]);
});

test('snapshot() carries the memory over, and stays small', () => {
  const redelivery = createRedelivery();
  for (let i = 1; i <= 10_000; i++) redelivery.isKnown(message(i, `${i}`));
  const snapshot = JSON.parse(JSON.stringify(redelivery.snapshot())) as string[];
  expect(snapshot).toHaveLength(4000);
  const restored = createRedelivery(snapshot);
  expect(restored.isKnown(message(10_000, '10000', true))).toBe(true);
  expect(restored.isKnown(message(6001, '6001', true))).toBe(true);
  expect(restored.isKnown(message(6000, '6000', true))).toBe(false);
});
