// Where in a JSON text the field stands that the edge complains about.

/** A text that no document holds. */
const MARK = '\u0000here';

const INDENT = 2;

/** A list without lists or objects in it; a text holds no line break, so none begins within one. */
const PLAIN_LIST = /\[\n([^[\]{}]*)\n *\]/g;

/** JSON as it is shown, plain lists on a line of their own; the places are of this text. */
export const pretty = (value: unknown): string =>
  JSON.stringify(value, null, INDENT).replaceAll(
    PLAIN_LIST,
    (_, items: string) => `[${items.trim().replaceAll(/\n */g, ' ')}]`,
  );

/** `rules[0].from` → `['rules', 0, 'from']`. */
export const pathOf = (field: string): (string | number)[] =>
  Array.from(field.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([part, index]) =>
    index === undefined ? part : Number(index),
  );

const isRecord = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * First and last character of a field's value in {@linkcode pretty} of `document`; where a field is
 * missing, those of what should hold it.
 */
export function fieldPlace(
  document: unknown,
  field: string,
): { readonly start: number; readonly end: number } {
  const marked = { document: structuredClone(document) };
  let holder: Record<string | number, unknown> = marked;
  let last: string | number = 'document';
  for (const part of pathOf(field)) {
    const next = holder[last];
    if (!isRecord(next) || !Object.hasOwn(next, part)) break;
    holder = next;
    last = part;
  }
  const value = pretty(holder[last]);
  holder[last] = MARK;
  const text = pretty(marked.document);
  const start = text.indexOf(JSON.stringify(MARK));
  // Further lines of the value are indented as the one on which it begins.
  const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
  const indent = line.length - line.trimStart().length;
  return { start, end: start + value.length + indent * (value.split('\n').length - 1) };
}
