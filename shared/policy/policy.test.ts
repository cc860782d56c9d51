import { expect, expectTypeOf, test } from 'vitest';
import type { PolicyManifest } from '../bundle/index.ts';
import { createTestBundle } from '../testing/index.ts';
import { POLICY_NAMES, type PolicyName, policyOf } from './index.ts';

test('policyOf() finds every named policy', async () => {
  const { manifest } = (await createTestBundle()).bundle;
  expect(POLICY_NAMES.map((name) => policyOf(manifest, name))).toEqual([
    manifest.policies.day,
    manifest.policies.night,
  ]);
});

test.each(['noon', '', 'Day', '__proto__', 'toString'])('policyOf() refuses %j', async (name) => {
  const { manifest } = (await createTestBundle()).bundle;
  expect(() => policyOf(manifest, name)).toThrow(
    expect.objectContaining({ code: 'policy-unknown', value: name, allowed: 'day, night' }),
  );
});

test('PolicyName is the union of the names', () => {
  expectTypeOf<PolicyName>().toEqualTypeOf<'day' | 'night'>();
  expectTypeOf(policyOf).returns.toEqualTypeOf<PolicyManifest>();
});
