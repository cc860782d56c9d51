// `node device/testing/measure-sources.ts`: how many samples a second of processor time the sources
// read, as the median of five runs, beside Tahu's decoder alone.
import { mappingSection } from '../config/sections/mapping.ts';
import { createMappingSource } from '../sources/mapping/index.ts';
import type { Source } from '../sources/source.ts';
import { createSparkplugSource } from '../sources/sparkplug/index.ts';
import {
  bdSeq,
  DEFAULTS,
  message,
  T0,
  tahu,
  type UMetric,
} from '../sources/sparkplug/testing/messages.ts';

const RUNS = 5;
const SEQ_MODULUS = 256;

/** Prints how often a second `step`, which yields `count` each time, does so. */
function measure(name: string, times: number, count: number, step: (i: number) => number): void {
  const rates = Array.from({ length: RUNS + 1 }, () => {
    const begin = process.cpuUsage();
    let found = 0;
    for (let i = 0; i < times; i++) found += step(i);
    if (found !== times * count) throw new Error(`${name}: ${found} instead of ${times * count}`);
    const { user, system } = process.cpuUsage(begin);
    return (found * 1e6) / (user + system);
  });
  // The first run compiles.
  const [median] = rates
    .slice(1)
    .sort((a, b) => a - b)
    .slice(RUNS >> 1);
  process.stdout.write(`${name.padEnd(48)} ${Math.round(median).toLocaleString('en')}/s\n`);
}

function metric(i: number, by: 'alias' | 'name'): UMetric {
  const facts = { timestamp: T0 + i, type: i % 3 ? 'Double' : 'Int32', value: i } as const;
  return by === 'name'
    ? { ...facts, name: `Motor/Sensor ${i}` }
    : ({ ...facts, alias: i } as UMetric);
}

for (const [by, count] of [
  ['alias', 20],
  ['name', 20],
  ['alias', 1],
  ['name', 1],
] as const) {
  const source = createSparkplugSource(DEFAULTS);
  const metrics = Array.from({ length: count }, (_, i) => ({ ...metric(i, 'name'), alias: i }));
  source.read(message('NBIRTH', 'n', { timestamp: T0, seq: 254, metrics: [bdSeq(0)] }));
  source.read(message('DBIRTH', 'n/press', { timestamp: T0, seq: 255, metrics }));
  const messages = Array.from({ length: SEQ_MODULUS }, (_, seq) => {
    const values = metrics.map((_metric, i) => metric(i, by));
    return message('DDATA', 'n/press', { timestamp: T0, seq, metrics: values });
  });
  const times = Math.ceil(400_000 / count / SEQ_MODULUS) * SEQ_MODULUS;
  const at = (i: number) => messages[i % SEQ_MODULUS];
  const label = `${count} metrics a message, by ${by}`;
  measure(`sparkplug: ${label}`, times, count, (i) => {
    const { samples, problems, commands } = source.read(at(i));
    return samples.length - problems.length - commands.length;
  });
  measure(`Tahu's decoder alone: ${label}`, times, count, (i) => {
    return tahu.decodePayload(at(i).payload).metrics?.length ?? 0;
  });
}

function mapping(name: string, count: number, config: object, topic: string, payload: unknown) {
  const source: Source = createMappingSource(mappingSection.parse({ kind: 'mapping', ...config }));
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const sent = { topic, payload: Buffer.from(text), receivedAt: T0, retained: false };
  measure(
    `mapping: ${name}`,
    Math.ceil(200_000 / count),
    count,
    () => source.read(sent).samples.length,
  );
}

const channelTopic = { topic: 'factory/{line}/{asset}/{channel}', asset: '{line}-{asset}' };
mapping('a number as text', 1, channelTopic, 'factory/l1/press/speed', '21.5');
mapping(
  'value and time in ISO 8601',
  1,
  { ...channelTopic, value: '$.d.v', time: { path: '$.t', unit: 'iso' } },
  'factory/l1/press/speed',
  { d: { v: 21.5 }, t: '2026-01-01T00:00:00.5Z' },
);
mapping(
  'an object of 10 numbers',
  10,
  { topic: 'f/{asset}', values: '$.values', time: { path: '$.t', unit: 'ms' } },
  'f/press',
  { t: T0, values: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`c${i}`, i])) },
);
mapping(
  '100 readings',
  100,
  { topic: 'f/+', each: '$.r[*]', asset: '@.a', channel: '@.n', value: '@.v' },
  'f/l1',
  { r: Array.from({ length: 100 }, (_, i) => ({ a: 'press', n: `c${i}`, v: i })) },
);
