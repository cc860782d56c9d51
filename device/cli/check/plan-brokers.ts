// Checks of every broker and every URL of it: let in, may read, certificates in order.
import { createTopics } from '@dandan/shared/wire';
import type { GatewayConfig, Secrets } from '../../config/index.ts';
import { createSources, filtersOf } from '../../intake/pipeline/index.ts';
import type { Check } from '../check-failure.ts';
import { checkBroker } from './broker.ts';
import { checkClientCertificate } from './certificate.ts';
import { checkTls } from './tls.ts';

const MQTTS_PORT = 8883;

/** Host and port of a URL, as sockets take them. */
export function endpointOf(url: string, standardPort: number): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || standardPort };
}

type Broker = GatewayConfig['brokers'][string];

function checksOf(
  name: string,
  broker: Broker,
  common: { clientId: string; password: string | undefined; filters: readonly string[] },
): [string, Check][] {
  const { clientId, password, filters } = common;
  const { username, protocol, tls } = broker;
  const urls = [broker.url].flat();
  const checks: [string, Check][] = [];
  for (const [i, url] of urls.entries()) {
    const label = urls.length === 1 ? name : `${name} ${i + 1}`;
    const connection = { url, clientId, username, password, tls };
    checks.push([label, () => checkBroker({ connection, protocol, filters })]);
    if (!url.startsWith('mqtts:')) continue;
    checks.push([`${label} tls`, () => checkTls({ ...endpointOf(url, MQTTS_PORT), files: tls })]);
  }
  const { certFile, keyFile } = tls ?? {};
  if (certFile !== undefined && keyFile !== undefined) {
    checks.push([`${name} own tls`, () => checkClientCertificate({ certFile, keyFile })]);
  }
  return checks;
}

/** The home broker is called `broker`, further ones by their names. */
export function planBrokers(config: GatewayConfig, secrets: Secrets): [string, Check][] {
  const { broker, brokers, telemetry, site, gateway } = config;
  const topics = createTopics({ site, gateway });
  const filters = filtersOf(createSources({ telemetry, topics }));
  return Object.entries({ '': broker as Broker, ...brokers }).flatMap(([name, each]) =>
    checksOf(name === '' ? 'broker' : name, each, {
      // Another id than the gateway's own, which may be running.
      clientId: `dandan-${site}-${gateway}-check-${process.pid}`,
      password: secrets.brokerPasswords[name],
      filters: filters.get(name) ?? [],
    }),
  );
}
