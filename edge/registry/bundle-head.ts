// The beginning of a stored bundle, without the megabytes of its weights.
import { type BundleHead, headBytes, readBundleHead } from '@dandan/shared/bundle';
import { objectKey } from './bundle-store.ts';

/** Header and input tensors of a bundle of a few hundred features lie in it. */
const FIRST_BYTES = 64 * 1024;

/**
 * Manifest and input quantisation of a bundle in R2.
 *
 * @returns `undefined` where there is no such bundle.
 */
export async function loadBundleHead(
  bucket: R2Bucket,
  sha256: string,
): Promise<BundleHead | undefined> {
  let bytes = new Uint8Array();
  for (let wanted = FIRST_BYTES; ; wanted = headBytes(bytes)) {
    if (wanted <= bytes.byteLength) return readBundleHead(bytes);
    const object = await bucket.get(objectKey(sha256), { range: { offset: 0, length: wanted } });
    if (object === null) return undefined;
    const read = new Uint8Array(await object.arrayBuffer());
    // A bundle may be shorter than the first guess, but then all of it is here.
    if (read.byteLength < wanted) return readBundleHead(read);
    bytes = read;
  }
}
