// Single quantised rows to one batch, as one request carries them.
import type { QuantisedRows } from '@dandan/shared/kernel';

/** The rows of `parts`, in order. All parts are of one kind and width; there is at least one. */
export function concatRows(parts: readonly QuantisedRows[]): QuantisedRows {
  const { width } = parts[0];
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const size = parts.reduce((sum, part) => sum + part.codes.length, 0);
  const codes = new Uint8Array(size);
  const indices = new Int32Array(size);
  const offsets = new Int32Array(count + 1);
  let sparse = false;
  let row = 0;
  let entry = 0;
  for (const part of parts) {
    codes.set(part.codes, entry);
    if (part.kind === 'sparse') {
      sparse = true;
      indices.set(part.indices, entry);
      for (let i = 1; i <= part.count; i++) offsets[row + i] = entry + part.offsets[i];
    }
    row += part.count;
    entry += part.codes.length;
  }
  if (!sparse) return { kind: 'dense', count, width, codes };
  return { kind: 'sparse', count, width, offsets, indices, codes };
}
