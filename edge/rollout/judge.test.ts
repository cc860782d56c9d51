import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { criteriaSchema } from '../registry/rollout-criteria.ts';
import { judgeRollout, MIN_ERRORS, type RolloutFacts } from './judge.ts';

const criteria = criteriaSchema.parse({});
const promoting = criteriaSchema.parse({ atDeadline: 'promote' });

const well: RolloutFacts = {
  canary: { devices: 4, silent: 0, failed: 0, failure: undefined, rows: 10_000, errors: 3 },
  others: { devices: 36, silent: 0 },
  alarmed: undefined,
};
const canary = (change: Partial<RolloutFacts['canary']>): RolloutFacts => ({
  ...well,
  canary: { ...well.canary, ...change },
});

test('a canary that is well goes on until its deadline', () => {
  expect(judgeRollout(criteria, well, { expired: false })).toEqual({ kind: 'continue' });
  expect(judgeRollout(promoting, well, { expired: true })).toMatchObject({ kind: 'promote' });
  expect(judgeRollout(criteria, well, { expired: true })).toEqual({
    kind: 'rollback',
    reason: 'nobody had promoted it by the deadline',
  });
});

test.each<[string, RolloutFacts, RegExp]>([
  ['an alarm of the monitor', { ...well, alarmed: '2026-11-01T00:00:00Z' }, /alarm at 2026/],
  ['a device that gave up', canary({ failed: 1, failure: 'hash' }), /1 devices gave .* up: hash/],
  ['errors', canary({ rows: 1000, errors: 20 }), /2 % of rows end in an error, 1 % may/],
  ['only errors', canary({ rows: 0, errors: 50, failed: 1 }), /gave the bundle up/],
  ['silence', canary({ silent: 2 }), /2 of 4 devices were not heard of for 15 minutes/],
])('%s rolls it back at once', (_, facts, reason) => {
  const verdict = judgeRollout(criteria, facts, { expired: false });
  expect(verdict).toMatchObject({ kind: 'rollback', reason: expect.stringMatching(reason) });
});

test('a few errors are chance, and a plant whose link is down says nothing about the bundle', () => {
  const few = canary({ rows: 10, errors: MIN_ERRORS - 1 });
  expect(judgeRollout(criteria, few, { expired: false })).toEqual({ kind: 'continue' });
  const down: RolloutFacts = { ...canary({ silent: 4 }), others: { devices: 36, silent: 30 } };
  expect(judgeRollout(criteria, down, { expired: false })).toEqual({ kind: 'continue' });
});

test('a trial that too few devices took part in is rolled back even where it would promote', () => {
  const none = canary({ devices: 0, rows: 0, errors: 0 });
  expect(judgeRollout(promoting, none, { expired: true })).toEqual({
    kind: 'rollback',
    reason: 'at the deadline 0 devices had run it, 1 must',
  });
  const free = criteriaSchema.parse({ atDeadline: 'promote', minDevices: 0 });
  expect(judgeRollout(free, none, { expired: true })).toMatchObject({ kind: 'promote' });
});

const count = fc.nat(1000);
const anyFacts = fc
  .record({ devices: count, silent: count, failed: count, rows: count, errors: count })
  .chain((numbers) =>
    fc.record({ devices: count, silent: count, alarmed: fc.boolean() }).map(
      ({ devices, silent, alarmed }): RolloutFacts => ({
        canary: {
          ...numbers,
          silent: Math.min(numbers.silent, numbers.devices),
          failed: Math.min(numbers.failed, numbers.devices),
          failure: undefined,
        },
        others: { devices, silent: Math.min(silent, devices) },
        alarmed: alarmed ? '2026-11-01T00:00:00Z' : undefined,
      }),
    ),
  );

test('no canary outlives its deadline, and what rolls back before it rolls back after it', () => {
  fc.assert(
    fc.property(anyFacts, fc.constantFrom(criteria, promoting), (facts, terms) => {
      const before = judgeRollout(terms, facts, { expired: false });
      const after = judgeRollout(terms, facts, { expired: true });
      expect(after.kind).not.toBe('continue');
      expect(before.kind).not.toBe('promote');
      if (before.kind === 'rollback') expect(after).toEqual(before);
    }),
  );
});

test('more errors, silence or failures never make a verdict better', () => {
  const worse = fc.constantFrom('errors', 'silent', 'failed');
  fc.assert(
    fc.property(anyFacts, worse, fc.nat(100), fc.boolean(), (facts, field, by, expired) => {
      const { devices } = facts.canary;
      const value = facts.canary[field] + by;
      const bad = {
        ...facts,
        canary: { ...facts.canary, [field]: field === 'errors' ? value : Math.min(devices, value) },
      };
      if (judgeRollout(promoting, facts, { expired }).kind === 'rollback') {
        expect(judgeRollout(promoting, bad, { expired }).kind).toBe('rollback');
      }
    }),
  );
});
