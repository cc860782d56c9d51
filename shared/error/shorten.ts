// Keeps what an error repeats of its input small: errors travel in answers and logs,
// and a hostile input may hold a megabyte where a name was expected.

/** Enough for a SHA-256, a path or a topic. */
const MAX_TEXT = 200;

/** Two or three sentences, or a list of what is allowed. */
export const MAX_SENTENCE = 500;

/** A shape or a range is shown, a row of features is not. */
const MAX_ITEMS = 8;

/** `text`, cut to `limit` characters. */
export function shortenText(text: string, limit = MAX_TEXT): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A value fit for JSON and a log line: scalars and short lists stay, the rest is described. */
export function shortenValue(value: unknown): unknown {
  if (typeof value === 'string') return shortenText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'symbol' || typeof value === 'function') return typeof value;
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return 'an object';
  const short =
    value.length <= MAX_ITEMS && value.every((item) => typeof item !== 'object' || item === null);
  return short ? value.map(shortenValue) : `a list of ${value.length}`;
}
