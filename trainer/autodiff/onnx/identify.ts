// Names for typed arrays by what they show, so that a graph stores a shared one once.

const identities = new WeakMap<ArrayBufferLike, number>();
let identified = 0;

/** Equal for two views of the same part of one buffer. */
export function identify({ buffer, byteOffset, length }: Int32Array | Float32Array): string {
  const known = identities.get(buffer) ?? ++identified;
  identities.set(buffer, known);
  return `${known}+${byteOffset}:${length}`;
}
