// Which assets a model reads: names with * for any number of characters.

/** A predicate on assets that match any of `patterns`. */
export function createAssetFilter(patterns: readonly string[]): (asset: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`);
  });
  // A plant's assets are few and asked for thousands of times a second.
  const known = new Map<string, boolean>();
  return (asset) => {
    let matches = known.get(asset);
    if (matches === undefined) {
      matches = expressions.some((expression) => expression.test(asset));
      if (known.size < MAX_KNOWN) known.set(asset, matches);
    }
    return matches;
  };
}

/** Twice the assets that windows are kept for; made-up names beyond are matched each time. */
const MAX_KNOWN = 20_000;
