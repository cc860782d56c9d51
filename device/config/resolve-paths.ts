// Paths of a configuration from relative to absolute.
import type { GatewayConfig } from './schema.ts';
import type { BrokerConfig } from './sections/broker.ts';

/** `config` with every path in it resolved. */
export function resolvePaths(
  config: GatewayConfig,
  absolute: (path: string) => string,
): GatewayConfig {
  const file = (path: string | undefined) => (path === undefined ? undefined : absolute(path));

  function ofBroker<B extends BrokerConfig>(broker: B): B {
    const { passwordFile, tls } = broker;
    return {
      ...broker,
      passwordFile: file(passwordFile),
      tls: tls && {
        caFile: file(tls.caFile),
        certFile: file(tls.certFile),
        keyFile: file(tls.keyFile),
      },
    };
  }

  const { broker, brokers, edge, models, data } = config;
  const named = Object.entries(brokers).map(([name, each]) => [name, ofBroker(each)] as const);
  return {
    ...config,
    data: absolute(data),
    broker: ofBroker(broker),
    brokers: Object.fromEntries(named),
    edge: { ...edge, keyFile: file(edge.keyFile) },
    models: models.map((model) => ({ ...model, file: absolute(model.file) })),
  };
}
