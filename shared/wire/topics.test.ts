import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkTopicLevel, createTopics } from './index.ts';

const topics = createTopics({ site: 'kobe', gateway: 'gw-1' });

test('createTopics() names every topic of a gateway', () => {
  expect({
    ...topics,
    telemetry: topics.telemetry('pump', 'flow'),
    prediction: topics.prediction('pump'),
    summary: topics.summary('pump'),
    parseTelemetry: undefined,
  }).toEqual({
    telemetryFilter: 'dandan/kobe/gw-1/telemetry/#',
    telemetry: 'dandan/kobe/gw-1/telemetry/pump/flow',
    prediction: 'dandan/kobe/gw-1/prediction/pump',
    summary: 'dandan/kobe/gw-1/summary/pump',
    health: 'dandan/kobe/gw-1/health',
    metrics: 'dandan/kobe/gw-1/metrics',
    alert: 'dandan/kobe/gw-1/alert',
    desired: 'dandan/kobe/gw-1/desired',
    reported: 'dandan/kobe/gw-1/reported',
    escalationRequest: 'dandan/kobe/gw-1/escalation/request',
    escalationResponse: 'dandan/kobe/gw-1/escalation/response',
    parseTelemetry: undefined,
  });
  expect(topics.telemetry('pump')).toBe('dandan/kobe/gw-1/telemetry/pump');
});

const level = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/);

test('parseTelemetry() reads the topics that telemetry() names', () => {
  fc.assert(
    fc.property(level, fc.option(level, { nil: undefined }), (asset, channel) => {
      expect(topics.parseTelemetry(topics.telemetry(asset, channel))).toEqual({ asset, channel });
    }),
  );
});

test.each([
  ['another gateway', 'dandan/kobe/gw-2/telemetry/pump/flow'],
  ['a longer gateway name', 'dandan/kobe/gw-11/telemetry/pump/flow'],
  ['another topic', 'dandan/kobe/gw-1/prediction/pump'],
  ['no asset', 'dandan/kobe/gw-1/telemetry/'],
  ['no telemetry level', 'dandan/kobe/gw-1/telemetry'],
  ['an empty channel', 'dandan/kobe/gw-1/telemetry/pump/'],
  ['an empty asset', 'dandan/kobe/gw-1/telemetry//flow'],
  ['too many levels', 'dandan/kobe/gw-1/telemetry/pump/flow/x'],
  ['a wildcard', 'dandan/kobe/gw-1/telemetry/pump/+'],
  ['a space', 'dandan/kobe/gw-1/telemetry/pump one'],
  ['a control character', 'dandan/kobe/gw-1/telemetry/pump\n'],
  ['a level of 65 characters', `dandan/kobe/gw-1/telemetry/${'a'.repeat(65)}`],
])('parseTelemetry() knows nothing of %s', (_, topic) => {
  expect(topics.parseTelemetry(topic)).toBeUndefined();
});

test.each(['', 'a/b', '#', '+', 'a b', 'ü', 'a\u0000', 'a\n', 'x'.repeat(65)])(
  'checkTopicLevel() refuses %j',
  (name) => {
    expect(() => checkTopicLevel('site', name)).toThrow(
      expect.objectContaining({ code: 'topic-invalid', field: 'site', value: name }),
    );
  },
);

test('createTopics() refuses names that would reach into other topics', () => {
  expect(() => createTopics({ site: '+', gateway: 'g' })).toThrow(
    expect.objectContaining({ code: 'topic-invalid', field: 'site' }),
  );
  expect(() => createTopics({ site: 's', gateway: 'g/#' })).toThrow(
    expect.objectContaining({ code: 'topic-invalid', field: 'gateway' }),
  );
});
