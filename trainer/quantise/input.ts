// Input quantisation from the training rows; the students then learn on exactly
// the values that the codes stand for.
import {
  type InputQuantisation,
  MAX_CODE,
  type QuantisedRows,
  quantiseDense,
  quantiseSparse,
  type SparseFloatRows,
} from '@dandan/shared/kernel';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { CODES_PER_DEVIATION, columnScales, type InputScaling } from './column-scale.ts';

/** Code of a standardised 0: the middle of 0..127. */
const ZERO_POINT = 64;

/** Quantisation step of the values that the students read. */
export function inputScale(input: InputQuantisation): number {
  return input.sparse ? 1 / input.multiplier[0] : 1 / CODES_PER_DEVIATION;
}

/** Values of the sparse rows at `nodes`. */
function* valuesAt({ offsets, values }: SparseFloatRows, nodes: Int32Array): Generator<number> {
  for (const node of nodes) {
    for (let e = offsets[node]; e < offsets[node + 1]; e++) yield values[e];
  }
}

/**
 * Scales are those of `nodes`, which must leave out held-out nodes. Dense rows are
 * scaled per column, by `scaling`; sparse whole numbers up to 127 are kept exactly, other sparse
 * values share one scale.
 */
export function fitInputQuantisation(
  features: NodeFeatures,
  nodes: Int32Array,
  scaling: InputScaling = 'standard',
): InputQuantisation {
  const { width, values } = features.rows;
  if (features.kind === 'sparse') {
    let largest = 0;
    let whole = true;
    for (const value of valuesAt(features.rows, nodes)) {
      largest = Math.max(largest, value);
      whole &&= Number.isInteger(value) && value <= MAX_CODE;
    }
    // As many codes per unit as fit: a word of code 1 beside hidden codes of 127 would need weights
    // 127 times as large, and would leave the hidden units' weights 2 of their 7 bits.
    const codesPerUnit = largest === 0 ? 1 : MAX_CODE / largest;
    const multiplier = Float32Array.of(whole ? Math.floor(codesPerUnit) : codesPerUnit);
    return { width, sparse: true, zeroPoint: 0, offset: new Float32Array(1), multiplier };
  }
  const scales = columnScales(values, width, nodes, scaling);
  return {
    width,
    sparse: false,
    zeroPoint: ZERO_POINT,
    offset: Float32Array.from(scales, ({ centre }) => centre),
    multiplier: Float32Array.from(scales, ({ spread }) => CODES_PER_DEVIATION / spread),
  };
}

/** Codes of all nodes' features. */
export function quantiseFeatures(features: NodeFeatures, input: InputQuantisation): QuantisedRows {
  return features.kind === 'dense'
    ? quantiseDense(features.rows, input)
    : quantiseSparse(features.rows, input);
}

/** The values the codes stand for: (q − zeroPoint) · scale. */
export function dequantiseRows(rows: QuantisedRows, input: InputQuantisation): NodeFeatures {
  const scale = inputScale(input);
  // A loop: Float32Array.from() with a function goes through a list, which 245 million codes exceed.
  const values = new Float32Array(rows.codes.length);
  for (let i = 0; i < values.length; i++) values[i] = (rows.codes[i] - input.zeroPoint) * scale;
  const { count, width } = rows;
  return rows.kind === 'dense'
    ? { kind: 'dense', rows: { count, width, values } }
    : {
        kind: 'sparse',
        rows: { count, width, offsets: rows.offsets, indices: rows.indices, values },
      };
}
