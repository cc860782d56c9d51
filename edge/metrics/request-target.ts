// Where a request is counted: its bindings, its context, its caller.
import type { Context } from 'hono';
import type { Caller } from '../auth/scope.ts';
import type { EdgeEnv } from '../env.ts';
import type { Asker, Source } from './observation.ts';
import type { RecordTarget } from './recorder.ts';

/** A caller by key, and by device where its key belongs to one. */
export function askerOf(caller: Caller & { readonly device?: string | null }): Asker {
  return { key: caller.id, device: caller.device ?? '' };
}

/** The target of a guarded request. */
export function requestTarget(c: Context<EdgeEnv>, source: Source): RecordTarget {
  return {
    env: c.env,
    // Looked up when used: without a Workers context there is none, nor a meter to wait for.
    waitUntil: (promise) => c.executionCtx.waitUntil(promise),
    source,
    asker: askerOf(c.get('caller')),
  };
}
