export { expNegative } from './exp.ts';
export {
  accumulateDense,
  accumulateSparse,
  type Layer,
  MAX_CODE,
  startAccumulator,
  writeActivation,
  writeLogits,
} from './layer.ts';
export {
  type FloatRows,
  type InputQuantisation,
  quantiseDense,
  quantiseFloatRows,
  quantiseSparse,
  type SparseFloatRows,
  toSparse,
} from './quantise.ts';
export {
  checkRows,
  type DenseRows,
  type QuantisedRows,
  type SparseRows,
  selectRows,
} from './rows.ts';
export { softmax } from './softmax.ts';
