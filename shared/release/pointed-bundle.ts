// The bond between a signed pointer and the bytes that came from anywhere.
import { sha256Hex } from '../bundle/hash.ts';
import { parseSafetensors } from '../bundle/parse-safetensors.ts';
import { InputError } from '../error/index.ts';
import type { PointedBundle } from './pointer.ts';

/** What a pointer says of a bundle file. @throws {InputError} `bundle-*` when it is none. */
export async function describeBundle(bytes: Uint8Array): Promise<PointedBundle> {
  const { dataOffset } = parseSafetensors(bytes);
  return {
    sha256: await sha256Hex(bytes),
    header: await sha256Hex(bytes.subarray(0, dataOffset)),
    bytes: bytes.byteLength,
  };
}

/**
 * Checks a bundle file, or a prefix of it, against a pointer. A prefix is vouched for by its
 * header, whose manifest holds the hash of each stage that `readBundle` checks.
 *
 * @throws {InputError} `bundle-hash-mismatch`, or `bundle-*` when it is no bundle.
 */
export async function checkPointedBundle(
  bytes: Uint8Array,
  pointed: PointedBundle,
  options: { readonly prefix?: boolean } = {},
): Promise<void> {
  const { prefix = false } = options;
  const { dataOffset } = parseSafetensors(bytes, { prefix });
  const [field, part] = prefix
    ? (['header', bytes.subarray(0, dataOffset)] as const)
    : (['sha256', bytes] as const);
  const actual = await sha256Hex(part);
  if (actual === pointed[field]) return;
  throw new InputError('bundle-hash-mismatch', 'The bundle is not the one that was released', {
    field: `pointer.bundle.${field}`,
    value: actual,
    allowed: pointed[field],
  });
}
