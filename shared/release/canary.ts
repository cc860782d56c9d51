// Which devices try a release first: a share of them, drawn by hash.

/** FNV-1a, then the finaliser of MurmurHash3, so that names that differ in a digit lie far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Whether `device` is among the first `percent` of a release. The same devices stay in while the
 * share grows; every release draws anew, so that bad ones do not always meet the same machines.
 */
export function isCanary(
  device: string,
  release: { readonly model: string; readonly channel: string; readonly release: number },
  percent: number,
): boolean {
  const { model, channel } = release;
  const drawn = hash32(`${model}/${channel}/${release.release}/${device}`);
  return drawn < (percent / 100) * 2 ** 32;
}
