// Leaves a wish for the gateway that runs and owns the store, and waits for its answer.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '@dandan/shared/error';
import type { Requests, UpdateRequest } from '../models/update/index.ts';

/** It looks every second and then asks the edge, which may be slow. */
const ANSWER_MS = 60_000;
const INTERVAL_MS = 200;

/** @throws {InputError} `store-in-use` where nobody answers. */
export async function askGateway(
  requests: Requests,
  wish: Omit<UpdateRequest, 'id'>,
): Promise<readonly unknown[]> {
  const id = randomUUID();
  await requests.ask({ id, ...wish });
  for (const deadline = Date.now() + ANSWER_MS; Date.now() < deadline; ) {
    const results = await requests.answerTo(id);
    if (results !== undefined) return results;
    await delay(INTERVAL_MS);
  }
  throw new InputError('store-in-use', 'The process that owns the bundles does not answer', {
    field: 'updates.folder',
    allowed: 'a gateway that runs, or none',
  });
}
