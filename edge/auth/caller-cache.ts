// Who holds a key, kept for a few seconds under the SHA-256 of its secret, never under the secret.
import { type BriefCacheOptions, createBriefCache } from '../cache/brief-cache.ts';
import { createKeyStore } from './key-store.ts';
import type { Caller } from './scope.ts';
import { createOperatorKeyCheck, digestSecret } from './secret.ts';

/** Id and name of the key that comes with the deployment. */
export const BOOTSTRAP_ID = 'bootstrap';

const BOOTSTRAP: Caller = { id: BOOTSTRAP_ID, name: BOOTSTRAP_ID, scope: 'operator' };

/** Where keys are: the bindings that a lookup needs. */
interface KeySource {
  readonly REGISTRY: D1Database;
  readonly OPERATOR_KEY?: string;
}

export interface CallerCache {
  /** The holder of `secret`; a key that is unknown is looked up every time. */
  find(source: KeySource, secret: string): Promise<Caller | undefined>;
  /** To be called when a key was revoked: it stops working here at once. */
  clear(): void;
}

export function createCallerCache(options: BriefCacheOptions = {}): CallerCache {
  const callers = createBriefCache<Caller>(options);
  const isOperatorKey = createOperatorKeyCheck();
  return {
    async find({ OPERATOR_KEY, REGISTRY }, secret) {
      const digest = await digestSecret(secret);
      if (await isOperatorKey(digest, OPERATOR_KEY)) return BOOTSTRAP;
      return (
        callers.get(digest) ??
        callers.load(digest, () => createKeyStore(REGISTRY).findByDigest(digest))
      );
    },
    clear: callers.clear,
  };
}
