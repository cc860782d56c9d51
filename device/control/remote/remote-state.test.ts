import { MAX_DESIRED_BYTES, MAX_DESIRED_MODELS } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDesired } from './desired-message.ts';
import {
  EMPTY_STATE,
  fromKept,
  type Limits,
  type RemoteState,
  reduceRemote,
  toKept,
} from './remote-state.ts';

const ALL: Limits = {
  model: () => undefined,
  outputs: () => undefined,
  schedule: () => undefined,
};
const DOCUMENT = { schema: 1, timeZone: 'Asia/Tokyo', rules: [] };

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

function take(state: RemoteState, value: unknown, limits = ALL): RemoteState {
  return reduceRemote(state, { kind: 'message', message: readDesired(encode(value)), limits });
}

test('every field of a message is taken', () => {
  const models = { press: { channel: 'canary' }, oven: { release: 3, bundle: 'a'.repeat(64) } };
  const window = { days: ['sat'], from: '22:00', to: '02:00' };
  const schedule = { timeZone: 'Asia/Tokyo', windows: [window] };
  const outputs = { prediction: { minIntervalMs: 1000 } };
  const wishes = { policy: 'night', models, schedule, outputs, logLevel: 'warn' };
  const state = take(EMPTY_STATE, { version: 4, ...wishes });
  expect(state).toMatchObject({ version: 4, highest: 4, settings: wishes });
  const outcomes = Object.entries(state.fields).map(([name, { outcome }]) => `${name} ${outcome}`);
  expect(outcomes.sort()).toEqual([
    'logLevel accepted',
    'models.oven accepted',
    'models.press accepted',
    'outputs accepted',
    'policy accepted',
    'schedule accepted',
  ]);
});

test.each<[string, unknown, string, string]>([
  ['a policy that is none', { policy: 'dusk' }, 'policy', ''],
  [
    'a document with a wrong zone',
    { policy: { ...DOCUMENT, timeZone: 'Mars' } },
    'policy',
    'timeZone',
  ],
  ['a policy of null', { policy: null }, 'policy', ''],
  ['code', { policy: { ...DOCUMENT, run: 'rm -rf' } }, 'policy', 'only the fields'],
  ['a URL of another edge', { edge: { url: 'https://evil.example' } }, 'unknown', "'edge'"],
  ['a key', { signingKeys: ['k'] }, 'unknown', "'signingKeys'"],
  ['a URL in a model', { models: { press: { url: 'https://x' } } }, 'models.press', 'url'],
  ['a model without a wish', { models: { press: {} } }, 'models.press', 'at least one'],
  ['a model that is no name', { models: { '../x': { release: 1 } } }, 'models', 'no name'],
  ['models as a list', { models: [] }, 'models', 'an object'],
  ['models as text', { models: 'press' }, 'models', 'an object'],
  ['a bundle that is no hash', { models: { press: { bundle: 'latest' } } }, 'models.press', '64'],
  [
    'too many models',
    {
      models: Object.fromEntries(
        Array.from({ length: MAX_DESIRED_MODELS + 1 }, (_, i) => [`m${i}`, { release: 1 }]),
      ),
    },
    'models',
    'at most',
  ],
  [
    'a window without end',
    { schedule: { timeZone: 'UTC', windows: [{ days: ['mon'], from: '22:00' }] } },
    'schedule',
    'windows.0.to',
  ],
  [
    'an empty window',
    { schedule: { timeZone: 'UTC', windows: [{ days: ['mon'], from: '22:00', to: '22:00' }] } },
    'schedule',
    'another time',
  ],
  [
    'a window that is a number',
    { schedule: { timeZone: 'UTC', windows: [7] } },
    'schedule',
    'windows.0',
  ],
  ['a level that is none', { logLevel: 'trace' }, 'logLevel', ''],
  ['an output that is none', { outputs: { topic: 'x' } }, 'outputs', ''],
])('%s is refused alone, with its reason, and the rest is taken', (_, wish, field, reason) => {
  const before = take(EMPTY_STATE, { version: 1, policy: 'night', logLevel: 'debug' });
  const other = field === 'policy' ? { logLevel: 'error' } : { policy: 'day' };
  const after = take(before, { version: 2, ...other, ...(wish as object) });
  expect(after.fields[field]).toMatchObject({ outcome: 'refused', version: 2 });
  expect((after.fields[field] as { reason: string }).reason).toContain(reason);
  expect(after.version).toBe(2);
  expect(after.settings).toMatchObject(other);
  // What was in force of a refused field stays; what is no longer said goes.
  if (field === 'policy') expect(after.settings.policy).toBe('night');
  if (field === 'logLevel') expect(after.settings.logLevel).toBe('debug');
  if (field === 'outputs') expect(after.settings.logLevel).toBeUndefined();
});

test.each<[string, unknown, string]>([
  ['text', 'hello', 'not-json'],
  ['a list', [1], 'not-json'],
  ['null', 'null', 'not-json'],
  ['no version', {}, 'version-invalid'],
  ['a version of text', { version: '3' }, 'version-invalid'],
  ['version 0', { version: 0 }, 'version-invalid'],
  ['a version of 1.5', { version: 1.5 }, 'version-invalid'],
  ['a version beyond whole numbers', '{"version": 1e300}', 'version-invalid'],
  ['an old version', { version: 4, policy: 'day' }, 'version-old'],
  ['a used version', { version: 5, policy: 'day' }, 'version-reused'],
  ['too much', `{"version":6,"x":"${'a'.repeat(MAX_DESIRED_BYTES)}"}`, 'too-large'],
])('%s changes nothing but is told', (_, value, code) => {
  const before = take(EMPTY_STATE, { version: 5, policy: 'night' });
  const after = take(before, value);
  expect(after).toMatchObject({ ...before, problem: { code } });
  expect(take(after, { version: 5, policy: 'night' })).toEqual({ ...before, problem: undefined });
});

test('the same message again, in whatever order it is written, changes nothing', () => {
  const before = take(EMPTY_STATE, '{"version":1,"policy":"night","logLevel":"warn"}');
  expect(take(before, '{ "logLevel": "warn", "policy": "night", "version": 1 }')).toBe(before);
});

test('an empty message clears; old wishes do not come back, newer do', () => {
  const wished = take(EMPTY_STATE, { version: 7, policy: 'night' });
  const cleared = take(wished, '');
  expect(cleared).toMatchObject({ version: 0, highest: 7, settings: { models: {} }, fields: {} });
  expect(take(cleared, '')).toBe(cleared);
  expect(take(cleared, { version: 7, policy: 'night' })).toMatchObject({
    version: 0,
    problem: { code: 'version-old' },
  });
  expect(take(cleared, { version: 8 })).toMatchObject({ version: 8, settings: { models: {} } });
});

test('what the file of the gateway does not allow is refused as such', () => {
  const limits: Limits = {
    model: (name) => (name === 'press' ? undefined : `no model '${name}' here`),
    outputs: () => 'wider than the configuration',
    schedule: () => undefined,
  };
  const wishes = { models: { press: { release: 2 }, oven: { release: 2 } } };
  const state = take(EMPTY_STATE, { version: 1, ...wishes, outputs: { prediction: {} } }, limits);
  expect(state.settings.models).toEqual({ press: { release: 2 } });
  expect(state.settings.outputs).toBeUndefined();
  expect(state.fields['models.oven']).toMatchObject({ code: 'not-allowed', outcome: 'refused' });
  expect(state.fields.outputs).toMatchObject({ code: 'not-allowed' });
});

test('what fails later is told, unless a newer message has spoken of it', () => {
  const state = take(EMPTY_STATE, { version: 1, models: { press: { release: 2 } } });
  const failure = { kind: 'failed', field: 'models.press', version: 1, reason: 'expired' } as const;
  const failed = reduceRemote(state, failure);
  expect(failed.fields['models.press']).toMatchObject({ code: 'failed', reason: 'expired' });
  const newer = take(state, { version: 2, models: { press: { release: 3 } } });
  expect(reduceRemote(newer, failure)).toBe(newer);
});

test('the versions acted on only grow, any message is survived, and what is kept is read again', () => {
  const wish = fc.record(
    {
      version: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.jsonValue()),
      policy: fc.oneof(fc.constantFrom('day', 'night'), fc.constant(DOCUMENT), fc.jsonValue()),
      models: fc.oneof(fc.constant({ press: { release: 1 } }), fc.jsonValue()),
      schedule: fc.jsonValue(),
      outputs: fc.jsonValue(),
      logLevel: fc.constantFrom('info', 'warn', 'loud'),
    },
    { requiredKeys: [] },
  );
  const payload = fc.oneof(
    { weight: 5, arbitrary: wish.map(encode) },
    fc.uint8Array({ maxLength: 60 }),
    fc.constant(new Uint8Array()),
    fc.json().map(encode),
  );
  fc.assert(
    fc.property(fc.array(payload, { maxLength: 12 }), (payloads) => {
      let state = EMPTY_STATE;
      for (const each of payloads) {
        const message = readDesired(each);
        const next = reduceRemote(state, { kind: 'message', message, limits: ALL });
        expect(next.highest).toBeGreaterThanOrEqual(state.highest);
        expect([0, next.highest]).toContain(next.version);
        if (next.settings !== state.settings && next.version !== 0) {
          expect(next.version).toBeGreaterThan(state.highest);
        }
        const { problem: _, ...kept } = next;
        expect(fromKept(JSON.parse(JSON.stringify(toKept(next))))).toEqual(kept);
        state = next;
      }
    }),
    { numRuns: 500 },
  );
});

test.each([[undefined], [null], [{}], [{ schema: 2 }], [{ schema: 1, version: -1 }]])(
  'fromKept() takes no %j',
  (value) => {
    expect(fromKept(value)).toBeUndefined();
  },
);
