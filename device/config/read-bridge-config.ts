// Reads the configuration file of a bridge and the secrets it points to.
import { basename, dirname, resolve } from 'node:path';
import { parseYaml } from './parse-config.ts';
import { type ReadConfigOptions, readSecret, readText } from './read-config.ts';
import { type BridgeConfig, bridgeConfigSchema } from './sections/bridge.ts';
import { checkSharedSecret } from './shared-secret.ts';

/** What the configuration points to but does not hold. Never logged, never in an error. */
export interface BridgeSecrets {
  readonly edgeKey: string;
  /** By name of the broker. */
  readonly brokerPasswords: ReadonlyMap<string, string>;
  /** By `site/gateway`. */
  readonly gatewaySecrets: ReadonlyMap<string, string>;
}

/**
 * Reads and validates a configuration. Relative paths in it start at its own folder.
 *
 * @throws {InputError} `config-invalid`.
 */
export async function readBridgeConfig(
  options: ReadConfigOptions,
): Promise<{ config: BridgeConfig; secrets: BridgeSecrets }> {
  const { file, environment = process.env } = options;
  const example = 'bridge.example.yaml';
  const text = await readText(file);
  const parsed = parseYaml({ file: basename(file), text, schema: bridgeConfigSchema, example });
  const absolute = (path: string) => resolve(dirname(file), path);
  const fileOf = (path: string | undefined) => (path === undefined ? undefined : absolute(path));
  const { edge, brokers, secrets } = parsed;
  const edgeKey = await readSecret(
    { name: 'edge.key', env: edge.keyEnv, file: fileOf(edge.keyFile) },
    environment,
  );
  const resolved: BridgeConfig['brokers'] = {};
  const brokerPasswords = new Map<string, string>();
  for (const [name, { tls, ...broker }] of Object.entries(brokers)) {
    const { passwordEnv: env, passwordFile } = broker;
    const source = { name: `brokers.${name}.password`, env, file: fileOf(passwordFile) };
    const password = await readSecret(source, environment);
    if (password !== undefined) brokerPasswords.set(name, password);
    const files = Object.entries(tls ?? {}).map(([key, path]) => [key, fileOf(path)]);
    resolved[name] = tls === undefined ? broker : { ...broker, tls: Object.fromEntries(files) };
  }
  const gatewaySecrets = new Map<string, string>();
  for (const [name, { secretEnv: env, secretFile }] of Object.entries(secrets)) {
    const field = `secrets.${name}.secret`;
    const source = { name: field, env, file: fileOf(secretFile) };
    // The schema demands one source, and readSecret refuses an empty one.
    const secret = (await readSecret(source, environment)) as string;
    gatewaySecrets.set(name, checkSharedSecret(field, secret));
  }
  return {
    config: { ...parsed, brokers: resolved },
    secrets: { edgeKey: edgeKey as string, brokerPasswords, gatewaySecrets },
  };
}
