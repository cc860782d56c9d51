export { expNegative } from './exp.ts';
export {
  KERNEL_PATHS,
  type KernelPath,
  type Kernels,
  SCALAR_KERNELS,
  type WasmKernels,
  wasmKernels,
} from './kernels.ts';
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
  checkWidth,
  type FloatRows,
  type InputQuantisation,
  quantiseDense,
  quantiseFloatRows,
  quantiseSparse,
  type SparseFloatRows,
  toSparse,
  withoutZeros,
} from './quantise.ts';
export {
  checkEntries,
  checkRows,
  checkShape,
  type DenseRows,
  type QuantisedRows,
  type RowShape,
  type SparseRows,
  selectRows,
} from './rows.ts';
export { softmax } from './softmax.ts';
export { CONSTANTS_END, writeConstants } from './wasm/constants.ts';
