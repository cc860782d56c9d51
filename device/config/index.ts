export { MAX_CONFIG_BYTES, type ParseConfigOptions, parseConfig } from './parse-config.ts';
export { type ReadConfigOptions, readConfig, type Secrets } from './read-config.ts';
export { type GatewayConfig, gatewayConfigSchema } from './schema.ts';
