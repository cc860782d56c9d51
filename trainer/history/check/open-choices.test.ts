import { expect, test } from 'vitest';
import { projectSchema } from '../project/schema.ts';
import { proposeFeatures } from '../proposal/index.ts';
import { type MadeChannel, madeTelemetry } from '../testing/made-telemetry.ts';
import { openChoices } from './open-choices.ts';

const slow = (name: string): MadeChannel => ({
  name,
  everyMs: 60_000,
  valueAt: (i) => Math.sin(i / 30),
});

function choicesOf(names: readonly string[], more: object = {}) {
  const project = projectSchema.parse({ model: 'a', telemetry: [{ files: '*.csv' }], ...more });
  const lengthMs = 10 * 3_600_000;
  const telemetry = madeTelemetry({ assets: ['a'], channels: names.map(slow), lengthMs });
  return openChoices({ project, proposal: proposeFeatures({ telemetry, project }) });
}

const settings = (...given: Parameters<typeof choicesOf>) =>
  choicesOf(...given).map(({ setting }) => setting);

test('openChoices() tells channels that are alike together where they are many', () => {
  const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
  const alike = choicesOf(names).at(-1)!;
  expect(alike).toMatchObject({
    setting: 'statistics of 20 channels',
    value: '[mean, deviation, slope]',
  });
  expect(alike.reason).toMatch(
    /^steady: level, spread and trend tell of it: c0, .*, … and 8 more\.$/,
  );
  expect(settings(['x', 'y']).slice(-2)).toEqual([
    'channels.x.statistics',
    'channels.y.statistics',
  ]);
});

test('openChoices() leaves out what plant.yaml states', () => {
  const features = { windowMs: 600_000, statistics: ['mean'] };
  expect(settings(['x'], { features })).toEqual(['features.strideMs', 'features.missing']);
  expect(settings(['x'], { features: { windowSamples: 9 } })).toEqual([
    'features.missing',
    'channels.x.statistics',
  ]);
  const channels = [{ name: 'x.y', statistics: ['last'] }, { name: 'z' }];
  expect(settings(['x.y', 'z'], { channels })).toEqual([
    'features.windowMs',
    'features.strideMs',
    'features.missing',
    'channels.z.statistics',
  ]);
});
