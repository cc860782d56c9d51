// The beginning of a bundle: what it is and how it quantises, without its weights.
import { InputError } from '../error/index.ts';
import type { InputQuantisation } from '../kernel/index.ts';
import { INPUT_MULTIPLIER } from './bundle.ts';
import { MAX_HEADER_BYTES } from './limits.ts';
import type { Manifest } from './manifest.ts';
import { parseSafetensors } from './parse-safetensors.ts';
import { readInput, readManifest } from './read-bundle.ts';

export interface BundleHead {
  readonly manifest: Manifest;
  readonly input: InputQuantisation;
}

const LENGTH_BYTES = 8;

/**
 * How many bytes of a bundle hold what is asked of it, as far as its first bytes say: those of its
 * header, then those of its input tensors.
 *
 * @throws {InputError} `bundle-header-invalid`.
 */
export function headBytes(bytes: Uint8Array): number {
  if (bytes.byteLength < LENGTH_BYTES) return LENGTH_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new InputError('bundle-header-invalid', `The header has ${length} bytes`, {
      field: 'header.length',
      value: String(length),
      allowed: `at most ${MAX_HEADER_BYTES} bytes`,
    });
  }
  const header = LENGTH_BYTES + Number(length);
  if (bytes.byteLength < header) return header;
  const file = parseSafetensors(bytes, { prefix: true });
  return file.dataOffset + (file.tensors.get(INPUT_MULTIPLIER)?.end ?? 0);
}

/**
 * Reads the beginning of a bundle that was checked before: its hashes are not checked again.
 *
 * @param bytes at least as many as {@linkcode headBytes} says.
 * @throws {InputError} `bundle-*`.
 */
export function readBundleHead(bytes: Uint8Array): BundleHead {
  const file = parseSafetensors(bytes, { prefix: true });
  const manifest = readManifest(file);
  return { manifest, input: readInput(bytes, file, manifest) };
}
