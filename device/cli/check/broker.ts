// Whether a broker lets the gateway in and lets it read.
import { ConnectionError, openConnection, type Protocol } from '../../mqtt/index.ts';
import { CHECK_TIMEOUT_MS, CheckFailure, type Finding } from '../check-failure.ts';

type Connection = Parameters<typeof openConnection>[0];

export interface BrokerCheckOptions {
  /** Where and as whom; with a client id other than the gateway's own, which may be running. */
  readonly connection: Connection;
  readonly protocol: Protocol | 'auto';
  /** What the gateway must be allowed to read. */
  readonly filters: readonly string[];
}

const LOOPBACK = /^mqtt:\/\/(localhost|127\.|\[::1\])/;

async function tryBroker(options: BrokerCheckOptions, protocol: Protocol): Promise<Finding> {
  const { connection, filters } = options;
  const { client } = await openConnection(
    // No session is left behind.
    { ...connection, sessionSeconds: 0 },
    protocol,
    () => {},
    AbortSignal.timeout(CHECK_TIMEOUT_MS),
  );
  try {
    for (const filter of filters) {
      await client.subscribeAsync(filter, { qos: 1 }).catch(({ message }: Error) => {
        throw new CheckFailure(
          `may not read ${filter}: ${message}`,
          "extend the user's access rules at the broker",
        );
      });
    }
    const { url, password } = connection;
    const clear = url.startsWith('mqtt:') && password !== undefined && !LOOPBACK.test(url);
    return {
      detail: `MQTT ${protocol}, may read ${filters.join(', ')}`,
      warning: clear
        ? 'the password travels in the clear: reach the broker by mqtts://'
        : undefined,
    };
  } finally {
    client.end(true);
  }
}

/** Tries versions and filters as the gateway does. @throws {CheckFailure} */
export async function checkBroker(options: BrokerCheckOptions): Promise<Finding> {
  const { protocol } = options;
  const versions: Protocol[] = protocol === 'auto' ? ['5', '3.1.1'] : [protocol];
  for (;;) {
    try {
      return await tryBroker(options, versions[0]);
    } catch (error) {
      if (error instanceof CheckFailure) throw error;
      const { message } = error as Error;
      const reason = error instanceof ConnectionError ? error.reason : 'network';
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
}
