export { MAX_CONFIG_BYTES, type ParseConfigOptions, parseConfig } from './parse-config.ts';
export { type BridgeSecrets, readBridgeConfig } from './read-bridge-config.ts';
export { type ReadConfigOptions, readConfig, type Secrets } from './read-config.ts';
export { type GatewayConfig, gatewayConfigSchema } from './schema.ts';
export { type BridgeConfig, bridgeConfigSchema } from './sections/bridge.ts';
export { type EscalationConfig, edgeVia, escalationSection } from './sections/escalation.ts';
export { outboxOptionsOf } from './sections/outbox.ts';
