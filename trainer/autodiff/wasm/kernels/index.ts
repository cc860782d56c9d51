// The trainer's kernels, compiled to kernels.wasm by `npm run kernels`.
export { binary, mask } from './elementwise';
export { matmul, matmulTransposed, transpose } from './matmul';
export { maximumColumns, maximumRows, sumColumns, sumRows } from './reduce';
export { copy, fill, gatherRows, scatterRows } from './rows';
export { sampledDot, sparseMatmul } from './sparse';
export { unary } from './unary';
