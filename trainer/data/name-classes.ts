// From the label texts of a file to class numbers and names.

export interface NamedClasses {
  readonly classes: readonly string[];
  /** Class number of each label text. */
  readonly classOf: readonly number[];
}

/**
 * Numbers the classes. Texts that are all whole numbers are ordered by value, others
 * by code unit. Where `names` (of meta.json) covers the texts, either as numbers
 * 0..names−1 or as the names themselves, it fixes numbers and names.
 */
export function nameClasses(
  texts: readonly string[],
  names: readonly string[] | undefined,
): NamedClasses {
  const numeric = texts.every((text) => /^\d{1,9}$/.test(text));
  if (names !== undefined) {
    const classOf = texts.map((text) => (numeric ? Number(text) : names.indexOf(text)));
    const covered = classOf.every((index) => index >= 0 && index < names.length);
    if (covered && texts.length > 0) return { classes: names, classOf };
  }
  const classes = [...texts].sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1),
  );
  const position = new Map(classes.map((text, index) => [text, index]));
  return { classes, classOf: texts.map((text) => position.get(text)!) };
}
