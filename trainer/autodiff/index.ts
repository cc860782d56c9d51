export { adamCorrections, adamStep, firstMoment, secondMoment } from './adam.ts';
export {
  add,
  constant,
  divide,
  exp,
  gatherRows,
  indexInput,
  input,
  log,
  logSoftmax,
  mask,
  matmul,
  maximum,
  multiply,
  relu,
  sampledDot,
  scalar,
  scatterRows,
  sparseMatmul,
  sqrt,
  step,
  subtract,
  sum,
  total,
} from './build.ts';
export type { Expression, IndexInput, Input, Shape, SparsePattern } from './expression.ts';
export { gradients } from './gradients.ts';
export { createSession, type Feeds, type Results, type Session } from './session.ts';
