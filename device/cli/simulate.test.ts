import { afterEach, expect, test } from 'vitest';
import { startAedes } from '../testing/aedes.ts';
import { type Plant, startPlant } from '../testing/plant.ts';
import { poll } from '../testing/poll.ts';
import { TEST_SITE } from '../testing/probe.ts';
import { main } from './main.ts';
import { parseFaults } from './simulate-faults.ts';
import { createProgressLine } from './simulate-progress.ts';
import { parsePace, parseStart } from './simulate-source.ts';

const plants: Plant[] = [];

afterEach(async () => {
  await Promise.all(plants.splice(0).map((plant) => plant.dispose()));
});

async function create(): Promise<Plant> {
  const plant = await startPlant({ startBroker: () => startAedes() });
  plants.push(plant);
  return plant;
}

const { site, gateway } = TEST_SITE;
const PLACE = ['--site', site, '--gateway', gateway];

test('simulate sends the embedded plant and ends with its counts as JSON', async () => {
  const plant = await create();
  const flags = ['--speed', 'max', '--hours', '1', '--drop', '0.1', '--json'];
  const running = plant.spawn('simulate', '--broker', plant.broker.url, ...PLACE, ...flags);
  expect(await running.exit).toBe(0);
  const result = JSON.parse(running.out().trim().split('\n').at(-1) ?? '');
  expect(result).toMatchObject({ complete: true, refused: 0 });
  expect(result.acknowledged).toBe(result.messages);
  expect(result.injected.drop).toBeGreaterThan(100);
});

test.each([
  [['--loop', '--speed', 'max'], 0],
  [['--rate', '50'], 130],
])('Ctrl-C with %j ends with %i and figures', async (flags, code) => {
  let received = 0;
  const startBroker = () =>
    startAedes({
      authorizePublish: (_client, packet, done) => {
        if (packet.topic.includes('/telemetry/')) received++;
        done(null);
      },
    });
  const plant = await startPlant({ startBroker });
  plants.push(plant);
  const command = ['simulate', '--broker', plant.broker.url, ...PLACE, '--json', ...flags];
  const running = plant.spawn(...command);
  await poll('telemetry', () => received > 20);
  running.child.kill('SIGINT');
  expect(await running.exit).toBe(code);
  const result = JSON.parse(running.out().trim().split('\n').at(-1) ?? '');
  expect(result).toMatchObject({ complete: false, messages: received, acknowledged: received });
});

async function call(...argv: string[]) {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const code = await main(argv, { out: write, err: write });
  return { code, text };
}

const BROKER = ['--broker', 'mqtt://127.0.0.1:1'];

test.each([
  [['--broker', 'http://x'], '--broker'],
  [['--broker', 'mqtt://user:secret@x'], '--broker'],
  [[...BROKER, '--speed', 'fast'], '--speed'],
  [[...BROKER, '--speed', '0'], '--speed'],
  [[...BROKER, '--rate', '-1'], '--rate'],
  [[...BROKER, '--start', 'tomorrow'], '--start'],
  [[...BROKER, '--drop', '2'], 'drop'],
  [[...BROKER, '--latency', '1,2,3'], '--latency'],
  [[...BROKER, '--skew', '5'], '--skew'],
  [[...BROKER, '--csv', 'a', '--parquet', 'b'], '--parquet'],
  [[...BROKER, '--csv', 'a', '--project', 'b'], '--project'],
  [[...BROKER, '--run', 'a'], '--run'],
  [[...BROKER, '--csv', 'a', '--delimiter', ',,'], '--delimiter'],
  [[...BROKER, '--password-env', 'DANDAN_NO_SUCH'], '--password-env'],
  [[...BROKER, '--hours', '-1'], 'durationMs'],
])('simulate %j is a usage error', async (flags, field) => {
  const { code, text } = await call('simulate', ...PLACE, ...flags);
  expect(text).toContain(`field: ${field}`);
  expect(text).not.toContain('secret');
  expect(code).toBe(2);
});

test('a broker that is away ends a simulation with 1', async () => {
  expect(await call('simulate', ...PLACE, ...BROKER)).toMatchObject({ code: 1 });
});

test('flags become plans', () => {
  expect(
    parseFaults({ stuck: '0.02', outage: '0.1,30', reorder: '5', latency: '200,50', noise: '0.5' }),
  ).toEqual({
    noise: 0.5,
    stuck: { share: 0.02, meanMs: 600_000 },
    outage: { share: 0.1, meanMs: 30_000, keeps: false },
    reorderMs: 5000,
    latency: { meanMs: 200, jitterMs: 50 },
  });
  expect(parseFaults({ skew: ['a=b*=jump:-60@90'] }).skew).toEqual([
    { assets: 'a=b*', kind: 'jump', amount: -60, afterMs: 90_000 },
  ]);
  expect(parsePace({ speed: 'max' })).toEqual({ kind: 'max' });
  expect(parsePace({ speed: '1', rate: '5' })).toEqual({ kind: 'rate', samplesPerSecond: 5 });
  expect([parseStart('original'), parseStart('now', 7)]).toEqual([undefined, 7]);
  expect(parseStart('2026-01-05T06:00:00Z')).toBe(1_767_592_800_000);
});

test('the progress line is rewritten on a terminal and rare in a log', () => {
  const progress = (seconds: number) => ({
    messages: 10,
    samples: 50,
    seconds,
    time: 0,
    behindMs: 2000,
  });
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const terminal = createProgressLine({ write, terminal: true });
  for (const seconds of [0.1, 0.2, 0.3, 0.5]) terminal.show(progress(seconds));
  terminal.end();
  expect(text.split('\r')).toHaveLength(3);
  expect(text).toMatch(/1970-01-01T00:00:00 {2}10 messages, 50 samples, 250\/s, 2 s late.*\n$/s);
  text = '';
  const log = createProgressLine({ write, terminal: false });
  for (let seconds = 1; seconds < 25; seconds++) log.show(progress(seconds));
  log.end();
  expect(text.split('\n')).toHaveLength(3);
});
