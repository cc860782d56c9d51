import { expect, test } from 'vitest';
import type { CheckResult, ModelReport } from '../../models/update/index.ts';
import { modelFacts, refuseModel, requestModel } from './model-wishes.ts';

const OWN = [{ model: 'press', channel: 'stable' }, { model: 'oven' }];
const BUNDLE = 'a'.repeat(64);

test.each<[string, object, string | undefined]>([
  ['press', { release: 3 }, undefined],
  ['press', { channel: 'stable' }, undefined],
  ['press', { channel: 'canary' }, "channel is 'canary'; allowed: 'stable', as configured"],
  ['oven', { release: 3 }, "'oven' comes from a file, as configured"],
  ['fan', { release: 3 }, "there is no model 'fan'; allowed: press, oven"],
])('a wish for %s of %j: %s', (model, wish, reason) => {
  expect(refuseModel(OWN, model, wish)).toBe(reason);
});

const offered: CheckResult = {
  model: 'press',
  channel: 'stable',
  kind: 'offered',
  release: 7,
  bundle: BUNDLE,
};

test.each<[object | undefined, CheckResult[], string | undefined]>([
  [undefined, [], undefined],
  [{ release: 7, bundle: BUNDLE }, [offered], undefined],
  [{ release: 8 }, [offered], 'the channel has release 7, not 8'],
  [{ bundle: 'b'.repeat(64) }, [offered], `the channel has bundle ${BUNDLE}`],
  [{ release: 7 }, [], "no channel of 'press' is followed"],
  [
    { release: 7 },
    [{ ...offered, kind: 'refused', reason: 'expired' }],
    'the edge: expired; asked again with every check',
  ],
])('a wish of %j that is answered by %j', async (wish, results, reason) => {
  const updater = { request: async () => results };
  const outcome = await requestModel(updater, 'press', wish).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  expect(outcome).toBe(reason);
});

test('modelFacts() tells a release that was given up from one that is under way', () => {
  const report: ModelReport = {
    model: 'press',
    channel: 'stable',
    phase: 'canary',
    running: { release: 6, bundle: BUNDLE },
    lastGood: null,
    target: { release: 7, bundle: 'b' },
    highest: 7,
    rows: 0,
    errors: 0,
    progress: null,
    canary: null,
    failure: null,
    problem: null,
  };
  expect(modelFacts(report, 2)).toEqual({
    model: 'press',
    channel: 'stable',
    bundle: BUNDLE,
    release: 6,
    stages: 2,
    update: { state: 'canary', bundle: 'b', reason: '' },
  });
  const failure = { release: 7, bundle: 'b', reason: 'errors' };
  const failed = modelFacts({ ...report, phase: 'init', running: null, target: null, failure }, 2);
  expect(failed).toMatchObject({ update: { state: 'failed', reason: 'errors' } });
  expect(failed.bundle).toBeUndefined();
});
