import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../error/index.ts';
import { createTestBundle } from '../testing/index.ts';
import { parseManifest } from './index.ts';

const { bundle: BUNDLE } = await createTestBundle();
const TEXT = JSON.stringify(BUNDLE.manifest);

// biome-ignore lint/suspicious/noExplicitAny: a manifest on its way to being damaged has no type
type Draft = any;

function refusal(text: string): InputError {
  try {
    parseManifest(text);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('parseManifest() accepted the text');
}

test('parseManifest() round-trips', () => {
  expect(parseManifest(TEXT)).toEqual(BUNDLE.manifest);
});

test.each<[string, (manifest: Draft) => void, string]>([
  ['an unknown field', (m) => Object.assign(m, { surprise: 1 }), 'manifest'],
  ['a model name with capitals', (m) => Object.assign(m, { model: 'Model' }), 'manifest.model'],
  ['a model name that climbs', (m) => Object.assign(m, { model: '../x' }), 'manifest.model'],
  ['no version', (m) => Object.assign(m, { version: '' }), 'manifest.version'],
  ['a date of its own', (m) => Object.assign(m, { created: 'today' }), 'manifest.created'],
  ['one class', (m) => m.classes.splice(1), 'manifest.classes'],
  [
    '1,025 classes',
    (m) => Object.assign(m, { classes: Array(1025).fill('c') }),
    'manifest.classes',
  ],
  ['an unknown structure', (m) => Object.assign(m, { structure: 'wide' }), 'manifest.structure'],
  [
    'a reference of a column beyond the rows',
    (m) =>
      Object.assign(m, {
        reference: { rows: 1, features: [{ column: 12, cuts: [5], counts: [1, 0] }] },
      }),
    'manifest.reference.features',
  ],
  [
    'a reference that counts other rows than it says',
    (m) =>
      Object.assign(m, {
        reference: { rows: 2, features: [{ column: 0, cuts: [5], counts: [1, 0] }] },
      }),
    'manifest.reference',
  ],
  ['no stages', (m) => Object.assign(m, { stages: [] }), 'manifest.stages'],
  [
    '17 stages',
    (m) => Object.assign(m, { stages: Array(17).fill(m.stages[0]) }),
    'manifest.stages',
  ],
  [
    'a zero point of 8 bits',
    (m) => Object.assign(m.input, { zeroPoint: 128 }),
    'manifest.input.zeroPoint',
  ],
  [
    'a stage that reads another width',
    (m) => Object.assign(m.stages[1].hidden[0], { inputs: 5 }),
    'manifest.stages.1.hidden.0.inputs',
  ],
  [
    'a hidden layer without a scale',
    (m) => Object.assign(m.stages[0].hidden[0], { activationScale: null }),
    'manifest.stages.0.hidden.0.activationScale',
  ],
  [
    'a head of another width',
    (m) => Object.assign(m.stages[0].head, { inputs: 9 }),
    'manifest.stages.0.head.inputs',
  ],
  [
    'a head with too few classes',
    (m) => Object.assign(m.stages[2].head, { outputs: 2 }),
    'manifest.stages.2.head.outputs',
  ],
  [
    'a temperature of 0',
    (m) => Object.assign(m.stages[0], { temperature: 0 }),
    'manifest.stages.0.temperature',
  ],
  [
    'a temperature beyond float32',
    (m) => Object.assign(m.stages[0], { temperature: 1e-300 }),
    'manifest.stages.0.temperature',
  ],
  [
    'a hash in capitals',
    (m) => Object.assign(m.stages[0], { sha256: 'A'.repeat(64) }),
    'manifest.stages.0.sha256',
  ],
  [
    'an accuracy in percent',
    (m) => Object.assign(m.stages[0].validation, { accuracy: 80 }),
    'manifest.stages.0.validation.accuracy',
  ],
  [
    'a policy deeper than the stages',
    (m) => Object.assign(m.policies.day, { maxStage: 4 }),
    'manifest.policies.day.maxStage',
  ],
  [
    'too few thresholds',
    (m) => m.policies.night.thresholds.pop(),
    'manifest.policies.night.thresholds',
  ],
  [
    'a threshold above 1',
    (m) => m.policies.day.thresholds.fill(1.01),
    'manifest.policies.day.thresholds.0',
  ],
  [
    'no night policy',
    (m) => Reflect.deleteProperty(m.policies, 'night'),
    'manifest.policies.night',
  ],
  [
    'a table without columns',
    (m) => Object.assign(m.features, { columns: 0 }),
    'manifest.features.columns',
  ],
])('parseManifest() refuses %s', (_, change, field) => {
  const manifest = JSON.parse(TEXT);
  change(manifest);
  expect(refusal(JSON.stringify(manifest))).toMatchObject({
    code: 'bundle-manifest-invalid',
    field,
  });
});

test('parseManifest() refuses telemetry channels or statistics named twice', () => {
  const channel = { name: 'temperature', unit: '°C' };
  const features = {
    kind: 'telemetry',
    channels: [channel],
    statistics: ['mean'],
    windowMs: 10,
    strideMs: 5,
  };
  const withFeatures = (change: object) =>
    refusal(JSON.stringify({ ...BUNDLE.manifest, features: { ...features, ...change } }));
  expect(withFeatures({ channels: [channel, channel] }).field).toBe('manifest.features.channels');
  expect(withFeatures({ statistics: ['mean', 'mean'] }).field).toBe('manifest.features.statistics');
  expect(withFeatures({ strideMs: 11 }).allowed).toBe('strideMs must not exceed windowMs');
});

test.each(['', 'null', '[]', '1', '{', '{"schema":1}'])('parseManifest() refuses %j', (text) => {
  expect(refusal(text).code).toMatch(/^bundle-(manifest-invalid|schema-unsupported)$/);
});

test('parseManifest() refuses provenance nested deep enough to exhaust the stack', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const text = TEXT.replace('"random weights for tests"', deep);
  expect(refusal(text).code).toBe('bundle-manifest-invalid');
  const brackets = TEXT.replace('random weights', '[[{{'.repeat(100));
  expect(parseManifest(brackets).provenance.note).toContain('[[{{');
});

/** Every path of a JSON value that leads to a leaf or a container below the root. */
function paths(value: unknown, prefix: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const below = Object.entries(value).flatMap(([key, item]) => paths(item, [...prefix, key]));
  return prefix.length === 0 ? below : [prefix, ...below];
}

test('parseManifest() answers any value in any place with a manifest or an InputError', () => {
  const places = paths(BUNDLE.manifest);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (path, value) => {
      const manifest = JSON.parse(TEXT);
      const parent = path.slice(0, -1).reduce((node: Draft, key) => node[key], manifest);
      parent[path.at(-1) as string] = value;
      try {
        parseManifest(JSON.stringify(manifest));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 3000 },
  );
});
