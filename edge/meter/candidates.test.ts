import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { MAX_CASES_PER_ASKER } from '../hard-cases/choose-kept.ts';
import { createHardCaseStore } from '../hard-cases/hard-case-store.ts';
import type { HardCandidate } from '../metrics/flush.ts';
import { migrate } from '../testing/edge-client.ts';
import { meterOf } from '../testing/meter.ts';
import { BUNDLE, someFlush } from '../testing/tallies.ts';
import { MAX_WAITING } from './candidates.ts';

beforeAll(migrate);

const store = () => createHardCaseStore(env.REGISTRY);
const operator = { id: 'person', name: 'a person', scope: 'operator' } as const;

function candidate(number: number, parts: Partial<HardCandidate> = {}): HardCandidate {
  return {
    bundle: BUNDLE,
    policy: 'day',
    key: 'k',
    device: 'press-1',
    reason: 'low-confidence',
    class: 0,
    label: 'a',
    confidence: 0.4,
    fullLabel: null,
    row: Uint8Array.of(number >> 8, number & 255),
    ...parts,
  };
}

let sequence = 0;

async function keep(model: string, hardCases: readonly HardCandidate[]): Promise<void> {
  const meter = meterOf(model);
  await meter.record({ ...someFlush(model, 1, { hardCases }), isolate: 'i', sequence: ++sequence });
  await runDurableObjectAlarm(meter);
}

const kept = (model: string, state: 'open' | 'all' = 'all') =>
  store().list({ model, state, limit: 5000 });

test('candidates are cases after the alarm, also when the meter restarts before', async () => {
  const meter = meterOf('kept');
  const hardCases = [
    candidate(1),
    candidate(2, { device: '', fullLabel: 'b', reason: 'disagreement' }),
  ];
  await meter.record({
    ...someFlush('kept', 1, { hardCases }),
    isolate: 'i',
    sequence: ++sequence,
  });
  await evictDurableObject(meter);
  await runDurableObjectAlarm(meter);
  const cases = await kept('kept');
  expect(cases).toHaveLength(2);
  expect(cases.find(({ device }) => device === 'press-1')).toMatchObject({
    model: 'kept',
    bundle: BUNDLE,
    policy: 'day',
    reason: 'low-confidence',
    key: 'k',
    answer: 'a',
    confidence: 0.4,
    fullAnswer: null,
    state: 'open',
    label: null,
    newLabel: false,
  });
  expect(cases.find(({ device }) => device === null)).toMatchObject({ fullAnswer: 'b' });
  const [stored] = await store().read({ model: 'kept', device: 'press-1', state: 'all', limit: 9 });
  expect(stored.row).toEqual(Uint8Array.of(0, 1));
});

test('the same row of a bundle is kept once, as a disagreement where it is one', async () => {
  await keep('same', [
    candidate(9),
    candidate(9, { reason: 'disagreement', fullLabel: 'b' }),
    candidate(9),
  ]);
  await keep('same', [candidate(9)]);
  expect(await kept('same')).toMatchObject([{ reason: 'disagreement' }]);
  await keep('same', [candidate(9, { bundle: 'd'.repeat(64) })]);
  expect(await kept('same')).toHaveLength(2);
});

test('a device takes its share, the most telling, and labels stay', async () => {
  const many = (from: number, confidence: number) =>
    Array.from({ length: MAX_CASES_PER_ASKER }, (_, i) => candidate(from + i, { confidence }));
  await keep('quota', many(100, 0.45));
  const [first] = await kept('quota');
  await store().label(first.id, { label: 'a', isNew: false }, operator);
  await keep('quota', many(1000, 0.3));
  const cases = await kept('quota');
  expect(cases).toHaveLength(MAX_CASES_PER_ASKER + 1);
  expect(cases.filter(({ confidence }) => confidence === 0.45).map(({ id }) => id)).toEqual([
    first.id,
  ]);
  // What was skipped goes first, and what is less telling than all does not come in.
  const open = await kept('quota', 'open');
  await store().label(open[0].id, { label: null, isNew: false }, operator);
  await keep('quota', [candidate(5000, { confidence: 0.49 })]);
  const after = await kept('quota', 'open');
  expect(after).toHaveLength(MAX_CASES_PER_ASKER);
  expect(after.map(({ id }) => id)).not.toContain(open[0].id);
  await keep('quota', [candidate(6000, { confidence: 0.499 })]);
  expect(await kept('quota', 'open')).toEqual(after);
});

test('no flood between two decisions holds more than its bound', async () => {
  const meter = meterOf('flood');
  for (let i = 0; i < 40; i++) {
    const hardCases = Array.from({ length: 32 }, (_, j) =>
      candidate(20_000 + 32 * i + j, { device: `d${i}-${j}`, label: `class-${j}` }),
    );
    await meter.record({
      ...someFlush('flood', 1, { hardCases }),
      isolate: 'i',
      sequence: ++sequence,
    });
  }
  await runDurableObjectAlarm(meter);
  expect(await kept('flood')).toHaveLength(MAX_WAITING);
});

test('a label cannot be deleted with its case', async () => {
  await expect(
    env.REGISTRY.prepare('DELETE FROM hard_cases WHERE label IS NOT NULL').run(),
  ).rejects.toThrow('labelled cases are kept');
});
