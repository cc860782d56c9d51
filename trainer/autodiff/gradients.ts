// Reverse-mode differentiation: one rule per primitive, each returning
// expressions of the same language.
import {
  add,
  constant,
  divide,
  gatherRows,
  matmul,
  multiply,
  sampledDot,
  scalar,
  scatterRows,
  sparseMatmul,
  step,
  subtract,
  sum,
} from './build.ts';
import type {
  Binary,
  Expression,
  MatMul,
  SampledDot,
  Shape,
  SparseMatMul,
  Unary,
} from './expression.ts';
import { operandsOf, topologicalOrder } from './expression.ts';

type Contribution = readonly [operand: Expression, gradient: Expression];

const zero = scalar(0);
const negate = (a: Expression) => subtract(zero, a);

/** Sums a gradient over the axes that broadcasting had repeated. */
function unbroadcast(gradient: Expression, shape: Shape): Expression {
  let result = gradient;
  if (shape[0] === 1 && result.shape[0] !== 1) result = sum(result, 0);
  if (shape[1] === 1 && result.shape[1] !== 1) result = sum(result, 1);
  return result;
}

function binaryRule(node: Binary, gradient: Expression): Contribution[] {
  const { a, b } = node;
  const both = (da: Expression, db: Expression): Contribution[] => [
    [a, unbroadcast(da, a.shape)],
    [b, unbroadcast(db, b.shape)],
  ];
  switch (node.operation) {
    case 'add':
      return both(gradient, gradient);
    case 'subtract':
      return both(gradient, negate(gradient));
    case 'multiply':
      return both(multiply(gradient, b), multiply(gradient, a));
    case 'divide': {
      const da = divide(gradient, b);
      return both(da, negate(multiply(da, node)));
    }
  }
}

function unaryRule(node: Unary, gradient: Expression): Contribution[] {
  const { a } = node;
  switch (node.operation) {
    case 'exp':
      return [[a, multiply(gradient, node)]];
    case 'log':
      return [[a, divide(gradient, a)]];
    case 'sqrt':
      return [[a, divide(gradient, multiply(scalar(2), node))]];
    case 'relu':
      return [[a, multiply(gradient, step(a))]];
    case 'step':
      return [];
  }
}

function matmulRule(node: MatMul, gradient: Expression): Contribution[] {
  const { a, b, transposeA, transposeB } = node;
  return [
    [
      a,
      transposeA
        ? matmul(b, gradient, { transposeA: transposeB, transposeB: true })
        : matmul(gradient, b, { transposeB: !transposeB }),
    ],
    [
      b,
      transposeB
        ? matmul(gradient, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, gradient, { transposeA: !transposeA }),
    ],
  ];
}

/** Y = S·b: the entry of S at (i, j) moves row i of Y by row j of b, group by group. */
function sparseMatmulRule(node: SparseMatMul, gradient: Expression): Contribution[] {
  const { pattern, values, b, transpose } = node;
  const toB = sparseMatmul(pattern, gradient, { values, transpose: !transpose });
  if (!values) return [[b, toB]];
  const [atRow, atColumn] = transpose ? [b, gradient] : [gradient, b];
  return [
    [b, toB],
    [values, sampledDot(pattern, atRow, atColumn, values.shape[1])],
  ];
}

function sampledDotRule({ pattern, a, b }: SampledDot, values: Expression): Contribution[] {
  return [
    [a, sparseMatmul(pattern, b, { values })],
    [b, sparseMatmul(pattern, a, { values, transpose: true })],
  ];
}

function contributions(node: Expression, gradient: Expression): Contribution[] {
  switch (node.kind) {
    case 'input':
    case 'constant':
    case 'mask':
    case 'maximum':
      return [];
    case 'matmul':
      return matmulRule(node, gradient);
    case 'sparse-matmul':
      return sparseMatmulRule(node, gradient);
    case 'sampled-dot':
      return sampledDotRule(node, gradient);
    case 'binary':
      return binaryRule(node, gradient);
    case 'unary':
      return unaryRule(node, gradient);
    case 'sum': {
      // Broadcasting against ones along the summed axis repeats the gradient.
      const ones = new Float32Array(node.a.shape[node.axis]).fill(1);
      const shape: Shape = node.axis === 0 ? [ones.length, 1] : [1, ones.length];
      return [[node.a, multiply(gradient, constant(ones, shape))]];
    }
    case 'gather-rows':
      return [[node.a, scatterRows(gradient, node.indices, node.a.shape[0])]];
    case 'scatter-rows':
      return [[node.a, gatherRows(gradient, node.indices)]];
  }
}

/**
 * Gradients of a scalar with respect to some of the expressions it depends on.
 *
 * @param loss shape [1, 1].
 * @param targets expressions, usually inputs that hold weights.
 * @returns one expression per target, of the target's shape.
 * @throws {RangeError} when `loss` is no scalar or does not depend on a target.
 */
export function gradients(loss: Expression, targets: readonly Expression[]): Expression[] {
  if (loss.shape[0] !== 1 || loss.shape[1] !== 1) {
    throw new RangeError(`Cannot differentiate a loss of shape [${loss.shape}]: it must be [1,1]`);
  }
  const order = topologicalOrder([loss]);
  const gradientOf = new Map<Expression, Expression>([[loss, scalar(1)]]);
  const reaches = new Set<Expression>(targets);
  for (const node of order) {
    if (operandsOf(node).some((operand) => reaches.has(operand))) reaches.add(node);
  }
  for (const node of order.toReversed()) {
    const gradient = gradientOf.get(node);
    if (gradient === undefined) continue;
    for (const [operand, part] of contributions(node, gradient)) {
      if (!reaches.has(operand)) continue;
      const known = gradientOf.get(operand);
      gradientOf.set(operand, known ? add(known, part) : part);
    }
  }
  return targets.map((target, index) => {
    const gradient = gradientOf.get(target);
    if (gradient) return gradient;
    throw new RangeError(`The loss does not depend on target ${index}`);
  });
}
