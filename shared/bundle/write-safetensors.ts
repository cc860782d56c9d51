// Writes a safetensors container; tensors lie in the order given, without holes.
import type { Dtype } from './parse-safetensors.ts';

export interface TensorData {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: Uint8Array | Int8Array | Int32Array | Float32Array;
}

/** The readers of the field map the file at 8-byte alignment, so the header is padded to it. */
const HEADER_ALIGNMENT = 8;

/**
 * Serialises tensors and text metadata. Same input, same bytes.
 *
 * @returns the file: u64 little-endian header length, JSON header, tensor data.
 */
export function writeSafetensors(
  tensors: readonly TensorData[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries: [string, unknown][] = [['__metadata__', metadata]];
  let position = 0;
  for (const { name, dtype, shape, data } of tensors) {
    const range = [position, position + data.byteLength];
    entries.push([name, { dtype, shape, data_offsets: range }]);
    position += data.byteLength;
  }
  // fromEntries defines properties where assignment would set the prototype by '__proto__'.
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerBytes = Math.ceil(json.byteLength / HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
  const file = new Uint8Array(8 + headerBytes + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8 + json.byteLength, 8 + headerBytes);
  file.set(json, 8);
  let offset = 8 + headerBytes;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}
