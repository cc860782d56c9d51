// What kind of machine a name stands for, by patterns such as `press-*`.

/** Whether `name` is `pattern`, in which `*` stands for any characters. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (parts.length === 1) return name === pattern;
  if (!name.startsWith(first) || name.length < first.length + last.length) return false;
  if (!name.endsWith(last)) return false;
  // Parts in between are found from the left, which leaves the most room for the next.
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

/** The pattern that says of `name` what it is: the name itself, or else the first that fits. */
export function patternFor(
  name: string,
  kinds: Readonly<Record<string, string>>,
): string | undefined {
  if (Object.hasOwn(kinds, name)) return name;
  return Object.keys(kinds).find((pattern) => matches(pattern, name));
}
