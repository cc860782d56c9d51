// The trainer's kernels, compiled to kernels.wasm by `npm run kernels`.
export { add, divide, mask, multiply, subtract } from './elementwise';
export { matmul, matmulTransposed, transpose } from './matmul';
export { maximumColumns, maximumRows, sumColumns, sumRows } from './reduce';
export { copy, fill, gatherRows, scatterRows } from './rows';
export { sampledDot } from './sampled-dot';
export { sparseMatmul } from './sparse-matmul';
export { sparseScatter } from './sparse-scatter';
export { sparseSum } from './sparse-sum';
export { sparseWeighted } from './sparse-weighted';
export { exp, log, relu, sqrt, step } from './unary';
