import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../error/index.ts';
import { MAX_TELEMETRY_BYTES, parseTelemetry } from './index.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function parse(payload: string, channel?: string) {
  return parseTelemetry({ asset: 'pump-1', channel, payload: encode(payload), receivedAt: 99 });
}

test('parseTelemetry() takes a bare number with the time of arrival', () => {
  expect(parse('-1.5e2', 'flow')).toEqual([
    { asset: 'pump-1', channel: 'flow', time: 99, value: -150 },
  ]);
});

test('parseTelemetry() takes {t, v} and {v}', () => {
  expect(parse('{"t":5,"v":2}', 'flow')).toEqual([
    { asset: 'pump-1', channel: 'flow', time: 5, value: 2 },
  ]);
  expect(parse('{"v":2}', 'flow')[0].time).toBe(99);
});

test('parseTelemetry() takes {t, values} in the order of its channels', () => {
  expect(parse('{"t":5,"values":{"b":1,"a":2}}')).toEqual([
    { asset: 'pump-1', channel: 'b', time: 5, value: 1 },
    { asset: 'pump-1', channel: 'a', time: 5, value: 2 },
  ]);
  expect(parse('{"values":{}}')).toEqual([]);
});

test('parseTelemetry() takes channels named like object members as names', () => {
  const [sample] = parse('{"values":{"__proto__":1}}');
  expect(sample).toEqual({ asset: 'pump-1', channel: '__proto__', time: 99, value: 1 });
});

test.each<[string, string, string | undefined, string]>([
  ['a number without a channel', '1', undefined, 'topic'],
  ['an empty payload', '', 'flow', 'payload'],
  ['text', '"1"', 'flow', 'payload'],
  ['NaN', 'NaN', 'flow', 'payload'],
  ['a number beyond float64', '1e999', 'flow', 'payload'],
  ['null', 'null', 'flow', 'payload'],
  ['true', 'true', 'flow', 'payload'],
  ['a list', '[1]', 'flow', 'payload'],
  ['broken JSON', '{"v":1', 'flow', 'payload'],
  ['an object without a value', '{}', 'flow', 'v'],
  ['a value as text', '{"v":"1"}', 'flow', 'v'],
  ['a null value', '{"v":null}', 'flow', 'v'],
  ['a time as text', '{"t":"now","v":1}', 'flow', 't'],
  ['a null time', '{"t":null,"v":1}', 'flow', 't'],
  ['an infinite time', '{"t":1e999,"v":1}', 'flow', 't'],
  ['a time before the epoch', '{"t":-1,"v":1}', 'flow', 't'],
  ['a time no Date can hold', '{"t":8.7e15,"v":1}', 'flow', 't'],
  ['an object without values', '{"t":1}', undefined, 'values'],
  ['values as a list', '{"values":[1]}', undefined, 'values'],
  ['null values', '{"values":null}', undefined, 'values'],
  ['a channel without a number', '{"values":{"a":1,"b":null}}', undefined, 'values.b'],
])('parseTelemetry() refuses %s', (_, payload, channel, field) => {
  expect(() => parse(payload, channel)).toThrow(
    expect.objectContaining({ name: 'InputError', code: 'payload-invalid', field }),
  );
});

test('parseTelemetry() refuses a payload above the limit unread', () => {
  expect(parse('1'.padEnd(MAX_TELEMETRY_BYTES), 'flow')).toHaveLength(1);
  expect(() => parse('1'.padEnd(MAX_TELEMETRY_BYTES + 1), 'flow')).toThrow(
    expect.objectContaining({ code: 'payload-invalid', value: '65537 bytes' }),
  );
});

test('parseTelemetry() answers any bytes with finite samples or an InputError', () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.json().map(encode),
    fc
      .record(
        { t: fc.jsonValue(), v: fc.jsonValue(), values: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((value) => encode(JSON.stringify(value))),
  );
  const channel = fc.option(fc.constant('flow'), { nil: undefined });
  fc.assert(
    fc.property(payload, channel, (bytes, name) => {
      try {
        const samples = parseTelemetry({
          asset: 'a',
          channel: name,
          payload: bytes,
          receivedAt: 1,
        });
        for (const { time, value } of samples) {
          expect(Number.isFinite(time) && Number.isFinite(value)).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 1000 },
  );
});
