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

  const { broker, brokers, edge, models, data, updates, policy, escalation } = config;
  const { bridge } = escalation;
  const named = Object.entries(brokers).map(([name, each]) => [name, ofBroker(each)] as const);
  return {
    ...config,
    data: absolute(data),
    broker: ofBroker(broker),
    brokers: Object.fromEntries(named),
    edge: { ...edge, keyFile: file(edge.keyFile) },
    models: models.map((model) =>
      'file' in model ? { ...model, file: absolute(model.file) } : model,
    ),
    updates: {
      ...updates,
      signingKeysFile: file(updates.signingKeysFile),
      highestFile: file(updates.highestFile),
    },
    policy:
      typeof policy === 'object' && 'file' in policy ? { file: absolute(policy.file) } : policy,
    escalation: { ...escalation, bridge: { ...bridge, secretFile: file(bridge.secretFile) } },
  };
}
