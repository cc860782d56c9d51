import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRowAssembler, type RowAssembler, type TelemetrySpec } from './index.ts';
import { anySpec, rowBits, stream } from './testing/streams.ts';

const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'a', unit: 'V' }],
  statistics: ['mean'],
  windowMs: 100,
  strideMs: 50,
};

const throughJson = (assembler: RowAssembler) => JSON.parse(JSON.stringify(assembler.snapshot()));

test('an assembler from a snapshot gives the same rows to the bit, wherever it is taken', () => {
  let rows = 0;
  let jumps = 0;
  fc.assert(
    fc.property(anySpec, stream(200), fc.array(fc.nat({ max: 200 })), (spec, samples, cuts) => {
      const whole = createRowAssembler(spec);
      let parts = createRowAssembler(spec);
      const at = new Set(cuts);
      samples.forEach((sample, i) => {
        if (at.has(i)) parts = createRowAssembler(spec, { snapshot: throughJson(parts) });
        const expected = rowBits(whole.push(sample));
        rows += expected.length;
        expect(rowBits(parts.push(sample))).toEqual(expected);
      });
      jumps += whole.counters().clockJumps;
      parts = createRowAssembler(spec, { snapshot: throughJson(parts) });
      expect(throughJson(parts)).toEqual(throughJson(whole));
      expect(rowBits(parts.flush(2e12))).toEqual(rowBits(whole.flush(2e12)));
      expect(parts.counters()).toEqual(whole.counters());
      expect(parts.buffered()).toBe(whole.buffered());
    }),
    { numRuns: 400 },
  );
  // What makes the property worth something.
  expect(rows).toBeGreaterThan(5000);
  expect(jumps).toBeGreaterThan(50);
});

test('a snapshot is compact: a few characters a sample', () => {
  const assembler = createRowAssembler({ ...SPEC, windowMs: 100_000, strideMs: 1000 });
  for (let i = 0; i < 1000; i++) {
    assembler.push({
      asset: 'pump',
      channel: 'a',
      time: 1_767_225_600_000 + i * 100,
      value: i / 10,
    });
  }
  expect(assembler.buffered('pump')).toBeGreaterThan(900);
  expect(JSON.stringify(assembler.snapshot()).length).toBeLessThan(1000 * 12);
});

test('a snapshot keeps times whose steps would not add up to them', () => {
  const spec = { ...SPEC, windowMs: 1000 };
  const assembler = createRowAssembler(spec);
  const times = [0.03, 3 / 7, 9 / 7];
  expect(times[0] + (times[1] - times[0])).not.toBe(times[1]);
  for (const time of times) assembler.push({ asset: 'pump', channel: 'a', time, value: time });
  const snapshot = throughJson(assembler);
  expect(snapshot.assets[0].channels[0].times).toEqual(times);
  const again = createRowAssembler(spec, { snapshot });
  expect(again.snapshot()).toEqual(assembler.snapshot());
  const last = { asset: 'pump', channel: 'a', time: 5000, value: 1 };
  expect(rowBits(again.push(last))).toEqual(rowBits(assembler.push(last)));
});

test.each<[string, TelemetrySpec]>([
  ['another window', { ...SPEC, windowMs: 101 }],
  ['another channel', { ...SPEC, channels: [{ name: 'b', unit: 'V' }] }],
  ['another unit', { ...SPEC, channels: [{ name: 'a', unit: 'mV' }] }],
  [
    'another rule for what is missing',
    { ...SPEC, channels: [{ name: 'a', unit: 'V', holdMs: 1 }] },
  ],
  ['other statistics', { ...SPEC, statistics: ['last'] }],
])('createRowAssembler() refuses a snapshot of %s', (_, spec) => {
  const snapshot = createRowAssembler(SPEC).snapshot();
  expect(() => createRowAssembler(spec, { snapshot })).toThrow(
    expect.objectContaining({
      name: 'InputError',
      code: 'snapshot-invalid',
      field: 'snapshot.spec',
      message: 'The snapshot was taken of other windows',
    }),
  );
});

test('createRowAssembler() takes a snapshot of the same spec in another order of fields', () => {
  const snapshot = createRowAssembler(SPEC).snapshot();
  const turned = Object.fromEntries(Object.entries(SPEC).reverse()) as unknown as TelemetrySpec;
  expect(createRowAssembler(turned, { snapshot }).snapshot()).toEqual(snapshot);
});

function damaged(change: (snapshot: ReturnType<typeof throughJson>) => void): unknown {
  const assembler = createRowAssembler(SPEC);
  for (const time of [0, 60]) assembler.push({ asset: 'pump', channel: 'a', time, value: 1 });
  const snapshot = throughJson(assembler);
  change(snapshot);
  return snapshot;
}

test.each<[string, unknown, string]>([
  ['null', null, 'snapshot'],
  ['a list', [], 'snapshot'],
  ['another version', damaged((s) => Object.assign(s, { version: 2 })), 'snapshot.version'],
  [
    'a missing due time',
    damaged((s) => Reflect.deleteProperty(s.assets[0], 'due')),
    'snapshot.assets.0',
  ],
  ['a missing channel', damaged((s) => s.assets[0].channels.pop()), 'snapshot.assets.0'],
  [
    'a missing value',
    damaged((s) => s.assets[0].channels[0].values.pop()),
    'snapshot.assets.0.channels.0',
  ],
  [
    'text for a number',
    damaged((s) => Object.assign(s.assets[0], { latest: '5' })),
    'snapshot.assets.0.latest',
  ],
])('createRowAssembler() refuses %s for a snapshot', (_, snapshot, field) => {
  expect(() => createRowAssembler(SPEC, { snapshot })).toThrow(
    expect.objectContaining({ code: 'snapshot-invalid', field }),
  );
});

test('createRowAssembler() answers any damage with an assembler or an InputError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, place) => {
      const snapshot = damaged((s) => {
        const targets = [s, s.assets[0], s.assets[0].channels[0], s.assets[0].clock];
        const target = targets[place % targets.length];
        const keys = Object.keys(target);
        target[keys[place % keys.length]] = value;
      });
      try {
        const assembler = createRowAssembler(SPEC, { snapshot });
        assembler.push({ asset: 'pump', channel: 'a', time: 200, value: 1 });
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError', code: 'snapshot-invalid' });
      }
    }),
  );
});
