import type { Prediction } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNamespace, type NamespaceOptions } from './index.ts';

const OPTIONS: NamespaceOptions = {
  topic: '{enterprise}/{site}/{area}/{line}/{asset}/prediction',
  site: 'osaka',
  gateway: 'line-1',
  levels: { enterprise: 'acme', area: 'stamping', line: 'line 1' },
  assets: [{ assets: 'oven-*', levels: { area: 'heat treatment' } }],
  retain: true,
};
const PREDICTION: Prediction = {
  id: 'x',
  model: 'press',
  asset: 'press-1',
  t: 0,
  class: 0,
  label: 'ok',
  confidence: 0.123456,
  stage: 1,
  tier: 'gateway',
  bundle: 'b',
  degraded: false,
};

test('a prediction stands at the place of its asset', () => {
  const toNamespace = createNamespace(OPTIONS);
  expect(toNamespace(PREDICTION)).toEqual({
    topic: 'acme/osaka/stamping/line 1/press-1/prediction',
    payload:
      '{"timestamp":"1970-01-01T00:00:00.000Z","value":"ok","confidence":0.1235,"quality":"good","model":"press"}',
    retain: true,
  });
  const oven = toNamespace({ ...PREDICTION, asset: 'oven-2', degraded: true });
  expect(oven.topic).toBe('acme/osaka/heat treatment/line 1/oven-2/prediction');
  expect(JSON.parse(oven.payload).quality).toBe('uncertain');
});

test('models of one asset may have a place of their own', () => {
  const toNamespace = createNamespace({ ...OPTIONS, topic: '{enterprise}/{asset}/{model}' });
  const topics = ['press', 'oven'].map((model) => toNamespace({ ...PREDICTION, model }).topic);
  expect(topics).toEqual(['acme/press-1/press', 'acme/press-1/oven']);
});

test.each<[string, Partial<NamespaceOptions>]>([
  ['no asset', { topic: '{enterprise}/prediction' }],
  ['a level that nobody names', { topic: '{enterprise}/{cell}/{asset}' }],
  [
    'a level that some assets lack',
    { topic: '{cell}/{asset}', assets: [{ assets: 'a', levels: { cell: 'c' } }] },
  ],
  ['a wildcard', { topic: '+/{asset}' }],
  ['a wildcard in a level', { levels: { ...OPTIONS.levels, area: '#' } }],
  ['a separator in a level', { levels: { ...OPTIONS.levels, area: 'a/b' } }],
  ['braces that are none', { topic: '{enterprise}/{asset}/{' }],
  ['a level named asset', { levels: { ...OPTIONS.levels, asset: 'x' } }],
  ['the gateway’s own topics', { topic: 'dandan/{site}/{gateway}/telemetry/{asset}' }],
  ['the topics of Home Assistant', { topic: 'homeassistant/{asset}' }],
  ['the topics of Sparkplug', { topic: 'spBv1.0/{asset}' }],
  ['topics of the broker', { levels: { enterprise: '$SYS', area: 'a', line: 'l' } }],
  ['a topic that is too long', { topic: `${'x'.repeat(200)}/{asset}` }],
])('%s is refused', (_, change) => {
  expect(() => createNamespace({ ...OPTIONS, ...change })).toThrow(
    expect.objectContaining({ code: 'config-invalid', allowed: expect.anything() }),
  );
});

test('no configuration that is taken gives a topic that cannot be published', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('{asset}', '{area}/{asset}', 'a/{asset}/{model}', '{__proto__}/{asset}'),
  );
  const level = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
  fc.assert(
    fc.property(text, level, fc.boolean(), (topic, area, retain) => {
      let made: ReturnType<typeof createNamespace>;
      try {
        made = createNamespace({ ...OPTIONS, topic, levels: { area }, assets: [], retain });
      } catch (error) {
        expect(error).toMatchObject({ code: 'config-invalid' });
        return;
      }
      const message = made(PREDICTION);
      expect(message.topic).toContain('press-1');
      expect(message.topic).not.toMatch(/[+#{}\0]|undefined|object/);
    }),
    { numRuns: 500 },
  );
});
