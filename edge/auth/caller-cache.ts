// Who holds a key, kept for a few seconds under the SHA-256 of its secret, never under the secret.
import { type Beside, type BriefCacheOptions, createBriefCache } from '../cache/brief-cache.ts';
import { createKeyStore } from './key-store.ts';
import type { Caller } from './scope.ts';
import { createOperatorDigest, digestSecret, hexOf, isOperatorDigest } from './secret.ts';

/** Id and name of the key that comes with the deployment. */
export const BOOTSTRAP_ID = 'bootstrap';

/** Its holder. */
export const BOOTSTRAP: Caller = { id: BOOTSTRAP_ID, name: BOOTSTRAP_ID, scope: 'operator' };

/** Where keys are: the bindings that a lookup needs. */
interface KeySource {
  readonly REGISTRY: D1Database;
  readonly OPERATOR_KEY?: string;
}

export interface CallerCache {
  /** The holder of `secret`; a key that is unknown is looked up every time. */
  find(source: KeySource, secret: string, beside?: Beside): Caller | Promise<Caller | undefined>;
  /** To be called when a key was revoked: it stops working here at once. */
  clear(): void;
}

export function createCallerCache(options: BriefCacheOptions = {}): CallerCache {
  const callers = createBriefCache<Caller>(options);
  const operatorDigest = createOperatorDigest();

  function findByDigest(database: D1Database, digest: Uint8Array, beside: Beside | undefined) {
    // One character a byte: hex would cost more than the digest itself.
    const name = String.fromCharCode(...digest);
    const load = () => createKeyStore(database).findByDigest(hexOf(digest));
    return callers.getRefreshed(name, load, beside) ?? callers.load(name, load);
  }

  return {
    find({ OPERATOR_KEY, REGISTRY }, secret, beside) {
      const digest = digestSecret(secret);
      const expected = operatorDigest(OPERATOR_KEY);
      const decide = (made: Uint8Array, operator: Uint8Array | undefined) =>
        isOperatorDigest(made, operator) ? BOOTSTRAP : findByDigest(REGISTRY, made, beside);
      // What is there at once is not waited for: most requests come with a key that is known.
      if (!(digest instanceof Promise || expected instanceof Promise)) {
        return decide(digest, expected);
      }
      return Promise.all([digest, expected]).then(([made, operator]) => decide(made, operator));
    },
    clear: callers.clear,
  };
}
