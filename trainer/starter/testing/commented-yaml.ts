// Reads a commented YAML template as its reader does: choices that a removed "# " would make, and
// what a schema knows.

/** Commented lines that belong together, e.g. `# everyMs: 1000` and the line after it. */
export interface Choice {
  /** Position of its first line. */
  readonly at: number;
  readonly lines: readonly string[];
}

const BEGIN = /^ *# (- +\{|[a-z][A-Za-z]*:)/;
const CONTINUED = /^ *# (- +\{|[a-z][A-Za-z]*:| {2})/;

/** A choice begins with a key; lines of a list below it belong to it. */
export function choicesOf(text: string): Choice[] {
  const lines = text.split('\n');
  const choices: Choice[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!BEGIN.test(lines[at])) continue;
    let end = at + 1;
    while (CONTINUED.test(lines[end] ?? '')) end++;
    choices.push({ at, lines: lines.slice(at, end) });
    at = end;
  }
  return choices;
}

/** Up to the colon, with its indentation; '' for what is no key. */
const keyOf = (line: string) => /^ *[a-z][A-Za-z]*:/.exec(line)?.[0] ?? '';

/** Lines that a choice stands "in place of" are this near. */
const NEAR = 3;

/** The text with a choice made. A line of the same key just above it gives way. */
export function withChoice(text: string, { at, lines }: Choice): string {
  const all = text.split('\n');
  const made = lines.map((line) => line.replace('# ', ''));
  const keys = made.map(keyOf).filter((key) => key !== '');
  const before = all
    .slice(0, at)
    .filter((line, index) => at - index > NEAR || !keys.includes(keyOf(line)));
  return [...before, ...made, ...all.slice(at + lines.length)].join('\n');
}

interface Node {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

function* fieldsOf(node: Node): Generator<readonly [string, Node]> {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    yield [key, child];
    yield* fieldsOf(child);
  }
  if (node.items) yield* fieldsOf(node.items);
  for (const each of node.anyOf ?? []) yield* fieldsOf(each);
}

/** Names of all fields of a JSON schema. */
export const keysOf = (schema: object): ReadonlySet<string> =>
  new Set([...fieldsOf(schema)].map(([key]) => key));

/** Fields that are no objects and have a default. */
export const defaultsOf = (schema: object) =>
  [...fieldsOf(schema)].flatMap(([key, node]) =>
    node.default === undefined || node.properties ? [] : [{ key, value: node.default }],
  );
