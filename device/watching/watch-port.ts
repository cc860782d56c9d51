// The port for Prometheus and health checks, where the configuration opens one.

import type { Parts } from '../assembly/index.ts';
import {
  type ExpositionServer,
  gatewayFamilies,
  type HealthReport,
  startExposition,
} from '../exposition/index.ts';
import manifest from '../package.json' with { type: 'json' };
import { partFamilies } from './part-families.ts';

/** Why a gateway is not well, in stable codes. */
function healthOf({ brokers, journal, lines }: Parts): HealthReport {
  const reasons = [
    !brokers.isHomeConnected() && {
      code: 'broker-away',
      message: 'the home broker is not connected',
    },
    !journal.status.writable && {
      code: 'journal-unwritable',
      message: 'what arrives is not on the disk before it is taken',
    },
    lines.served().length === 0 && { code: 'no-model', message: 'no model is served' },
  ].filter((reason) => reason !== false);
  return { ok: reasons.length === 0, reasons };
}

/** @returns `undefined` where no port is wanted. @throws {InputError} `config-invalid`. */
export async function openWatchPort(parts: Parts): Promise<ExpositionServer | undefined> {
  const { config, log, metrics, brokers, forwarding } = parts;
  if (config.exposition === undefined) return undefined;
  const since = Date.now();
  const server = await startExposition({
    ...config.exposition,
    families: () =>
      gatewayFamilies({
        metrics: metrics.snapshot(),
        version: manifest.version,
        since,
        brokerConnected: brokers.isHomeConnected(),
        latency: forwarding.latency.snapshot(),
        others: partFamilies(parts),
      }),
    health: () => healthOf(parts),
    log,
  });
  log.info('exposition-ready', { url: server.url });
  return server;
}
