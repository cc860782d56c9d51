// What must be right before a gateway can run, each with a way to put it right.
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { createTopics } from '@dandan/shared/wire';
import { loadModel } from '../cascade/index.ts';
import type { GatewayConfig, Secrets } from '../config/index.ts';
import { type ConnectionError, openConnection, type Protocol } from '../mqtt/index.ts';
import { checkEdge } from './check-edge.ts';
import { CHECK_TIMEOUT_MS, type Check, CheckFailure } from './check-failure.ts';

const checkBundles: Check = async ({ models, policy }) => {
  const loaded = await Promise.all(models.map((model) => loadModel({ ...model, policy })));
  return loaded
    .map(({ name, sha256, maxStage, cascade }) => {
      const total = cascade.manifest.stages.length;
      return `${name} ${sha256.slice(0, 12)}, runs ${maxStage} of ${total} stages here`;
    })
    .join('; ');
};

async function tryBroker(
  { broker, site, gateway }: GatewayConfig,
  { brokerPasswords }: Secrets,
  protocol: Protocol,
): Promise<string> {
  const { client } = await openConnection(
    {
      url: [broker.url].flat()[0],
      tls: broker.tls,
      // Another id than the gateway's own, which may be running, and no session left behind.
      clientId: `dandan-${site}-${gateway}-check-${process.pid}`,
      username: broker.username,
      password: brokerPasswords[''],
      sessionSeconds: 0,
    },
    protocol,
    () => {},
    AbortSignal.timeout(CHECK_TIMEOUT_MS),
  );
  try {
    const { telemetryFilter } = createTopics({ site, gateway });
    await client.subscribeAsync(telemetryFilter, { qos: 1 }).catch(({ message }: Error) => {
      const problem = `may not read ${telemetryFilter}: ${message}`;
      throw new CheckFailure(problem, "extend the user's access rules");
    });
    return `MQTT ${protocol}, may read ${telemetryFilter}`;
  } finally {
    client.end(true);
  }
}

const checkBroker: Check = async (config, secrets) => {
  const { protocol } = config.broker;
  const versions: Protocol[] = protocol === 'auto' ? ['5', '3.1.1'] : [protocol];
  for (;;) {
    try {
      return await tryBroker(config, secrets, versions[0]);
    } catch (error) {
      if (error instanceof CheckFailure) throw error;
      const { reason, message } = error as ConnectionError;
      if (reason === 'protocol' && versions.length > 1) {
        versions.shift();
        continue;
      }
      const fix =
        reason === 'credentials'
          ? 'correct broker.username and the place of the password'
          : 'see that the broker runs and that broker.url and broker.protocol fit it';
      throw new CheckFailure(`no connection: ${message}`, fix);
    }
  }
};

const checkData: Check = async ({ data }) => {
  try {
    await mkdir(data, { recursive: true });
    await access(data, constants.W_OK);
    return `${data} can be written`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CheckFailure(
      `${data} cannot be written: ${code}`,
      'name a folder that the gateway user may write in data',
    );
  }
};

/** Checks of a readable configuration, by name; they do not depend on each other. */
export const CHECKS: Readonly<Record<string, Check>> = {
  bundle: checkBundles,
  broker: checkBroker,
  edge: checkEdge,
  data: checkData,
};
