// The manifest of a bundle in R2, from the head of its file alone: a dry-run looks at several.
import { type Manifest, parseManifest, parseSafetensors } from '@dandan/shared/bundle';
import type { BundleStore } from '../registry/bundle-store.ts';

/** Manifests are some kilobytes; those of a thousand classes take a second read. */
const HEAD_BYTES = 64 * 1024;

const LENGTH_BYTES = 8;

/** `undefined` where the model has no such bundle. */
export async function readManifest(
  store: BundleStore,
  model: string,
  sha256: string,
): Promise<Manifest | undefined> {
  const record = await store.find(model, sha256);
  if (record === undefined) return undefined;
  const read = async (length: number) => {
    const object = await store.open(sha256, { offset: 0, length: Math.min(length, record.bytes) });
    return new Uint8Array(await object.arrayBuffer());
  };
  let head = await read(HEAD_BYTES);
  const length = new DataView(head.buffer).getBigUint64(0, true);
  // The file was checked when it was uploaded.
  const needed = LENGTH_BYTES + Number(length);
  if (needed > head.length) head = await read(needed);
  return parseManifest(parseSafetensors(head, { prefix: true }).metadata.manifest ?? '');
}
