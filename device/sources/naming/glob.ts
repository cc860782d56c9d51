// Names with wildcards, as people write them: press-* or line-?.

/** A predicate on names: `*` stands for any characters, `?` for one. */
export function createGlobs(patterns: readonly string[]): (name: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
  const globs = patterns
    .filter((pattern) => !exact.has(pattern))
    .map((pattern) => {
      const source = pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        // Runs of * mean what one means, and would make the search slow.
        .replace(/\*+/g, '.*')
        .replaceAll('?', '.');
      return new RegExp(`^${source}$`, 'su');
    });
  return (name) => exact.has(name) || globs.some((glob) => glob.test(name));
}
