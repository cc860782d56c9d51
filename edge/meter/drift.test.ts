import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createRowCounter, featureShifts, referenceBins } from '@dandan/shared/drift';
import type { DenseRows, InputQuantisation } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle } from '@dandan/shared/testing';
import { beforeAll, expect, test, vi } from 'vitest';
import { objectKey } from '../registry/bundle-store.ts';
import { migrate } from '../testing/edge-client.ts';
import { avoidTurnOfHour, meterOf, report } from '../testing/meter.ts';
import { publish } from '../testing/releases.ts';
import { someFlush } from '../testing/tallies.ts';
import { MAX_NAMED_SHIFTS } from './drift-days.ts';
import { DAY_MS } from './periods.ts';

const telemetry = {
  kind: 'telemetry' as const,
  channels: ['temperature', 'pressure', 'current', 'speed', 'flow', 'level', 'torque'].map(
    (name) => ({ name, unit: '' }),
  ),
  statistics: ['last' as const, 'mean' as const, 'deviation' as const, 'slope' as const],
  windowMs: 1000,
  strideMs: 1000,
};

/** Rows of a normal process, of which one column has moved by some codes. */
function rowsOf(
  { width }: Pick<InputQuantisation, 'width'>,
  count: number,
  seed: number,
  moved = 0,
): DenseRows {
  const random = createRandom(seed);
  const codes = Uint8Array.from({ length: count * width }, (_, e) => {
    const code = 64 + 16 * random.normal() + (e % width === 5 ? moved : 0);
    return Math.max(0, Math.min(127, Math.round(code)));
  });
  return { kind: 'dense', count, width, codes };
}

const made = await createTestBundle({
  model: 'drifting',
  telemetry,
  trainedOn: (input) => rowsOf(input, 1000, 1),
});
const plain = await createTestBundle({ model: 'no-reference', seed: 2 });
const reference = made.bundle.manifest.reference;

beforeAll(async () => {
  avoidTurnOfHour();
  await migrate();
  await publish(made);
  await publish(plain);
});

let sequence = 0;

async function send(model: string, bundle: string, rows: DenseRows): Promise<void> {
  if (reference === undefined) throw new Error('The test bundle has a reference');
  const counts = new Uint32Array(referenceBins(reference));
  const countRow = createRowCounter(reference);
  for (let row = 0; row < rows.count; row++) countRow(rows, row, counts);
  const drift = [{ bundle, rows: rows.count, counts }];
  await meterOf(model).record({
    ...someFlush(model, 1, { drift }),
    isolate: 'i',
    sequence: ++sequence,
  });
}

test('counts of a day add up, and D1 has the shifts of features by name', async () => {
  await send('drifting', made.sha256, rowsOf(made.bundle.input, 200, 2, 24));
  await evictDurableObject(meterOf('drifting'));
  await send('drifting', made.sha256, rowsOf(made.bundle.input, 100, 3, 24));
  await runDurableObjectAlarm(meterOf('drifting'));
  const { drift } = await report('?model=drifting');
  expect(drift).toHaveLength(1);
  const [day] = drift;
  expect(day).toMatchObject({
    bundle: made.sha256,
    rows: 300,
    referenceRows: 1000,
    features: 28,
    drifted: 1,
  });
  expect(day.shifts).toHaveLength(MAX_NAMED_SHIFTS);
  expect(day.shifts[0]).toMatchObject({ name: 'pressure.mean', column: 5, drifted: true });
  const both = new Uint32Array(reference ? referenceBins(reference) : 0);
  for (const rows of [
    rowsOf(made.bundle.input, 200, 2, 24),
    rowsOf(made.bundle.input, 100, 3, 24),
  ]) {
    for (let row = 0; row < rows.count; row++) {
      if (reference) createRowCounter(reference)(rows, row, both);
    }
  }
  const [direct] = reference ? featureShifts(reference, both, 300) : [];
  expect(day.shifts[0].psi).toBeCloseTo(direct.psi, 12);
  expect(day.shifts[0].expected).toBeCloseTo(direct.expected, 12);
});

test('every day is compared by itself, and a quiet one raises nothing', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DAY_MS });
  await send('drifting', made.sha256, rowsOf(made.bundle.input, 60, 4));
  await runDurableObjectAlarm(meterOf('drifting'));
  const { drift } = await report('?model=drifting');
  expect(drift.map(({ rows, drifted }) => [rows, drifted])).toEqual([
    [60, 0],
    [300, 1],
  ]);
});

test('bundles without a reference or a file, or with a broken one, are left out and stop nothing', async () => {
  await send('no-reference', plain.sha256, rowsOf(made.bundle.input, 10, 5));
  await send('no-reference', 'f'.repeat(64), rowsOf(made.bundle.input, 10, 5));
  await env.BUNDLES.put(objectKey('e'.repeat(64)), 'no bundle at all');
  await send('no-reference', 'e'.repeat(64), rowsOf(made.bundle.input, 10, 5));
  expect(await runDurableObjectAlarm(meterOf('no-reference'))).toBe(true);
  const { drift, series } = await report('?model=no-reference');
  expect(drift).toEqual([]);
  expect(series).toHaveLength(1);
});
