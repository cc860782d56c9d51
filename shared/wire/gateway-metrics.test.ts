import { expect, test } from 'vitest';
import { gatewayHealthSchema, gatewayMetricsSchema } from './gateway-metrics.ts';

const metrics = {
  t: 1_767_225_600_000,
  samples: 10,
  invalidMessages: 0,
  duplicates: 0,
  replayedRows: 0,
  rows: 3,
  byStage: [1, 1],
  escalated: 1,
  edgeAnswers: 1,
  degraded: 0,
  pending: 0,
  evicted: 0,
  deadLettered: 0,
  dropped: 0,
  bytesUp: 200,
  bytesDown: 300,
  requests: 1,
  requestFailures: 0,
};

test('gatewayMetricsSchema accepts whole counters and refuses negative, fractional and unknown ones', () => {
  expect(gatewayMetricsSchema.parse(metrics)).toEqual(metrics);
  expect(gatewayMetricsSchema.safeParse({ ...metrics, rows: -1 }).success).toBe(false);
  expect(gatewayMetricsSchema.safeParse({ ...metrics, byStage: [0.5] }).success).toBe(false);
  expect(gatewayMetricsSchema.safeParse({ ...metrics, key: 'secret' }).success).toBe(false);
});

test('gatewayHealthSchema knows two states', () => {
  const health = { status: 'online', models: [{ model: 'm', bundle: 'ab', stages: 1 }], since: 0 };
  expect(gatewayHealthSchema.parse(health)).toEqual(health);
  expect(gatewayHealthSchema.safeParse({ ...health, status: 'asleep' }).success).toBe(false);
});
