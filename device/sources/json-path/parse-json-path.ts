// A small part of JSONPath (RFC 9535): one place in a document, or with [*] all items of lists.
// `$` is the whole document, `@` the item that is being read.

/** Telemetry is nested three or four deep. */
export const MAX_PATH_STEPS = 16;
export const MAX_PATH_LENGTH = 256;

/** A key of an object, an index of a list, or every item of a list. */
export type JsonPathStep = string | number | typeof EVERY;

export const EVERY = null;

export interface JsonPath {
  readonly text: string;
  readonly root: '$' | '@';
  readonly steps: readonly JsonPathStep[];
}

/** What a path may be, in words. */
export const JSON_PATH_WORDS = `a path like $.a.b[0] or $['a b'], at most ${MAX_PATH_STEPS} steps`;

// .name, [0], [*], ['any name'] or ["any name"], where \ keeps the next character.
const STEP =
  /\.([\p{L}_][\p{L}\p{N}_-]*)|\[(\d{1,6})\]|\[(\*)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/uy;

/** The path that `text` says; `undefined` where it is none. */
export function parseJsonPath(text: string): JsonPath | undefined {
  const root = text[0];
  if ((root !== '$' && root !== '@') || text.length > MAX_PATH_LENGTH) return undefined;
  const steps: JsonPathStep[] = [];
  STEP.lastIndex = 1;
  for (let at = 1; at < text.length; at = STEP.lastIndex) {
    const match = STEP.exec(text);
    if (match === null || steps.length === MAX_PATH_STEPS) return undefined;
    const [, name, index, every, single, double] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (every !== undefined) steps.push(EVERY);
    else steps.push((single ?? double).replace(/\\(.)/gu, '$1'));
  }
  return { text, root, steps };
}
