// A secret that gateway and bridge share.
import { InputError } from '@dandan/shared/error';

/** Shorter ones can be tried out by whoever has heard one message. */
export const MIN_SHARED_SECRET = 32;

/** @throws {InputError} `config-invalid` for a secret that is too short to be one. */
export function checkSharedSecret(field: string, secret: string): string {
  if (secret.length >= MIN_SHARED_SECRET) return secret;
  throw new InputError('config-invalid', `The secret that ${field} names is too short`, {
    field,
    allowed: `at least ${MIN_SHARED_SECRET} characters, such as of: openssl rand -hex 32`,
  });
}
