// A process that dies at its n-th call of the platform, before or after the call took effect.
import type { Bindings } from '../../env.ts';

export class Crash extends Error {
  override readonly name = 'Crash';
}

/** Calls that reach outside the isolate; the others only prepare them. */
const OUTSIDE = new Set([
  'get',
  'put',
  'list',
  'head',
  'delete',
  'createMultipartUpload',
  'uploadPart',
  'complete',
  'abort',
  'batch',
  'run',
  'first',
  'all',
  'sendBatch',
]);

export interface CrashingOptions {
  /** Number of the call at which it dies; `Infinity` only counts. */
  readonly at: number;
  /** Whether the call takes effect before. */
  readonly after: boolean;
}

export interface Crashing {
  readonly env: Bindings;
  /** Names of the calls made so far. */
  readonly calls: readonly string[];
}

/** Bindings of a process that dies; once dead, every call of it fails. */
export function crashing(env: Bindings, { at, after }: CrashingOptions): Crashing {
  const calls: string[] = [];
  const originals = new WeakMap<object, object>();

  async function outside(name: string, call: () => unknown): Promise<unknown> {
    const number = calls.push(name);
    if (number > at || (number === at && !after)) throw new Crash(`dead at ${name}`);
    const answer = await call();
    if (number === at) throw new Crash(`dead after ${name}`);
    return wrapped(answer);
  }

  /** Objects whose methods reach outside: bindings, statements, uploads. */
  function wrapped(target: unknown): unknown {
    if (typeof target !== 'object' || target === null || Array.isArray(target)) return target;
    const methods = ['bind', 'prepare', 'uploadPart', 'sendBatch', 'createMultipartUpload'];
    if (!methods.some((name) => name in target)) return target;
    const proxy = new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          const plain = given.map((each) =>
            Array.isArray(each) ? each.map((item) => originals.get(item) ?? item) : each,
          );
          const call = () => value.apply(object, plain) as unknown;
          return OUTSIDE.has(String(key)) ? outside(String(key), call) : wrapped(call());
        };
      },
    });
    originals.set(proxy, target);
    return proxy;
  }

  const { REGISTRY, BUNDLES, BATCH, JOBS } = env;
  const bindings = { REGISTRY, BUNDLES, BATCH, JOBS };
  const entries = Object.entries(bindings).map(([name, binding]) => [name, wrapped(binding)]);
  return { env: { ...env, ...Object.fromEntries(entries) }, calls };
}
