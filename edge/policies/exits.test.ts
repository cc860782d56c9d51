import type { Manifest } from '@dandan/shared/bundle';
import { type CascadeOptions, createCascade, runCascade } from '@dandan/shared/cascade';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { disagreementsBy, exitsSeen, exitsUnder, macsBy, stopsOf } from './exits.ts';
import type { TrafficHour } from './traffic.ts';

const made = await createTestBundle({ units: [8, 8, 8, 16], thresholds: [0.8, 0.7, 0.6] });
const cascade = createCascade(made.bundle);
const rows = createTestRows(made.bundle.input, 400);
const { day, night } = made.bundle.manifest.policies;

/** Night with two stages, as the trainer makes it: the thresholds of the day. */
const manifest: Manifest = {
  ...made.bundle.manifest,
  policies: { day, night: { ...night, maxStage: 2 } },
};

/** An hour of these rows, run. */
function hourOf(policy: 'day' | 'night', options: Partial<CascadeOptions> = {}): TrafficHour {
  const { thresholds, maxStage } = manifest.policies[policy];
  const result = runCascade(cascade, rows, { thresholds, maxStage, ...options });
  const exits = [0, 0, 0, 0];
  for (const stage of result.stage) exits[stage - 1]++;
  return {
    start: 0,
    model: 'test-model',
    bundle: made.sha256,
    source: 'predict',
    policy,
    exits,
    requests: 1,
    nodes: rows.count,
    macs: result.macs.reduce((sum, macs) => sum + macs, 0),
    cut: result.stopped.filter((reason) => reason >= 2).length,
  };
}

test('a shallower policy is told exactly: as if the same rows had been run under it', () => {
  const seen = hourOf('day');
  expect(seen.exits.every((nodes) => nodes > 0)).toBe(true);
  const nightly = exitsUnder(manifest, seen, { policy: 'night' });
  expect(nightly.estimated).toBe(0);
  expect(stopsOf(nightly)).toEqual(hourOf('night').exits);
  expect(nightly.forced[1]).toBe(hourOf('night').cut);
  for (const maxStage of [1, 2, 3, 4]) {
    const capped = exitsUnder(manifest, seen, { policy: 'day', maxStage });
    const run = hourOf('day', { maxStage });
    expect([stopsOf(capped), capped.forced.reduce((sum, n) => sum + n), capped.estimated]).toEqual([
      run.exits,
      run.cut,
      0,
    ]);
    expect(macsBy(manifest, capped)).toBeCloseTo(run.macs, 3);
  }
});

test('the same policy changes nothing, also where it cut nodes short', () => {
  const seen = hourOf('night');
  expect(seen.cut).toBeGreaterThan(0);
  expect(exitsUnder(manifest, seen, { policy: 'night' })).toEqual(exitsSeen(manifest, seen));
  const capped = exitsUnder(manifest, seen, { policy: 'day', maxStage: 2 });
  expect(stopsOf(capped)).toEqual(seen.exits);
  expect(capped.estimated).toBe(0);
});

test('a deeper policy places only nodes that were cut short by the shares of the manifest', () => {
  const seen = hourOf('night');
  const daily = exitsUnder(manifest, seen, { policy: 'day' });
  expect(daily.estimated).toBe(seen.cut);
  const kept = hourOf('day').exits.slice(0, 2);
  expect(stopsOf(daily).slice(0, 2), 'who was confident stays').toEqual(kept);
  expect(stopsOf(daily).slice(2)).toEqual([seen.cut / 2, seen.cut / 2]);
  expect(daily.forced).toEqual([0, 0, 0, 0]);
});

test('other thresholds place every node by the shares of the manifest', () => {
  const other: Manifest = {
    ...manifest,
    policies: { day, night: { ...night, maxStage: 3, thresholds: [0.5, 0.7, 0.6] } },
  };
  const nightly = exitsUnder(other, hourOf('day'), { policy: 'night' });
  expect(nightly.estimated).toBe(400);
  expect(nightly.confident).toEqual([100, 100, 100, 0]);
  expect(nightly.forced).toEqual([0, 0, 100, 0]);
  const first = exitsUnder(other, hourOf('day'), { policy: 'night', maxStage: 1 });
  expect([stopsOf(first), first.estimated], 'stage 1 needs no threshold').toEqual([
    [400, 0, 0, 0],
    0,
  ]);
});

test('nodes beyond what validation saw go to the end, and none is lost', () => {
  const stages = manifest.stages.map((stage, k) => ({
    ...stage,
    validation: { ...stage.validation, stopShare: k === 0 ? 1 : 0 },
  }));
  const seen = hourOf('night');
  const daily = exitsUnder({ ...manifest, stages }, seen, { policy: 'day' });
  expect(stopsOf(daily)[3]).toBe(seen.cut);
  expect(stopsOf(daily).reduce((sum, n) => sum + n)).toBe(400);
});

test('disagreements are those of the certificate, and of the stage for nodes a limit stopped', () => {
  const certificate = {
    alpha: 0.05,
    delta: 0.1,
    n: 1000,
    method: 'fixed-sequence' as const,
    disagreements: 20,
  };
  const agreements = [0.7, 0.9, 0.95, 1];
  const certified: Manifest = {
    ...manifest,
    stages: manifest.stages.map((stage, k) => ({
      ...stage,
      validation: { ...stage.validation, stopShare: 0.25, agreement: agreements[k] },
    })),
    policies: { ...manifest.policies, day: { ...day, certificate } },
  };
  const none = [0, 0, 0, 0];
  const by = (confident: number[], forced = none, policy: 'day' | 'night' = 'day') =>
    disagreementsBy(certified, policy, { confident, forced, estimated: 0 });
  expect(by([100, 100, 0, 0])).toBeCloseTo(4);
  expect(by([100, 0, 0, 0], none, 'night'), 'the same thresholds').toBeCloseTo(2);
  // Half of the nodes climbed on from stage 2 in validation; its 10 % errors may all be among them.
  expect(by(none, [0, 100, 0, 0])).toBeCloseTo(20);
  // Stage 1: 30 % errors, three quarters climbed on.
  expect(by(none, [100, 0, 0, 0])).toBeCloseTo(40);
  const bare = { ...certified, policies: manifest.policies };
  const exits = { confident: [100, 0, 0, 100], forced: none, estimated: 0 };
  expect(disagreementsBy(bare, 'day', exits), 'no certificate').toBeCloseTo(30);
});
