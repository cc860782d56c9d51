import { InputError } from '@dandan/shared/error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceMessage } from '../source.ts';
import { createSparkplugSource } from './create-source.ts';
import { bdSeq, DEFAULTS, message, T0, tahu, type UMetric } from './testing/messages.ts';

const NAMES = ['Motor/Speed', 'Motor Speed', 'Motor_Speed', 'level', '温度'];

const metric: fc.Arbitrary<UMetric> = fc
  .record(
    {
      name: fc.constantFrom(...NAMES),
      alias: fc.nat({ max: 4 }),
      timestamp: fc.constantFrom(T0, T0 + 1),
      isHistorical: fc.boolean(),
      properties: fc.constantFrom('mm', 'bar').map((unit) => {
        return { engUnit: { type: 'String' as const, value: unit } };
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .chain((facts) =>
    fc
      .tuple(fc.constantFrom('Double' as const, 'Int16' as const), fc.nat({ max: 100 }))
      .map(([type, value]) => ({ ...facts, type, value })),
  );

/** Messages of two nodes with two devices each, in any order, some of them garbled. */
const stream: fc.Arbitrary<SourceMessage[]> = fc
  .array(
    fc
      .record({
        type: fc.constantFrom('NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDATA', 'DDEATH'),
        node: fc.constantFrom('n1', 'n2'),
        device: fc.constantFrom('d1', 'd2'),
        seq: fc.nat({ max: 3 }),
        session: fc.nat({ max: 1 }),
        metrics: fc.array(metric, { maxLength: 4 }),
        step: fc.constantFrom(0, 10, 20_000),
        retained: fc.boolean(),
        garbled: fc.integer({ min: 0, max: 20 }),
      })
      .map((draw) => ({ ...draw, retained: draw.retained && draw.seq === 0 })),
    { minLength: 2, maxLength: 40 },
  )
  .map((draws) => {
    let receivedAt = T0;
    return draws.map(({ type, node, device, seq, session, metrics, step, retained, garbled }) => {
      receivedAt += step;
      const path = type.startsWith('N') ? node : `${node}/${device}`;
      const own = type === 'NBIRTH' || type === 'NDEATH' ? [bdSeq(session)] : [];
      const payload = tahu.encodePayload({ timestamp: T0, seq, metrics: [...own, ...metrics] });
      const bytes = garbled === 0 ? payload.subarray(0, payload.length - 1) : payload;
      return message(type, path, bytes, { receivedAt, retained });
    });
  });

test('a source restored from a snapshot at any point reads the rest as if nothing had been', () => {
  const options = fc.record({
    readBeforeBirth: fc.boolean(),
    listedOnly: fc.boolean(),
    devices: fc.constantFrom(['*'], ['d1']),
  });
  fc.assert(
    fc.property(stream, options, fc.nat({ max: 39 }), (messages, drawn, at) => {
      const rules = { level: { channel: 'height', scale: 2, offset: 1 } };
      const all = { ...DEFAULTS, ...drawn, metrics: rules };
      const source = createSparkplugSource(all);
      const cut = at % messages.length;
      for (const early of messages.slice(0, cut)) source.read(early);
      const saved = JSON.stringify(source.snapshot());
      const restored = createSparkplugSource(all, JSON.parse(saved));
      expect(JSON.stringify(restored.snapshot())).toBe(saved);
      expect(restored.states()).toEqual(source.states());
      for (const late of messages.slice(cut)) {
        expect(restored.read(late)).toEqual(source.read(late));
      }
      expect(restored.snapshot()).toEqual(source.snapshot());
    }),
    { numRuns: 1500 },
  );
});

test('a snapshot is facts: a configuration that has changed reads them as it says now', () => {
  const before = createSparkplugSource(DEFAULTS);
  const speed: UMetric = { name: 'Motor/Speed', alias: 1, type: 'Double', value: 1 };
  before.read(message('NBIRTH', 'n', { timestamp: T0, seq: 0, metrics: [bdSeq(0)] }));
  before.read(message('DBIRTH', 'n/d', { timestamp: T0, seq: 1, metrics: [speed] }));
  const metrics = { 'Motor/Speed': { channel: 'speed', scale: 60, offset: 0, unit: 'rpm' } };
  const after = createSparkplugSource(
    { ...DEFAULTS, asset: '{node}-{device}', metrics },
    before.snapshot(),
  );
  const data = {
    timestamp: T0,
    seq: 2,
    metrics: [{ alias: 1, value: 2, type: 'Double' } as UMetric],
  };
  expect(after.read(message('DDATA', 'n/d', data))).toEqual({
    samples: [{ asset: 'n-d', channel: 'speed', time: T0, value: 120, unit: 'rpm' }],
    commands: [],
    problems: [],
  });
  const elsewhere = createSparkplugSource({ ...DEFAULTS, nodes: ['m*'] }, before.snapshot());
  expect(elsewhere.states()).toEqual([]);
});

test.each([
  ['nothing', null, ''],
  ['another version', { version: 2, nodes: [] }, 'version'],
  ['a half', { version: 1, nodes: [{ group: 'g', node: 'n' }] }, 'nodes.0.bdSeq'],
])('createSparkplugSource() refuses %s for a snapshot', (_, snapshot, field) => {
  expect(() => createSparkplugSource(DEFAULTS, snapshot)).toThrow(InputError);
  expect(() => createSparkplugSource(DEFAULTS, snapshot)).toThrow(
    expect.objectContaining({ code: 'data-invalid', field }),
  );
});
