// Copies one tensor out of a parsed safetensors file as the typed array of its dtype.
import { InputError } from '../error/index.ts';
import type { Safetensors } from './parse-safetensors.ts';

const ARRAYS = { U8: Uint8Array, I8: Int8Array, I32: Int32Array, F32: Float32Array } as const;

/** Typed array that a dtype reads into. */
export type TensorArray<D extends keyof typeof ARRAYS> = InstanceType<(typeof ARRAYS)[D]>;

/**
 * Copies a tensor. A copy, because safetensors promises no alignment and the
 * bytes may belong to a network buffer.
 *
 * @param expected dtype and shape the caller needs; `-1` in the shape accepts any size.
 * @throws {InputError} `code` when the tensor is absent, cut off or of another dtype or shape.
 */
export function readTensor<D extends keyof typeof ARRAYS>(
  bytes: Uint8Array,
  file: Safetensors,
  name: string,
  expected: { readonly dtype: D; readonly shape: readonly number[] },
  code: 'bundle-tensor-invalid' | 'rows-malformed' = 'bundle-tensor-invalid',
): TensorArray<D> {
  const info = file.tensors.get(name);
  const wanted = `${expected.dtype} [${expected.shape.map((n) => (n < 0 ? 'n' : n))}]`;
  if (info === undefined) {
    throw new InputError(code, `Tensor '${name}' is missing`, { field: name, allowed: wanted });
  }
  const fits =
    info.dtype === expected.dtype &&
    info.shape.length === expected.shape.length &&
    info.shape.every((n, axis) => expected.shape[axis] < 0 || n === expected.shape[axis]);
  if (!fits) {
    throw new InputError(code, `Tensor '${name}' is ${info.dtype} [${info.shape}], not ${wanted}`, {
      field: name,
      value: `${info.dtype} [${info.shape}]`,
      allowed: wanted,
    });
  }
  const begin = file.dataOffset + info.begin;
  const end = file.dataOffset + info.end;
  if (end > bytes.byteLength) {
    throw new InputError('bundle-truncated', `Tensor '${name}' ends after the file`, {
      field: name,
      value: bytes.byteLength,
      allowed: `at least ${end} bytes`,
    });
  }
  // Not bytes.slice(): Node's Buffer overrides it with a view on a shared pool.
  const copy = new Uint8Array(bytes.subarray(begin, end));
  return new ARRAYS[expected.dtype](copy.buffer) as TensorArray<D>;
}
