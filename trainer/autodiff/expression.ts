// Tensor expressions as plain frozen data: every value is a float matrix, a
// handful of primitives, no behaviour. Gradients and lowerings live elsewhere.

/** [rows, columns]. A scalar is [1, 1], a row vector [1, C], a column vector [N, 1]. */
export type Shape = readonly [rows: number, columns: number];

/** Positions of the non-zeros of a constant sparse matrix, entry by entry. */
export interface SparsePattern {
  readonly rows: number;
  readonly columns: number;
  /** int32 [non-zeros]: row and column of each entry. */
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
}

/** Row numbers fed at every run, e.g. the mixup partners of an epoch. */
export interface IndexInput {
  readonly kind: 'index-input';
  readonly name: string;
  readonly count: number;
}

export type RowIndices = Int32Array | IndexInput;

export type BinaryOperation = 'add' | 'subtract' | 'multiply' | 'divide';
export type UnaryOperation = 'exp' | 'log' | 'sqrt' | 'relu' | 'step';

interface Node<Kind extends string> {
  readonly kind: Kind;
  readonly shape: Shape;
}

/** A matrix fed at every run. */
export interface Input extends Node<'input'> {
  readonly name: string;
}
/** A matrix stored in the graph. */
export interface Constant extends Node<'constant'> {
  readonly data: Float32Array;
}
/** op(a) · op(b), op transposing where asked. */
export interface MatMul extends Node<'matmul'> {
  readonly a: Expression;
  readonly b: Expression;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}
/**
 * S · b or Sᵀ · b for a constant pattern; all ones without `values`. `values` [non-zeros, G]
 * holds G matrices of one pattern (attention heads): group g of b's columns, a G-th of them,
 * is multiplied by matrix g.
 */
export interface SparseMatMul extends Node<'sparse-matmul'> {
  readonly pattern: SparsePattern;
  readonly values: Expression | undefined;
  readonly b: Expression;
  readonly transpose: boolean;
}
/**
 * a · bᵀ at the entries of a pattern only, [non-zeros, G]: entry (i, j) of group g is the dot
 * product of a's row i and b's row j over group g of their columns. The gradient of
 * `SparseMatMul` to its values.
 */
export interface SampledDot extends Node<'sampled-dot'> {
  readonly pattern: SparsePattern;
  readonly a: Expression;
  readonly b: Expression;
}
/**
 * Dropout mask: 0 where byte `offset + i` of the mask pool is below 256 · rate, else
 * 1 / (1 − rate), for a rate rounded to 256ths; `offset` is fed under `name` (see mask.ts).
 */
export interface Mask extends Node<'mask'> {
  readonly name: string;
  readonly rate: number;
}
/** Elementwise, broadcasting axes of size 1. */
export interface Binary extends Node<'binary'> {
  readonly operation: BinaryOperation;
  readonly a: Expression;
  readonly b: Expression;
}
/** Elementwise; `step` is 1 where a > 0, else 0, and has gradient 0. */
export interface Unary extends Node<'unary'> {
  readonly operation: UnaryOperation;
  readonly a: Expression;
}
/** Sum over the rows (axis 0) or the columns (axis 1), kept as size 1. */
export interface Sum extends Node<'sum'> {
  readonly axis: 0 | 1;
  readonly a: Expression;
}
/** Largest over the rows (axis 0) or the columns (axis 1); its gradient is 0 (it shifts exponents). */
export interface Maximum extends Node<'maximum'> {
  readonly axis: 0 | 1;
  readonly a: Expression;
}
/** Rows of `a` at `indices`, repeats allowed. */
export interface GatherRows extends Node<'gather-rows'> {
  readonly a: Expression;
  readonly indices: RowIndices;
}
/** Zeros with the rows of `a` added at `indices`: the transpose of gather. */
export interface ScatterRows extends Node<'scatter-rows'> {
  readonly a: Expression;
  readonly indices: RowIndices;
}

export type Expression =
  | Input
  | Constant
  | MatMul
  | SparseMatMul
  | SampledDot
  | Mask
  | Binary
  | Unary
  | Sum
  | Maximum
  | GatherRows
  | ScatterRows;

/** The expressions that `expression` reads directly. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'input':
    case 'constant':
    case 'mask':
      return [];
    case 'matmul':
    case 'binary':
    case 'sampled-dot':
      return [expression.a, expression.b];
    case 'sparse-matmul':
      return expression.values ? [expression.values, expression.b] : [expression.b];
    default:
      return [expression.a];
  }
}

/** All expressions that `roots` depend on, operands before their users. */
export function topologicalOrder(roots: readonly Expression[]): Expression[] {
  const order: Expression[] = [];
  const seen = new Set<Expression>();
  // An explicit stack: deep graphs (many layers, unrolled steps) must not overflow the call stack.
  const stack: { expression: Expression; expanded: boolean }[] = [];
  for (const root of roots) {
    stack.push({ expression: root, expanded: false });
    while (stack.length > 0) {
      const { expression, expanded } = stack.pop() as (typeof stack)[number];
      if (expanded) {
        order.push(expression);
        continue;
      }
      if (seen.has(expression)) continue;
      seen.add(expression);
      stack.push({ expression, expanded: true });
      for (const operand of operandsOf(expression)) {
        stack.push({ expression: operand, expanded: false });
      }
    }
  }
  return order;
}
