// The edge's key, from the environment: arguments are visible in process lists.
import { InputError } from '@dandan/shared/error';
import { Option } from 'commander';

export const keyEnvOption = () =>
  new Option('--key-env <name>', "environment variable that holds the edge's key").default(
    'DANDAN_OPERATOR_KEY',
  );

/** @throws {InputError} `option-invalid` when the variable is not set. */
export function readKey(variable: string): string {
  const key = process.env[variable];
  if (key) return key;
  throw new InputError('option-invalid', 'The edge needs a key', {
    field: `environment variable ${variable}`,
    allowed: `export ${variable}=... before the command`,
  });
}
