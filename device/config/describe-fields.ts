// What each field of a configuration is for: the comments of the example, where people read them,
// are the one place that says so.
import { isMap, isScalar, parseDocument, type Scalar, type YAMLMap } from 'yaml';

/** Blank lines end a comment's paragraph; the last one is about what follows. */
function lastParagraph(comment: string): string {
  const paragraphs = comment.split(/\n\s*\n/);
  return (paragraphs.at(-1) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

function collect(map: YAMLMap, path: string, found: Map<string, string>): void {
  for (const [index, { key, value }] of map.items.entries()) {
    if (!isScalar(key)) continue;
    const name = path === '' ? String(key.value) : `${path}.${key.value}`;
    // The comment before a map's first key belongs, to the parser, to the map.
    const comment = (key as Scalar).commentBefore ?? (index === 0 ? map.commentBefore : undefined);
    if (comment) found.set(name, lastParagraph(comment));
    if (isMap(value)) collect(value, name, found);
  }
}

/** Comments of a commented YAML document by the dotted path of the field they stand before. */
export function describeFields(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const { contents } = parseDocument(text);
  if (isMap(contents)) collect(contents, '', found);
  return found;
}
