// Quantised rows as a safetensors body: what an escalation carries.
import {
  parseSafetensors,
  readTensor,
  type TensorData,
  writeSafetensors,
} from '../bundle/index.ts';
import { InputError } from '../error/index.ts';
import type { QuantisedRows } from '../kernel/index.ts';

/**
 * Encodes rows: dense as `codes` U8 [n, d]; sparse as `offsets` I32 [n + 1],
 * `indices` I32 [m], `codes` U8 [m] with the width in the metadata. `beside` are tensors of other
 * names that travel with them.
 */
export function encodeQuantisedRows(
  rows: QuantisedRows,
  metadata: Readonly<Record<string, string>> = {},
  beside: readonly TensorData[] = [],
): Uint8Array<ArrayBuffer> {
  const { count, width, codes } = rows;
  if (rows.kind === 'dense') {
    return writeSafetensors(
      [{ name: 'codes', dtype: 'U8', shape: [count, width], data: codes }, ...beside],
      metadata,
    );
  }
  const entries = codes.length;
  const tensors: TensorData[] = [
    { name: 'offsets', dtype: 'I32', shape: [count + 1], data: rows.offsets },
    { name: 'indices', dtype: 'I32', shape: [entries], data: rows.indices },
    { name: 'codes', dtype: 'U8', shape: [entries], data: codes },
  ];
  return writeSafetensors([...tensors, ...beside], { ...metadata, width: String(width) });
}

/**
 * Decodes rows; whether they fit a bundle is checked by `checkRows`.
 *
 * @throws {InputError} `bundle-truncated`, `bundle-header-invalid` or `rows-malformed`.
 */
export function decodeQuantisedRows(bytes: Uint8Array): {
  rows: QuantisedRows;
  metadata: Readonly<Record<string, string>>;
} {
  const file = parseSafetensors(bytes);
  const { metadata, tensors } = file;
  const code = 'rows-malformed';
  if (!tensors.has('offsets')) {
    const codes = readTensor(bytes, file, 'codes', { dtype: 'U8', shape: [-1, -1] }, code);
    const [count = 0, width = 0] = tensors.get('codes')?.shape ?? [];
    return { rows: { kind: 'dense', count, width, codes }, metadata };
  }
  const width = Number(metadata.width);
  if (!Number.isSafeInteger(width) || width < 1) {
    throw new InputError(code, 'Sparse rows need their width', {
      field: '__metadata__.width',
      value: metadata.width,
      allowed: 'a whole number of columns',
    });
  }
  const offsets = readTensor(bytes, file, 'offsets', { dtype: 'I32', shape: [-1] }, code);
  const indices = readTensor(bytes, file, 'indices', { dtype: 'I32', shape: [-1] }, code);
  const codes = readTensor(bytes, file, 'codes', { dtype: 'U8', shape: [-1] }, code);
  const count = Math.max(0, offsets.length - 1);
  return { rows: { kind: 'sparse', count, width, offsets, indices, codes }, metadata };
}
