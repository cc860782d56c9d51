// The short form of the chaos run; the long one is device/testing/chaos/main.ts.

import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { FAULTS } from './testing/chaos/faults.ts';
import { judge } from './testing/chaos/judge.ts';
import { runChaos } from './testing/chaos/run-chaos.ts';
import { skipMosquitto } from './testing/mosquitto.ts';
import { createMessages, expectedPredictions } from './testing/telemetry.ts';
import { TEST_SPEC } from './testing/telemetry-spec.ts';

test.skipIf(skipMosquitto)(
  'kills, restarts, outages and partitions at random lose no sample and apply none twice',
  async () => {
    const report = await runChaos({ faults: 30, samples: 6000, seed: 2 });
    expect(report).toMatchObject({ lost: 0, wrong: 0, madeUp: 0, contradicted: 0, takenBack: 0 });
    expect(report.samples).toBeGreaterThanOrEqual(6000);
    expect(Object.keys(report.faults).length).toBeGreaterThan(FAULTS.length / 2);
  },
  180_000,
);

test('judge() notices what is lost, wrong, made up, contradicted and taken back', async () => {
  const made = await createTestBundle({ telemetry: TEST_SPEC });
  const messages = createMessages({ spec: TEST_SPEC });
  const expected = expectedPredictions(made, TEST_SPEC, messages, 1);
  const all = [...expected.values()];
  const sound = { lost: 0, wrong: 0, madeUp: 0, contradicted: 0, takenBack: 0, repeated: 0 };
  expect(judge(expected, all)).toMatchObject(sound);
  const [first] = all;
  const other = { ...first, confidence: first.confidence / 2 };
  const provisional = { ...first, degraded: true };
  expect(judge(expected, all.slice(1))).toMatchObject({ ...sound, lost: 1 });
  expect(judge(expected, [...all.slice(1), other])).toMatchObject({ ...sound, wrong: 1 });
  expect(judge(expected, [...all, first])).toMatchObject({ ...sound, repeated: 1 });
  expect(judge(expected, [other, ...all])).toMatchObject({ contradicted: 1, wrong: 0 });
  expect(judge(expected, [...all, provisional])).toMatchObject({ takenBack: 1, provisional: 1 });
  expect(judge(expected, [...all, { ...first, id: 'x' }])).toMatchObject({ madeUp: 1 });
});
