// Reads the configuration file and the secrets it points to.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { createLiveKey } from './live-key.ts';
import { MAX_CONFIG_BYTES, parseConfig } from './parse-config.ts';
import { resolvePaths } from './resolve-paths.ts';
import type { GatewayConfig } from './schema.ts';
import { checkSharedSecret } from './shared-secret.ts';

/** What the configuration points to but does not hold. Never logged, never in an error. */
export interface Secrets {
  /** Asked for at every request: the file it stands in may be changed while the gateway runs. */
  readonly edgeKey: () => string;
  /** Of the home broker (named '') and the further ones; `undefined` where none is configured. */
  readonly brokerPasswords: Readonly<Record<string, string | undefined>>;
  /** Shared with the bridge. */
  readonly bridgeSecret: string | undefined;
}

export interface ReadConfigOptions {
  readonly file: string;
  /** Where `keyEnv` and `passwordEnv` are looked up. @default {process.env} */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Printable ASCII without blanks: what an HTTP header takes without escaping. */
const SECRET = /^[\x21-\x7e]{1,512}$/;

interface SecretSource {
  readonly name: string;
  readonly env: string | undefined;
  readonly file: string | undefined;
}

async function readSecretFile(field: string, file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new InputError('config-invalid', `Cannot read the file that ${field} names: ${file}`, {
      field,
      value: file,
      allowed: 'a readable file',
      cause,
    });
  }
}

export async function readSecret(
  { name, env, file }: SecretSource,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  if (env === undefined && file === undefined) return undefined;
  const field = env === undefined ? `${name}File` : `${name}Env`;
  const secret = env === undefined ? await readSecretFile(field, file as string) : environment[env];
  if (secret === undefined || secret === '') {
    throw new InputError('config-invalid', `${field} names ${env ?? file}, which is empty`, {
      field,
      value: env ?? file,
      allowed: 'a place that holds the secret',
    });
  }
  if (!SECRET.test(secret)) {
    throw new InputError('config-invalid', `The secret that ${field} names is not usable`, {
      field,
      allowed: '1..512 printable ASCII characters without blanks',
    });
  }
  return secret;
}

export async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_CONFIG_BYTES) return await readFile(file, 'utf8');
  } catch (cause) {
    throw new InputError('config-invalid', `Cannot read the configuration ${file}`, {
      field: '--config',
      value: file,
      allowed: 'a readable file; start from gateway.example.yaml',
      cause,
    });
  }
  throw new InputError('config-invalid', `The configuration ${file} is too large`, {
    field: '--config',
    value: file,
    allowed: `at most ${MAX_CONFIG_BYTES} bytes`,
  });
}

/**
 * Reads and validates a configuration. Relative paths in it start at its own folder.
 *
 * @throws {InputError} `config-invalid`.
 */
export async function readConfig(
  options: ReadConfigOptions,
): Promise<{ config: GatewayConfig; secrets: Secrets }> {
  const { file, environment = process.env } = options;
  const parsed = parseConfig({ file: basename(file), text: await readText(file) });
  const config = resolvePaths(parsed, (path) => resolve(dirname(file), path));
  const { edge, broker, brokers } = config;
  const edgeKey = await readSecret(
    { name: 'edge.key', env: edge.keyEnv, file: edge.keyFile },
    environment,
  );
  const brokerPasswords: Record<string, string | undefined> = {};
  for (const [name, each] of Object.entries({ '': broker, ...brokers })) {
    const field = name === '' ? 'broker.password' : `brokers.${name}.password`;
    brokerPasswords[name] = await readSecret(
      { name: field, env: each.passwordEnv, file: each.passwordFile },
      environment,
    );
  }
  const { secretEnv, secretFile } = config.escalation.bridge;
  const bridgeSecret = await readSecret(
    { name: 'escalation.bridge.secret', env: secretEnv, file: secretFile },
    environment,
  );
  if (bridgeSecret !== undefined) checkSharedSecret('escalation.bridge', bridgeSecret);
  // The schema demands one source of the key where there is an edge, and readSecret refuses an
  // empty one; without an edge nobody asks for it.
  const key = edgeKey ?? '';
  const { keyFile } = edge;
  const liveKey = keyFile === undefined ? () => key : createLiveKey({ file: keyFile, key });
  return { config, secrets: { edgeKey: liveKey, brokerPasswords, bridgeSecret } };
}
