import { deflateSync, gzipSync } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePayload } from './decode-payload.ts';
import { encodeRebirth } from './encode-rebirth.ts';
import { MAX_METRICS_PER_PAYLOAD, MAX_NAME_BYTES, MAX_PAYLOAD_BYTES } from './limits.ts';
import { DATA_TYPE, numericValue } from './metric-value.ts';
import { T0, tahu, type UMetric, type UPayload } from './testing/messages.ts';

const integer = (type: UMetric['type'], min: number, max: number) =>
  fc.integer({ min, max }).map((value) => ({ type, value }));
const double = fc.double({ noNaN: true });

const value = fc.oneof(
  integer('Int8', -128, 127),
  integer('Int16', -32_768, 32_767),
  integer('Int32', -(2 ** 31), 2 ** 31 - 1),
  integer('Int64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  integer('UInt8', 0, 255),
  integer('UInt16', 0, 65_535),
  integer('UInt32', 0, 2 ** 32 - 1),
  integer('UInt64', 0, Number.MAX_SAFE_INTEGER),
  integer('DateTime', 0, 4e12),
  fc.float({ noNaN: true }).map((number) => ({ type: 'Float' as const, value: number })),
  double.map((number) => ({ type: 'Double' as const, value: number })),
  fc.boolean().map((flag) => ({ type: 'Boolean' as const, value: flag })),
);

const metric = fc
  .record(
    {
      name: fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
      alias: fc.nat({ max: 1e9 }),
      timestamp: fc.nat({ max: 4e12 }),
      isHistorical: fc.boolean(),
      metadata: fc.constant({ description: 'x' }),
      properties: fc.string({ minLength: 1, maxLength: 8 }).map((unit) => {
        return { engUnit: { type: 'String' as const, value: unit } };
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .chain((facts) => value.map((held) => ({ ...facts, ...held })));

test('decodePayload() reads what Tahu writes', () => {
  const payload = fc.record({
    timestamp: fc.nat({ max: 4e12 }),
    seq: fc.nat({ max: 255 }),
    metrics: fc.array(metric, { maxLength: 8 }),
  });
  fc.assert(
    fc.property(payload, (sent) => {
      const { timestamp, seq, metrics } = decodePayload(tahu.encodePayload(sent as UPayload));
      expect({ timestamp, seq, count: metrics.length }).toEqual({
        timestamp: sent.timestamp,
        seq: sent.seq,
        count: sent.metrics.length,
      });
      for (const [index, expected] of sent.metrics.entries()) {
        const found = metrics[index];
        expect(found).toMatchObject({
          name: expected.name,
          alias: expected.alias,
          timestamp: expected.timestamp,
          isHistorical: expected.isHistorical ?? false,
          isNull: false,
          unit: expected.properties?.engUnit.value,
        });
        expect(numericValue(found, found.dataType ?? 0) + 0).toBe(Number(expected.value) + 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('decodePayload() steps over what it does not read', () => {
  const skipped: UMetric[] = [
    { name: 'text', type: 'String', value: 'x'.repeat(2000) },
    { name: 'bytes', type: 'Bytes', value: new Uint8Array(300) },
    {
      name: 'table',
      type: 'DataSet',
      value: { numOfColumns: 1, columns: ['a'], types: ['Int8'], rows: [[1]] } as never,
    },
    {
      name: 'template',
      type: 'Template',
      value: { metrics: [{ name: 'inner', type: 'Int8', value: 1 }] },
    },
    {
      name: 'nested',
      type: 'Int8',
      value: 5,
      properties: {
        more: { type: 'PropertySet', value: { engUnit: { type: 'String', value: 'no' } } },
        'Engineering Units': { type: 'String', value: 'mm' },
        Quality: { type: 'Int32', value: 500 },
      },
    },
  ];
  const { metrics } = decodePayload(
    tahu.encodePayload({ timestamp: T0, seq: 1, metrics: skipped }),
  );
  expect(metrics.map(({ name }) => name)).toEqual(['text', 'bytes', 'table', 'template', 'nested']);
  expect(metrics.map(({ field }) => field)).toEqual([15, 16, 17, 18, 10]);
  expect(metrics[4]).toMatchObject({ unit: 'mm', quality: 500, low: 5 });
});

test('decodePayload() reads null, with a value beside it or without', () => {
  const empty = tahu.encodePayload({ metrics: [{ name: 'a', type: 'Int8', value: null }] });
  expect(decodePayload(empty).metrics[0]).toMatchObject({ isNull: true, field: 0 });
  // Field 7 true and field 10 holding 5.
  const both = decodePayload(Uint8Array.from([0x12, 4, 0x38, 1, 0x50, 5]));
  expect(both.metrics[0]).toMatchObject({ isNull: true, field: 10, low: 5 });
});

test('decodePayload() keeps aliases apart that float64 does not', () => {
  // Field 2 of field 2: the varint 2⁶⁴ − 1.
  const bytes = [0x12, 11, 0x10, ...Array(9).fill(0xff), 0x01];
  expect(decodePayload(Uint8Array.from(bytes)).metrics[0].alias).toBe('18446744073709551615');
});

test.each(['gzip', 'DEFLATE'])(
  'decodePayload() unpacks Cirrus Link payloads by %s',
  (algorithm) => {
    const inner = tahu.encodePayload({ timestamp: T0, seq: 7, metrics: [] });
    const body = algorithm === 'gzip' ? gzipSync(inner) : deflateSync(inner);
    const metrics: UMetric[] = [{ name: 'algorithm', type: 'String', value: algorithm }];
    const bytes = tahu.encodePayload({ uuid: 'SPBV1.0_COMPRESSED', body, metrics });
    expect(decodePayload(bytes)).toEqual({ timestamp: T0, seq: 7, metrics: [] });
  },
);

const metricOf = (...bytes: number[]) => [0x12, bytes.length, ...bytes];
const tooLong = MAX_NAME_BYTES + 1;
const propertySet = Array.from({ length: 65 }, () => [0x0a, 1, 0x61]).flat();

test.each<[string, Uint8Array | number[], string]>([
  [
    'a payload above the limit',
    new Uint8Array(MAX_PAYLOAD_BYTES + 1),
    `${MAX_PAYLOAD_BYTES} bytes`,
  ],
  [
    'too many metrics',
    Array(MAX_METRICS_PER_PAYLOAD + 1)
      .fill([0x12, 0])
      .flat(),
    'metrics',
  ],
  ['a long name', [0x12, 0x84, 0x04, 0x0a, 0x81, 0x04, ...Array(tooLong).fill(0x61)], 'text of'],
  ['a name that is no UTF-8', metricOf(0x0a, 2, 0xc3, 0x28), 'UTF-8'],
  ['a length beyond the end', [0x12, 5, 0x0a], 'length within'],
  ['a length beyond the metric', [0x12, 3, 0x0a, 5, 0x61, 0x61, 0x61, 0x61, 0x61], 'length within'],
  ['a length of 2³²', [0x12, 0x80, 0x80, 0x80, 0x80, 0x10], 'length within'],
  ['an endless varint', [0x08, ...Array(11).fill(0xff)], '10 bytes'],
  ['a varint cut off', [0x08, 0xff], 'ends within'],
  ['a float cut off', metricOf(0x65, 0, 0), '4 more bytes'],
  ['a double cut off', metricOf(0x69, 0, 0), '8 more bytes'],
  ['a group', [0x0b, 0x0c], 'wire types'],
  ['a group within a metric', metricOf(0x0b, 0x0c), 'wire types'],
  ['a field number of 33 bits', [0x88, 0x80, 0x80, 0x80, 0x10, 0], '2²⁹'],
  ['too many properties', [0x12, 198, 1, 0x4a, 195, 1, ...propertySet], 'properties'],
])('decodePayload() refuses %s', (_, bytes, allowed) => {
  const decode = () => decodePayload(Uint8Array.from(bytes));
  expect(decode).toThrow(InputError);
  expect(decode).toThrow(
    expect.objectContaining({
      code: 'payload-invalid',
      allowed: expect.stringContaining(allowed),
      field: expect.stringContaining('byte '),
    }),
  );
});

test('decodePayload() refuses a payload that unpacks to more than the limit, and one in another', () => {
  const pack = (inner: Uint8Array) =>
    tahu.encodePayload({ uuid: 'SPBV1.0_COMPRESSED', body: gzipSync(inner), metrics: [] });
  expect(() => decodePayload(pack(new Uint8Array(MAX_PAYLOAD_BYTES * 10)))).toThrow(InputError);
  const twice = pack(pack(tahu.encodePayload({ seq: 7, metrics: [] })));
  expect(decodePayload(twice)).toEqual({ timestamp: undefined, seq: undefined, metrics: [] });
});

test('decodePayload() answers any bytes with a payload or an InputError', () => {
  const valid = tahu.encodePayload({
    timestamp: T0,
    seq: 3,
    metrics: [
      { name: 'a/b', alias: 1, type: 'Int8', value: -3, timestamp: T0 },
      {
        name: 'c',
        type: 'Double',
        value: 2.5,
        properties: { engUnit: { type: 'String', value: 'mm' } },
      },
    ],
  });
  const mutated = fc
    .tuple(fc.nat({ max: valid.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: valid.length }))
    .map(([at, byte, end]) => {
      const copy = Uint8Array.from(valid);
      copy[at] = byte;
      return copy.subarray(0, end);
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), (bytes) => {
      try {
        decodePayload(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 5000 },
  );
});

test('encodeRebirth() is byte for byte what Tahu writes, and Tahu reads it', () => {
  fc.assert(
    fc.property(fc.nat({ max: 4e12 }), (time) => {
      const name = 'Node Control/Rebirth';
      const metrics: UMetric[] = [{ name, timestamp: time, type: 'Boolean', value: true }];
      const bytes = encodeRebirth(time);
      expect(Buffer.from(bytes)).toEqual(
        Buffer.from(tahu.encodePayload({ timestamp: time, metrics })),
      );
    }),
  );
  expect(tahu.decodePayload(encodeRebirth(T0)).metrics).toMatchObject([
    { name: 'Node Control/Rebirth', type: 'Boolean', value: true },
  ]);
  const [own] = decodePayload(encodeRebirth(T0)).metrics;
  expect(numericValue(own, DATA_TYPE.boolean)).toBe(1);
});
