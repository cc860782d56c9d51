// What is doubtful or was assumed, kept short where a thousand lines have the same oddity.

/** Of one kind; the others are counted. */
const MAX_OF_KIND = 5;

export interface Notes {
  /** Takes a whole sentence; those of one `kind` are cut after a few. */
  add(kind: string, sentence: string): void;
  /** In the order of the kinds' first. */
  readonly sentences: readonly string[];
}

export function createNotes(): Notes {
  const kinds = new Map<string, { readonly first: string[]; total: number }>();
  return {
    add(kind, sentence) {
      const own = kinds.get(kind) ?? { first: [], total: 0 };
      kinds.set(kind, own);
      own.total++;
      if (own.first.length < MAX_OF_KIND) own.first.push(sentence);
    },
    get sentences() {
      return [...kinds.values()].flatMap(({ first, total }) =>
        total === first.length
          ? first
          : [...first, `… and ${total - first.length} more like this.`],
      );
    },
  };
}
