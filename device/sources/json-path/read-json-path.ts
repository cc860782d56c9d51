// Looks a path up in a parsed JSON document.
import { EVERY, type JsonPath, type JsonPathStep } from './parse-json-path.ts';

/** One step down; own members only, so that `__proto__` is a name like any other. */
function member(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (typeof step === 'number') return Array.isArray(value) ? value[step] : undefined;
  if (Array.isArray(value) || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string, unknown>)[step];
}

/** The value at a path without `[*]`; `undefined` where there is none. */
export function readJsonPath(path: JsonPath, document: unknown): unknown {
  let value = document;
  for (const step of path.steps) value = member(value, step as string | number);
  return value;
}

/**
 * The values at a path with `[*]`, at most `limit` + 1 of them; `undefined` where what `[*]`
 * stands behind is no list.
 */
export function readEvery(path: JsonPath, document: unknown, limit: number): unknown[] | undefined {
  const found: unknown[] = [];
  const walk = (value: unknown, steps: readonly JsonPathStep[]): boolean => {
    const next = steps.indexOf(EVERY);
    let current = value;
    for (const step of next < 0 ? steps : steps.slice(0, next)) {
      current = member(current, step as string | number);
    }
    if (next < 0) {
      found.push(current);
      return true;
    }
    if (!Array.isArray(current)) return false;
    const rest = steps.slice(next + 1);
    return current.every((item) => found.length > limit || walk(item, rest));
  };
  return walk(document, path.steps) ? found : undefined;
}
