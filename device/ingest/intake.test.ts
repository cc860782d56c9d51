import type { FeatureRow } from '@dandan/shared/features';
import { createTopics, MAX_TELEMETRY_BYTES } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { TEST_SPEC } from '../testing/telemetry-spec.ts';
import { createIntake, MAX_FUTURE_MS } from './intake.ts';
import { createWindows } from './windows.ts';

const NOW = 1_767_225_600_000;
const topics = createTopics({ site: 'osaka', gateway: 'line-1' });

function create() {
  const lines: Record<string, unknown>[] = [];
  const rows: FeatureRow[] = [];
  const metrics = createMetrics({ stages: 1, pending: () => 0 });
  const receive = createIntake({
    topics,
    spec: TEST_SPEC,
    windows: createWindows({ spec: TEST_SPEC, flushAfterMs: 0, maxAssets: 2 }),
    metrics,
    log: createLogger({ write: (line) => lines.push(JSON.parse(line)) }),
    onRows: (more) => rows.push(...more),
    now: () => NOW,
  });
  const send = (topic: string, text: string | Uint8Array) =>
    receive(topic, typeof text === 'string' ? Buffer.from(text) : text);
  return { send, lines, rows, metrics };
}

test('createIntake() takes the three payload forms and hands on the rows they complete', () => {
  const { send, rows, metrics, lines } = create();
  for (let t = NOW - 5000; t <= NOW; t += 250) {
    send(topics.telemetry('press'), JSON.stringify({ t, values: { vibration: 1 } }));
    send(topics.telemetry('press', 'temperature'), JSON.stringify({ t, v: 20 }));
  }
  send(topics.telemetry('pump', 'temperature'), '21.5');
  expect(rows.map(({ asset, time }) => `${asset} ${time}`)).toEqual([
    `press ${NOW - 3000}`,
    `press ${NOW - 2000}`,
    `press ${NOW - 1000}`,
  ]);
  expect(metrics.snapshot()).toMatchObject({ samples: 43, invalidMessages: 0 });
  expect(lines).toEqual([]);
});

test.each([
  ['no JSON', topics.telemetry('press'), 'x{', 'payload'],
  ['bytes that are no text', topics.telemetry('press'), new Uint8Array([0xff, 0xfe]), 'payload'],
  ['an empty payload', topics.telemetry('press'), '', 'payload'],
  ['a list', topics.telemetry('press'), '[1]', 'payload'],
  ['null', topics.telemetry('press'), 'null', 'payload'],
  ['a number without a channel', topics.telemetry('press'), '1', 'topic'],
  ['text for a number', topics.telemetry('press', 'vibration'), '{"v":"1"}', 'v'],
  ['no values', topics.telemetry('press'), '{"t":1}', 'values'],
  ['a null value', topics.telemetry('press'), '{"values":{"vibration":null}}', 'values.vibration'],
  ['an overflowing number', topics.telemetry('press', 'vibration'), '1e999', 'payload'],
  ['a text time', topics.telemetry('press'), '{"t":"now","values":{}}', 't'],
  ['a time in microseconds', topics.telemetry('press', 'vibration'), `{"t":${NOW}000,"v":1}`, 't'],
  ['too many levels', `${topics.telemetry('press', 'vibration')}/x`, '1', 'topic'],
  ['a foreign topic', 'elsewhere', '1', 'topic'],
  ['a huge payload', topics.telemetry('press'), ' '.repeat(MAX_TELEMETRY_BYTES + 1), 'payload'],
])('createIntake() counts and logs %s', (_, topic, payload, field) => {
  const { send, lines, metrics } = create();
  send(topic, payload);
  send(topic, payload);
  expect(metrics.snapshot()).toMatchObject({ samples: 0, invalidMessages: 2 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: 'message-refused', topic, field });
  expect(lines[0].allowed).toBeTruthy();
});

test('createIntake() takes a time up to a day ahead', () => {
  const { send, metrics } = create();
  send(topics.telemetry('press', 'vibration'), JSON.stringify({ t: NOW + MAX_FUTURE_MS, v: 1 }));
  expect(metrics.snapshot()).toMatchObject({ samples: 1, invalidMessages: 0 });
});

test('createIntake() ignores channels that the model does not read, and says so once', () => {
  const { send, lines, metrics } = create();
  for (let i = 0; i < 3; i++) send(topics.telemetry('press'), '{"values":{"noise":1}}');
  expect(metrics.snapshot()).toMatchObject({ samples: 0, invalidMessages: 0 });
  expect(lines).toMatchObject([{ event: 'channel-ignored', channel: 'noise' }]);
});

test('createIntake() refuses assets beyond the bound', () => {
  const { send, metrics, lines } = create();
  for (const asset of ['a', 'b', 'c', 'a']) send(topics.telemetry(asset, 'vibration'), '1');
  expect(metrics.snapshot()).toMatchObject({ samples: 3, invalidMessages: 1 });
  expect(lines).toMatchObject([{ field: 'asset', value: 'c' }]);
});
