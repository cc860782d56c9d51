// The files that a model was trained on, played to a gateway: it answers, window for window, what
// the trainer answers.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Prediction, predictionSchema } from '@dandan/shared/wire';
import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { spawnGateway } from './testing/gateway-process.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { poll } from './testing/poll.ts';
import { editFile } from './testing/tour/edit-file.ts';
import { runDandan } from './testing/tour/run-dandan.ts';

/** Ten seconds of processor time on four days of history; CI is busy. */
const LIMIT_MS = 300_000;

/** Enough for answers of every stage; that they are good is not the point. */
const QUICK = ['--stages', '3', '--hidden', '24', '--epochs', '60', '--teacher-epochs', '40'];

async function dandan(...args: string[]): Promise<void> {
  const { code, out, err } = await runDandan(args);
  expect(code, `${out}\n${err}`).toBe(0);
}

function gatewayCommand(...args: string[]) {
  const gateway = spawnGateway(args);
  onTestFinished(() => void gateway.child.kill('SIGKILL'));
  return gateway;
}

interface Answer {
  readonly label: string;
  readonly stage: number;
  readonly confidence: number;
}

const key = (asset: string, time: number) => `${asset} ${time}`;

/** The trainer's answers by asset and end of the window. */
async function trainerAnswers(file: string): Promise<Map<string, Answer>> {
  const [header, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  expect(header).toBe('node,class,stage,label,confidence,asset,run,time');
  return new Map(
    lines.map((line) => {
      const [, , stage, label, confidence, asset, , time] = line.split(',');
      const answer = { label, stage: Number(stage), confidence: Number(confidence) };
      return [key(asset, Number(time)), answer];
    }),
  );
}

/** What is published under `topic` from now on, the last for one window. */
async function watch(url: string, topic: string) {
  const client = await connectAsync(url, { protocolVersion: 5 });
  onTestFinished(() => client.endAsync(true));
  const found = new Map<string, Prediction>();
  client.on('message', (_, payload) => {
    const prediction = predictionSchema.parse(JSON.parse(payload.toString()));
    found.set(key(prediction.asset, prediction.t), prediction);
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return found;
}

test.skipIf(skipMosquitto)(
  'a gateway that is played the raw files answers every window as the trainer does, to the bit',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dandan-parity-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const dir = join(folder, 'line');
    const file = (name: string) => join(dir, name);
    await dandan('init', 'plant', dir);
    await dandan('train', '--data', dir, '--out', file('out'), ...QUICK);
    const bundle = file('out/bundle.safetensors');
    const table = file('answers.csv');
    await dandan(
      ...['evaluate', '--bundle', bundle, '--data', dir],
      ...['--predictions', table, '--nodes', 'all'],
    );
    const expected = await trainerAnswers(table);
    expect(expected.size).toBeGreaterThan(3000);
    expect(new Set([...expected.values()].map(({ stage }) => stage)).size).toBeGreaterThan(1);

    const broker = await startMosquitto();
    onTestFinished(() => broker.dispose());
    await editFile(file('gateway.yaml'), [
      ['  url: mqtt://127.0.0.1:1883', `  url: ${broker.url}`],
    ]);
    const found = await watch(broker.url, 'dandan/+/+/prediction/+');
    const gateway = gatewayCommand('run', '--config', file('gateway.yaml'), '--json');
    await poll('the gateway', () => gateway.err().includes('"gateway-ready"'));
    const topic = /dandan\/([^/]+)\/([^/]+)\//;
    const config = await readFile(file('gateway.yaml'), 'utf8');
    const [, site, name] = topic.exec(config) ?? [];
    const played = gatewayCommand(
      ...['simulate', '--broker', broker.url, '--site', site, '--gateway', name],
      ...['--project', dir, '--speed', 'max'],
    );
    expect(await played.exit, played.err()).toBe(0);
    // The last windows of a machine are complete once it reports again, which it never does.
    const last = new Map<string, number>();
    for (const each of expected.keys()) {
      const [asset, time] = each.split(' ');
      last.set(asset, Math.max(last.get(asset) ?? 0, Number(time)));
    }
    const least = expected.size - last.size;
    await poll(`${least} of ${expected.size} windows`, () => found.size >= least);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exit, gateway.err()).toBe(0);

    for (const [window, prediction] of found) {
      const { label, stage, confidence } = prediction;
      expect({ window, label, stage, confidence }).toEqual({ window, ...expected.get(window) });
    }
    const missing = [...expected.keys()].filter((window) => !found.has(window));
    expect(
      missing.every((window) => last.get(window.split(' ')[0]) === Number(window.split(' ')[1])),
    ).toBe(true);
  },
  LIMIT_MS,
);
