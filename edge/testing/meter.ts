// The meter of a model in tests, and waiting until D1 knows what it counted.
import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { Meter } from '../meter/meter.ts';
import { HOUR_MS, periodStart } from '../meter/periods.ts';
import type { MetricsReport } from '../metrics/schemas.ts';
import { call } from './edge-client.ts';

/** Sets the clock to the middle of this hour, so that no test crosses the end of an hour or a day. */
export function avoidTurnOfHour(): void {
  const now = periodStart(Date.now(), HOUR_MS) + HOUR_MS / 2;
  vi.useFakeTimers({ toFake: ['Date'], now });
}

/** The meter itself, not only the calls that the Worker makes of it. */
export function meterOf(model: string): DurableObjectStub<Meter> {
  if (env.METER === undefined) throw new Error('The tests need the binding METER');
  return env.METER.getByName(model) as unknown as DurableObjectStub<Meter>;
}

export async function report(query = ''): Promise<MetricsReport> {
  const response = await call(`GET /v1/metrics${query}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** Answered rows of a model, by source. */
export async function nodesOf(model: string): Promise<Record<string, number>> {
  const { series } = await report(`?model=${model}`);
  const nodes: Record<string, number> = {};
  for (const { source, points } of series) {
    for (const point of points) nodes[source] = (nodes[source] ?? 0) + point.nodes;
  }
  return nodes;
}

/** Waits until the isolate has flushed and D1 has been told: as many rows of `source` are counted. */
export async function settled(model: string, source: string, nodes: number): Promise<void> {
  await vi.waitFor(
    async () => {
      await runDurableObjectAlarm(meterOf(model));
      expect((await nodesOf(model))[source]).toBe(nodes);
    },
    { timeout: 15_000, interval: 100 },
  );
}
