// JSON from bytes nobody vouches for: refused before its nesting can exhaust the
// stack of whatever walks it next (schema validation recurses, JSON.parse does not).

/** A manifest nests 7 deep and provenance figures a few more; 64 is no model's need. */
const MAX_NESTING = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Greatest depth of brackets outside strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted && unit === BACKSLASH) i++;
    else if (unit === QUOTE) quoted = !quoted;
    // `[` and `{`, then `]` and `}`: the pairs differ in one bit.
    else if (!quoted && (unit | 0x20) === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (unit | 0x20) === 0x7d) depth--;
  }
  return deepest;
}

/**
 * Parses JSON of bounded depth.
 *
 * @throws {SyntaxError} when `text` is not JSON or nests deeper than 64 levels.
 */
export function parseJson(text: string): unknown {
  if (nesting(text) > MAX_NESTING) {
    throw new SyntaxError(`JSON nests deeper than ${MAX_NESTING} levels`);
  }
  return JSON.parse(text);
}
