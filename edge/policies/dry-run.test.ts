import type { Manifest } from '@dandan/shared/bundle';
import { type PolicyDocument, policyDocumentSchema } from '@dandan/shared/policy';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { playDay } from './dry-run.ts';
import { HOUR_MS, type TrafficHour } from './traffic.ts';

const made = await createTestBundle();
const base = made.bundle.manifest;
const manifest: Manifest = {
  ...base,
  stages: base.stages.map((stage) => ({ ...stage, macs: 100 })),
};
const manifests = new Map([[made.sha256, manifest]]);

const start = Date.parse('2026-11-25T00:00Z');

const document = (fields: object): PolicyDocument =>
  policyDocumentSchema.parse({ schema: 1, timeZone: 'UTC', ...fields });

/** An hour of 300 nodes, a third at each stage, at 100 MACs a stage. */
function hour(index: number, fields: Partial<TrafficHour> = {}): TrafficHour {
  return {
    start: start + index * HOUR_MS,
    model: 'test-model',
    bundle: made.sha256,
    policy: 'day',
    source: 'predict',
    requests: 30,
    nodes: 300,
    macs: 60_000,
    exits: [100, 100, 100],
    cut: 0,
    ...fields,
  };
}

const day = Array.from({ length: 24 }, (_, i) => hour(i));

test('playDay() leaves a day as it was under the document that held', () => {
  const played = playDay({ document: document({}), hours: day, manifests });
  expect(played).toHaveLength(24);
  for (const { was, wouldBe } of played) expect(wouldBe).toEqual(was);
});

test('an hour in which a window begins is shared by both policies', () => {
  const rules = [{ days: ['wed'], from: '22:15', to: '06:00', policy: 'night' }];
  const played = playDay({ document: document({ rules }), hours: day, manifests });
  const { was, wouldBe, stretches } = played[22];
  expect(was).toMatchObject({ macs: 60_000, exits: [100, 100, 100] });
  // A quarter as it was; three quarters with all 300 nodes at stage 1.
  expect(wouldBe.exits.map(Math.round)).toEqual([250, 25, 25]);
  expect(wouldBe.macs).toBeCloseTo(0.25 * 60_000 + 0.75 * 30_000);
  expect([...wouldBe.policies]).toEqual([
    ['day', 75],
    ['night', 225],
  ]);
  expect(stretches.map(({ from, policy }) => [(from - start) / HOUR_MS, policy])).toEqual([
    [22, 'day'],
    [22.25, 'night'],
  ]);
  expect(played[5].wouldBe.policies.has('night'), 'Tuesday has no window').toBe(false);
  expect(played[23].wouldBe.exits).toEqual([300, 0, 0]);
});

test('a ceiling steps down within the hour in which it is reached, and is met to the last MAC', () => {
  const cost = { perDay: 300_000, unit: 'macs', steps: [{ at: 0.5, maxStage: 2 }] };
  const played = playDay({ document: document({ cost }), hours: day, manifests });
  // 60,000 an hour to 150,000; then 50,000 an hour (two stages) to 300,000; then stage 1, 30,000.
  const [, , third, , , sixth, seventh] = played;
  expect(third.stretches.map(({ from, maxStage }) => [(from - start) / HOUR_MS, maxStage])).toEqual(
    [
      [2, undefined],
      [2.5, 2],
    ],
  );
  expect(sixth.stretches.map(({ policy, maxStage }) => [policy, maxStage])).toEqual([
    ['day', 2],
    ['night', 1],
  ]);
  expect(sixth.stretches[1].from - start).toBe(5.5 * HOUR_MS);
  expect(seventh.wouldBe.exits).toEqual([300, 0, 0]);
  const upTo = played.slice(0, 5).reduce((sum, { wouldBe }) => sum + wouldBe.macs, 0);
  expect(upTo + 0.5 * 50_000).toBeCloseTo(300_000);
  const nodes = played.reduce((sum, { wouldBe }) => sum + wouldBe.nodes, 0);
  expect(nodes, 'nobody is refused').toBeCloseTo(24 * 300);
});

test.each([0.1, 1 / 3, 0.7, 0.999])('a ceiling with a step at %d ends', (at) => {
  for (const perDay of [1e-9, 3, 7e5, 1e18]) {
    const cost = { perDay, unit: 'macs', steps: [{ at, maxStage: 2 }] };
    const played = playDay({ document: document({ cost }), hours: day, manifests });
    expect(played.reduce((sum, { wouldBe }) => sum + wouldBe.nodes, 0)).toBeCloseTo(7200);
  }
});

test('load is the mean of an hour, with hysteresis from hour to hour', () => {
  const steps = [{ at: 1, release: 0.5, maxStage: 1 }];
  const made = document({ load: { measure: 'rows-per-second', steps } });
  const busy = { nodes: 3600, exits: [1200, 1200, 1200], macs: 720_000 };
  const calm = { nodes: 2160, exits: [720, 720, 720], macs: 432_000 };
  const hours = [hour(0, calm), hour(1, busy), hour(2, calm), hour(3), hour(4, calm)];
  const played = playDay({ document: made, hours, manifests });
  expect(played.map(({ wouldBe }) => wouldBe.exits[0] === wouldBe.nodes)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test('escalations keep their policy and meet caps; other sources and models are left alone', () => {
  const cost = { perDay: 1, unit: 'macs' };
  const nightly = document({ otherwise: 'night' });
  const spent = document({ cost });
  const escalated = [hour(0, { source: 'escalation' })];
  const [open] = playDay({ document: nightly, hours: escalated, manifests });
  expect(open.wouldBe).toEqual(open.was);
  const [capped] = playDay({ document: spent, hours: escalated, manifests });
  expect(capped.wouldBe.exits[0]).toBeCloseTo(300, 1);
  expect([...capped.wouldBe.policies.keys()]).toEqual(['day']);
  for (const options of [{ hours: [hour(0, { source: 'batch' })] }, { governs: () => false }]) {
    const [left] = playDay({ document: nightly, hours: [hour(0)], manifests, ...options });
    expect(left.wouldBe).toEqual(left.was);
  }
});

test('a day of a clock change has its 23 or 25 hours, by the wall clock', () => {
  const rules = [{ days: ['sun'], from: '02:00', to: '03:00', policy: 'night' }];
  const berlin = document({ timeZone: 'Europe/Berlin', rules });
  const play = (from: string, count: number) => {
    const first = Date.parse(from);
    const hours = Array.from({ length: count }, (_, i) => hour(0, { start: first + i * HOUR_MS }));
    const played = playDay({ document: berlin, hours, manifests });
    return played.flatMap(({ wouldBe }, i) => (wouldBe.policies.has('night') ? [i] : []));
  };
  expect(play('2026-03-28T23:00Z', 23), 'the hour is skipped').toEqual([]);
  expect(play('2026-10-24T22:00Z', 25), 'the hour comes twice').toEqual([2, 3]);
});
