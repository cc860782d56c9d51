import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTopics, type Reported, reportedSchema } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMqttTransport, type Transport } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import type { TestBroker } from '../../testing/broker.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';
import type { PolicyInForce } from '../policy/index.ts';
import { createRemoteControl, type RemoteControl, type RemoteControlOptions } from './index.ts';

const topics = createTopics({ site: 'osaka', gateway: 'line-1' });
const quiet = createLogger({ write: () => {} });
let broker: TestBroker;
let folder: string;
let file: string;
let clients = 0;
const open: { close(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-remote-'));
  file = join(folder, 'remote.json');
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connect(name: string, onConnect = () => {}): Promise<Transport> {
  const transport = createMqttTransport({
    url: broker.url,
    // Brokers keep the sessions of names they know, with what was sent meanwhile.
    clientId: `${name}-${++clients}`,
    username: undefined,
    password: undefined,
    protocol: 'auto',
    will: { topic: `${name}/will`, payload: '' },
    backoff: createBackoff({ minMs: 10, maxMs: 50 }),
    log: quiet,
    onConnect,
  });
  await transport.connect();
  open.push(transport);
  return transport;
}

interface Gateway {
  readonly control: RemoteControl;
  readonly applied: [string, unknown][];
  policy: PolicyInForce;
}

async function startGateway(more: Partial<RemoteControlOptions> = {}): Promise<Gateway> {
  const applied: [string, unknown][] = [];
  const note = (name: string) => (value: unknown) => {
    applied.push([name, value]);
  };
  let onConnect = () => {};
  const transport = await connect('gateway', () => onConnect());
  const control = createRemoteControl({
    transport,
    topics,
    file,
    limits: {
      model: (name) => (name === 'press' ? undefined : `no model '${name}'`),
      outputs: () => undefined,
      schedule: () => undefined,
    },
    apply: {
      policy: note('policy'),
      schedule: note('schedule'),
      outputs: note('outputs'),
      logLevel: note('logLevel'),
      model: (name, request) => note(name)(request),
    },
    facts: () => ({ policy: gateway.policy, models: [], logLevel: 'info' }),
    software: 'dandan-gateway 0.1.0',
    log: quiet,
    reportIntervalMs: 20,
    ...more,
  });
  const gateway: Gateway = {
    control,
    applied,
    policy: { policy: 'day', source: 'config', reason: 'day as configured' },
  };
  onConnect = control.onConnect;
  await control.start();
  open.unshift({ close: async () => control.stop() });
  return gateway;
}

async function startOperator() {
  const reports: Reported[] = [];
  const transport = await connect('operator');
  await transport.subscribe(topics.reported, (_, payload) => {
    if (payload.byteLength === 0) return;
    reports.push(reportedSchema.parse(JSON.parse(Buffer.from(payload).toString())));
  });
  return {
    reports,
    want: (value: unknown) =>
      transport.publish(topics.desired, value === '' ? '' : JSON.stringify(value), {
        retain: true,
      }),
    report: (what: string, is: (report: Reported) => boolean) =>
      poll(what, () => {
        const last = reports.at(-1);
        return last !== undefined && is(last) && last;
      }),
  };
}

describe.skipIf(skipMosquitto)('remote control over mosquitto', () => {
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(() => broker.dispose());
  afterEach(async () => {
    const cleaner = await connect('cleaner');
    for (const topic of [topics.desired, topics.reported]) {
      await cleaner.publish(topic, '', { retain: true });
    }
  });

  test('a wish that waited at the broker is acted on and reported, retained', async () => {
    const operator = await startOperator();
    await operator.want({ version: 3, policy: 'night', models: { oven: { release: 1 } }, x: 1 });
    const { applied, control } = await startGateway();
    const report = await operator.report('version 3', ({ version }) => version === 3);
    expect(report.fields).toMatchObject({
      policy: { outcome: 'accepted' },
      'models.oven': { outcome: 'refused', code: 'not-allowed', reason: "no model 'oven'" },
      unknown: { outcome: 'refused', code: 'field-unknown' },
    });
    expect(applied).toEqual([['policy', 'night']]);
    expect(control.snapshot()).toMatchObject({ desiredAccepted: 1, fieldsRefused: 2 });
    const late = await startOperator();
    await late.report('a retained report', ({ version }) => version === 3);
  });

  test('a restart acts on what was kept, before the broker says anything', async () => {
    const operator = await startOperator();
    const first = await startGateway();
    await operator.want({ version: 1, policy: 'night', models: { press: { release: 2 } } });
    await operator.report('version 1', ({ version }) => version === 1);
    first.control.stop();
    const silent = { subscribe: async () => {}, publish: async () => {} };
    const again = await startGateway({ transport: silent });
    expect(again.applied).toEqual([
      ['policy', 'night'],
      ['press', { release: 2 }],
    ]);
    expect(again.control.settings.policy).toBe('night');
  });

  test('an empty retained message goes back to what is configured', async () => {
    const operator = await startOperator();
    const { applied } = await startGateway();
    await operator.want({ version: 1, policy: 'night', models: { press: { release: 2 } } });
    await operator.report('version 1', ({ version }) => version === 1);
    await operator.want('');
    const report = await operator.report('cleared', ({ version }) => version === 0);
    expect(report).toMatchObject({ highest: 1, fields: {} });
    expect(applied.slice(2)).toEqual([
      ['policy', undefined],
      ['press', undefined],
    ]);
    await operator.want({ version: 1, policy: 'night', models: { press: { release: 2 } } });
    await operator.report('refused', ({ problem }) => problem?.code === 'version-old');
  });

  test('a local override is the reason that is reported', async () => {
    const operator = await startOperator();
    const gateway = await startGateway();
    const until = 1_800_000_000_000;
    gateway.policy = { policy: 'night', source: 'override', reason: 'night as set', until };
    gateway.control.touch();
    const report = await operator.report('it', ({ policy }) => policy.source === 'override');
    expect(report.policy).toEqual(gateway.policy);
  });

  test('what fails is told by field and leaves the rest in force', async () => {
    const operator = await startOperator();
    const fails = async () => {
      throw new Error('the release has expired');
    };
    const levels: unknown[] = [];
    const { control } = await startGateway({
      apply: {
        policy: () => {
          throw new Error('no');
        },
        schedule: () => {},
        outputs: () => {},
        logLevel: (level) => levels.push(level),
        model: fails,
      },
    });
    await operator.want({
      version: 1,
      policy: 'night',
      logLevel: 'warn',
      models: { press: { release: 9 } },
    });
    const report = await operator.report(
      'both failures',
      ({ fields }) => fields['models.press']?.outcome === 'refused',
    );
    expect(report.fields).toMatchObject({
      policy: { code: 'failed', reason: 'no' },
      logLevel: { outcome: 'accepted' },
      'models.press': { code: 'failed', reason: 'the release has expired' },
    });
    expect(levels).toEqual(['warn']);
    expect(control.snapshot().fieldsRefused).toBe(2);
  });

  test('a broker that forgot what it retained hears the report again', async () => {
    const operator = await startOperator();
    const gateway = await startGateway();
    await operator.report('the first', () => true);
    const before = operator.reports.length;
    await broker.stop();
    await broker.start();
    await poll('a report after the restart', () => operator.reports.length > before);
    expect(gateway.control.snapshot().reportsSent).toBeGreaterThan(1);
  });

  test('a flood of messages is answered a few times, the last word among them', async () => {
    const operator = await startOperator();
    const { control } = await startGateway({ reportIntervalMs: 200 });
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => operator.want({ version: i + 1, logLevel: 'warn' })),
    );
    await operator.report('the last', ({ version }) => version === 100);
    expect(control.snapshot().desiredAccepted).toBe(100);
    expect(control.snapshot().reportsSent).toBeLessThan(50);
  });

  test.each([['cut off'], ['of another program']])(
    'a file that is %s starts anew',
    async (what) => {
      writeFileSync(file, what === 'cut off' ? '{"schema":1,' : '[1]');
      const operator = await startOperator();
      const { applied } = await startGateway();
      expect(applied).toEqual([]);
      await operator.want({ version: 1, policy: 'night' });
      await operator.report('version 1', ({ version }) => version === 1);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 1, version: 1 });
    },
  );

  test('wishes are acted on where they cannot be kept, and that is counted', async () => {
    const operator = await startOperator();
    const { applied, control } = await startGateway({ file: join('/dev/null', 'remote.json') });
    await operator.want({ version: 1, policy: 'night' });
    await operator.report('version 1', ({ version }) => version === 1);
    expect(applied).toEqual([['policy', 'night']]);
    expect(control.snapshot().keepFailures).toBe(1);
  });
});
