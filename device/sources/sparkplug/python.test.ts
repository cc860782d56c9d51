import { expect, test } from 'vitest';
import { createSparkplugSource } from './index.ts';
import { DEFAULTS, T0 } from './testing/messages.ts';
import { pythonMessages } from './testing/python-messages.ts';

test('read() understands pysparkplug, every numeric type', () => {
  const source = createSparkplugSource(DEFAULTS);
  const readings = pythonMessages('pysparkplug').map((message) => source.read(message));
  const [node, device, ...data] = readings.map(({ samples }) => samples);
  expect(readings.flatMap(({ problems, commands }) => [...problems, ...commands])).toEqual([]);
  expect(node).toEqual([{ asset: 'pysparkplug', channel: 'Uptime', time: T0, value: 4e9 }]);
  expect(Object.fromEntries(device.map(({ channel, value }) => [channel, value]))).toEqual({
    'Types.Int8': -8,
    'Types.Int16': -1600,
    'Types.Int32': -2_000_000_000,
    'Types.Int64': -Number.MAX_SAFE_INTEGER,
    'Types.UInt8': 200,
    'Types.UInt16': 60_000,
    'Types.UInt32': 4_000_000_000,
    'Types.UInt64': Number.MAX_SAFE_INTEGER,
    'Types.Float': 1.5,
    'Types.Double': -2.25,
    'Types.Boolean': 1,
  });
  const int8 = (k: number) => ({
    asset: 'press-1',
    channel: 'Types.Int8',
    time: T0 + 1000 * k,
    value: -k,
  });
  expect(data.slice(0, 4)).toEqual([
    [int8(1)],
    [int8(2)],
    [int8(3)],
    [{ asset: 'press-1', channel: 'Types.Double', time: T0 + 500, value: 9.5, historical: true }],
  ]);
  // Its last NDEATH has the bdSeq that it would use next: of the current birth it is not.
  expect(source.counters()).toMatchObject({ births: 2, deaths: 1, ignored: 1, nullValues: 3 });
  expect(source.states().map(({ device: name, life }) => [name, life])).toEqual([
    [undefined, 'live'],
    ['press-1', 'stale'],
  ]);
});

test('read() understands mqtt-spb-wrapper, whose data have other names than its births', () => {
  const source = createSparkplugSource(DEFAULTS);
  const samples = pythonMessages('mqtt-spb-wrapper').flatMap((message) => {
    const reading = source.read(message);
    expect(reading.problems).toEqual([]);
    expect(reading.commands).toEqual([]);
    return reading.samples;
  });
  const pump = (name: string) =>
    samples.filter(({ asset, channel }) => asset === 'pump-1' && channel === name);
  expect(pump('DATA.temperature').map(({ value }) => value)).toEqual([21.5]);
  expect(pump('temperature').map(({ time, value }) => [time, value])).toEqual([
    [T0 + 1000, 22],
    [T0 + 2000, 23],
    [T0 + 3000, 24],
  ]);
  expect(pump('count').map(({ value }) => value)).toEqual([-4, -5, -6]);
  expect(pump('DATA.running')).toMatchObject([{ value: 1 }]);
});
