// An edge that trusts nobody yet learns its first signing key from the first person who releases.
import { exportPublicKey, type SigningKey } from '@dandan/shared/release';
import * as z from 'zod';
import type { EdgeClient } from '../edge-client/edge-client.ts';

const listSchema = z.object({ signingKeys: z.array(z.object({ id: z.string() })) });

/** Makes the edge trust `key`. */
export async function trustKey(client: EdgeClient, key: SigningKey, name: string): Promise<void> {
  const json = { name, publicKey: await exportPublicKey(key) };
  await client.call('POST', '/v1/signing-keys', { json });
}

/** Makes the edge trust `key` if it has never trusted any; true where it did. */
export async function trustFirstKey(
  client: EdgeClient,
  key: SigningKey,
  name: string,
): Promise<boolean> {
  const { signingKeys } = listSchema.parse(await client.call('GET', '/v1/signing-keys'));
  if (signingKeys.length > 0) return false;
  await trustKey(client, key, name);
  return true;
}
