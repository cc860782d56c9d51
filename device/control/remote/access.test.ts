// The access list of docs/gateway-remote.md at a real broker: who may write `…/desired`.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTopics } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMqttTransport } from '../../mqtt/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { skipMosquitto, startMosquitto } from '../../testing/mosquitto.ts';
import { poll } from '../../testing/poll.ts';

const GUIDE = fileURLToPath(new URL('../../../docs/gateway-remote.md', import.meta.url));
const topics = createTopics({ site: 'osaka', gateway: 'line-1' });

test('operators write wishes, gateways only read them', async ({ skip }) => {
  skip(skipMosquitto, 'no mosquitto');
  const [, access] = /```acl\n([\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  expect(access).toContain('desired');
  const folder = mkdtempSync(join(tmpdir(), 'dandan-access-'));
  writeFileSync(join(folder, 'access.acl'), access, { mode: 0o644 });
  const broker = await startMosquitto({ config: [`acl_file ${join(folder, 'access.acl')}`] });
  const open = async (username: string) => {
    const transport = createMqttTransport({
      url: broker.url,
      clientId: username,
      username,
      password: 'x',
      protocol: '5',
      backoff: createBackoff({ minMs: 10, maxMs: 50 }),
      log: createLogger({ write: () => {} }),
    });
    await transport.connect();
    return transport;
  };
  const [operator, gateway, sensor] = await Promise.all(['operator', 'line-1', 'sensor'].map(open));
  const heard: string[] = [];
  await gateway.subscribe(topics.desired, (_, payload) => heard.push(`${Buffer.from(payload)}`));
  for (const other of [gateway, sensor]) {
    const refused = other.publish(topics.desired, 'no', { retain: true });
    await expect(refused).rejects.toMatchObject({ reason: 'refused' });
  }
  await operator.publish(topics.desired, 'yes', { retain: true });
  await poll('the wish', () => heard.length > 0);
  expect(heard).toEqual(['yes']);
  await gateway.publish(topics.reported, 'done', { retain: true });
  await sensor.publish(topics.telemetry('press-1'), '{}');
  for (const each of [operator, gateway, sensor]) await each.close();
  await broker.dispose();
  rmSync(folder, { recursive: true });
});
