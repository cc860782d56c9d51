// Whose releases this gateway takes: keys from its enrolment and from its configuration.
import { readFile } from 'node:fs/promises';
import { InputError } from '@dandan/shared/error';
import { importPublicKey, type VerifyingKey } from '@dandan/shared/release';
import * as z from 'zod';

/** A plant has a handful of people who release, and a change of keys doubles them. */
const MAX_KEYS = 32;

/** As `dandan-gateway enrol` writes it beside the gateway's key. */
const trustSchema = z.object({
  signingKeys: z.array(z.object({ id: z.string(), publicKey: z.string() })).max(MAX_KEYS),
});

export interface TrustSources {
  /** File of the enrolment; one that does not exist holds no keys. */
  readonly file?: string | undefined;
  /** Further public keys, base64 of 32 bytes. */
  readonly publicKeys?: readonly string[];
}

function unusable(file: string, cause: unknown): InputError {
  return new InputError('config-invalid', `Cannot use the signing keys in ${file}`, {
    field: 'updates.signingKeysFile',
    value: file,
    allowed: 'the file that `dandan-gateway enrol` wrote',
    cause,
  });
}

async function keysOf(file: string): Promise<string[]> {
  try {
    const { signingKeys } = trustSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return signingKeys.map(({ publicKey }) => publicKey);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusable(file, cause);
  }
}

/**
 * The keys, each once. Its id is worked out from the key itself, whatever a file says.
 *
 * @throws {InputError} `config-invalid`, `signing-key-invalid`.
 */
export async function readTrustedKeys({
  file,
  publicKeys = [],
}: TrustSources): Promise<readonly VerifyingKey[]> {
  const texts = [...(file === undefined ? [] : await keysOf(file)), ...publicKeys];
  const keys = await Promise.all([...new Set(texts)].map(importPublicKey));
  return [...new Map(keys.map((key) => [key.id, key])).values()];
}
