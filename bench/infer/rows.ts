// Rows to measure with: codes, and the values that they stand for.
import type { QuantisedRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { INPUT_SCALE } from './network.ts';

export interface MeasuredRows {
  /** As our kernels read them: dense, or sparse by their non-zeros. */
  readonly ours: QuantisedRows;
  /** uint8 [count, width], for peers, which know dense rows only. */
  readonly codes: Uint8Array;
  /** float32 [count, width]. */
  readonly values: Float32Array;
}

/** @param nonZeros columns of a sparse row; `undefined` for dense rows. */
export function createRows(
  width: number,
  count: number,
  nonZeros: number | undefined,
): MeasuredRows {
  const random = createRandom(width + count);
  const codes = new Uint8Array(count * width);
  let ours: QuantisedRows;
  if (nonZeros === undefined) {
    for (let e = 0; e < codes.length; e++) codes[e] = random.below(128);
    ours = { kind: 'dense', count, width, codes };
  } else {
    const indices: number[] = [];
    for (let i = 0; i < count; i++) {
      const columns = new Set<number>();
      while (columns.size < nonZeros) columns.add(random.below(width));
      // Numbers: the default order of sort() is that of text.
      for (const column of [...columns].sort((a, b) => a - b)) {
        indices.push(column);
        codes[i * width + column] = 127;
      }
    }
    ours = {
      kind: 'sparse',
      count,
      width,
      offsets: Int32Array.from({ length: count + 1 }, (_, i) => i * nonZeros),
      indices: Int32Array.from(indices),
      codes: new Uint8Array(indices.length).fill(127),
    };
  }
  return { ours, codes, values: Float32Array.from(codes, (code) => code * INPUT_SCALE) };
}
