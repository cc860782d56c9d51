import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { createTally } from '../metrics/tally.ts';
import { call, createKey, expectProblem, migrate } from '../testing/edge-client.ts';
import { avoidTurnOfHour, meterOf, report } from '../testing/meter.ts';
import { publish } from '../testing/releases.ts';

const made = await createTestBundle({ model: 'reported', seed: 3 });
const [first, second, third] = made.bundle.manifest.stages.map(({ macs }) => macs);
let key = '';

beforeAll(async () => {
  avoidTurnOfHour();
  await migrate();
  await publish(made);
  key = (await createKey('device')).key;
});

const figures = { model: 'reported', bundle: made.sha256, policy: 'day', since: 1000 };

function send(byStage: number[], degraded: number, more: object = {}, by = key) {
  const json = { ...figures, byStage, degraded, ...more };
  return call('POST /v1/gateway-metrics', { key: by, json });
}

async function counted() {
  await runDurableObjectAlarm(meterOf('reported'));
  const { series } = await report('?model=reported');
  const own = series.find(({ source, policy }) => source === 'gateway' && policy === 'day');
  return own?.points[0];
}

test('running counts are added once, whatever is lost, repeated or late', async () => {
  expect((await send([10, 2], 1)).status).toBe(204);
  await send([10, 2], 1);
  // The report with 15 is lost.
  await evictDurableObject(meterOf('reported'));
  await send([20, 5], 3);
  await send([10, 2], 1);
  expect(await counted()).toMatchObject({
    nodes: 25,
    exits: [20, 5],
    degraded: 3,
    macs: 20 * first + 5 * (first + second),
    fullMacs: 25 * (first + second + third),
    requests: 0,
  });
});

test('a gateway that begins anew counts from nothing; its older reports change nothing', async () => {
  await send([3, 0, 1], 0, { since: 2000 });
  await send([99, 99], 99);
  expect(await counted()).toMatchObject({ nodes: 29, exits: [23, 5, 1], degraded: 3 });
});

test('gateways and policies are counted apart', async () => {
  const other = await createKey('device');
  await send([4], 2, {}, other.key);
  await send([7], 0, { policy: 'night' });
  expect(await counted()).toMatchObject({ nodes: 33, degraded: 5 });
  const { callers } = await (await call('GET /v1/metrics/callers?model=reported')).json<{
    callers: { key: string; degraded: number; nodes: number }[];
  }>();
  expect(callers.find((each) => each.key === other.id)).toMatchObject({ degraded: 2, nodes: 0 });
});

test.each([
  [{ byStage: [1, 1, 1, 1] }, 'stage-out-of-range', 'byStage'],
  [{ byStage: [] }, 'option-invalid', 'byStage'],
  [{ byStage: [-1] }, 'option-invalid', 'byStage[0]'],
  [{ byStage: [1.5] }, 'option-invalid', 'byStage[0]'],
  [{ degraded: -1 }, 'option-invalid', 'degraded'],
  [{ byStage: [1e13] }, 'option-invalid', 'byStage[0]'],
  [{ since: 'now' }, 'option-invalid', 'since'],
  [{ policy: 'noon' }, 'option-invalid', 'policy'],
  [{ more: 1 }, 'option-invalid', 'body'],
])('a report with %j is refused', async (more, code, field) => {
  const problem = await expectProblem(await send([1], 0, more), 422, code);
  expect(problem.field).toBe(field);
});

test('a gateway that lies for long stops nobody from being counted', async () => {
  await runInDurableObject(meterOf('reported'), (_, { storage }) => {
    const text = JSON.stringify({ ...createTally(), nodes: 1e19, degraded: 1e19, stages: [1e19] });
    storage.sql.exec("UPDATE spans SET tally = ?, changes = 1 WHERE source = 'gateway'", text);
    storage.sql.exec('UPDATE askers SET degraded = ?', Number.MAX_SAFE_INTEGER);
  });
  await send([5], 4, { since: 3000 });
  expect(await counted()).toMatchObject({ nodes: Number.MAX_SAFE_INTEGER });
});

test('a report about an unknown bundle is refused', async () => {
  const unknown = await send([1], 0, { bundle: 'f'.repeat(64) });
  await expectProblem(unknown, 404, 'bundle-unknown');
});
