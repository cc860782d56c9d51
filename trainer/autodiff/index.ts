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
export { drawMaskOffset } from './mask.ts';
export type { Entry, Feeds, Program, Results, Session } from './program.ts';
export { cpuEngine, type Engine, evaluateOnce } from './session.ts';
