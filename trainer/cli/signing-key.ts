// The option that names the signing key, and the key itself.
import { InputError } from '@dandan/shared/error';
import type { SigningKey } from '@dandan/shared/release';
import { Option } from 'commander';
import {
  createSigningKeyFile,
  defaultSigningKeyFile,
  readSigningKey,
  SIGNING_KEY_VARIABLE,
} from '../release/signing-key-file.ts';
import type { Output } from './output.ts';

export const signingKeyOption = () =>
  new Option(
    '--signing-key <file>',
    `Ed25519 key that signs releases (or ${SIGNING_KEY_VARIABLE})`,
  ).default(defaultSigningKeyFile(), 'signing-key.pem in the configuration folder');

/** The key of `file`; a new one where there is none yet, and the user is told. */
export async function openSigningKey(file: string, output: Output): Promise<SigningKey> {
  const key = await readSigningKey(file);
  if (key !== undefined) return key;
  const made = await createSigningKeyFile(file);
  output.line(`Made a signing key: ${file}`);
  output.line(
    'Keep a copy in a safe place. Who has it can release bundles; without it you cannot.',
  );
  return made;
}

/** @throws {InputError} `data-missing` where there is none. */
export async function requireSigningKey(file: string): Promise<SigningKey> {
  const key = await readSigningKey(file);
  if (key !== undefined) return key;
  throw new InputError('data-missing', 'There is no signing key yet', {
    field: '--signing-key',
    value: file,
    allowed: 'a file that `dandan signing-key create` made',
  });
}
