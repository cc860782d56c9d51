// Which of the known names somebody may have meant.

/** How many letters two names begin alike, whatever their case. */
export function sharedStart(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}

/** The names, the likeliest first. */
export function nearestNames(name: string, known: Iterable<string>): string[] {
  return [...known].sort((a, b) => sharedStart(b, name) - sharedStart(a, name));
}
