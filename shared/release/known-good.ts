// Which bundle of a release is the one to fall back to from here on.

/** The last bundle that proved good: that of a promoted release, else the one before it. */
export function knownGood<B>(release: {
  readonly state: string;
  readonly bundle: B;
  readonly fallback: B | null;
}): B | null {
  return release.state === 'promoted' ? release.bundle : release.fallback;
}
