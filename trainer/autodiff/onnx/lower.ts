// Expressions to an ONNX graph, one rule per primitive; only operators that both the CPU and
// the CUDA provider have.
import {
  type Expression,
  type IndexInput,
  type Mask,
  type RowIndices,
  type SampledDot,
  type Shape,
  type SparseMatMul,
  topologicalOrder,
} from '../expression.ts';
import { maskPool, maskScale, maskThreshold } from '../mask.ts';
import {
  DATA_TYPE,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './model.ts';

export interface LowerOptions {
  /** Results by the name under which a run returns them. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

const BINARY = { add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div' } as const;
const UNARY = { exp: 'Exp', log: 'Log', sqrt: 'Sqrt', relu: 'Relu' } as const;

/** Name of an output in the graph; a step returns new weights under the names it reads them by. */
export const resultName = (output: string) => `result.${output}`;

/**
 * Lowers to operators of opset 17; every matrix is two-dimensional. Row indices and mask offsets
 * ([1]) are fed as int64.
 */
export function lower({ outputs }: LowerOptions): OnnxGraph {
  const order = topologicalOrder(Object.values(outputs));
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxValue[] = [];
  const names = new Map<unknown, string>();
  let counter = 0;
  const fresh = (hint: string) => `${hint}_${counter++}`;

  function emit(
    operator: string,
    operands: readonly string[],
    attributes: OnnxNode['attributes'] = {},
  ): string {
    const output = fresh(operator);
    nodes.push({ operator, inputs: operands, output, attributes });
    return output;
  }

  function integers(key: unknown, values: readonly number[] | Int32Array, dims: number[]): string {
    const known = names.get(key);
    if (known) return known;
    const name = fresh('int64');
    const data = BigInt64Array.from(values as number[], (value) => BigInt(value));
    initializers.push({ name, type: 'int64', dims, data });
    names.set(key, name);
    return name;
  }

  function floats(data: Float32Array, shape: Shape): string {
    const name = fresh('constant');
    initializers.push({ name, type: 'float', dims: shape, data });
    return name;
  }

  function scalar(value: number): string {
    const known = names.get(`scalar ${value}`);
    if (known) return known;
    const name = floats(Float32Array.of(value), [1, 1]);
    names.set(`scalar ${value}`, name);
    return name;
  }

  const zeroMatrices = new Map<string, string>();
  function zeros([rows, columns]: Shape): string {
    const key = `${rows}x${columns}`;
    const known = zeroMatrices.get(key);
    if (known) return known;
    const name = floats(new Float32Array(rows * columns), [rows, columns]);
    zeroMatrices.set(key, name);
    return name;
  }

  /** ScatterND wants its indices as [n, 1]. */
  function column(indices: RowIndices): string {
    const known = names.get(`column ${nameOfIndices(indices)}`);
    if (known) return known;
    const name = reshape(nameOfIndices(indices), [-1, 1]);
    names.set(`column ${nameOfIndices(indices)}`, name);
    return name;
  }

  function nameOfIndices(indices: RowIndices): string {
    if (indices instanceof Int32Array) return integers(indices, indices, [indices.length]);
    return inputIndices(indices);
  }

  function inputIndices(indices: IndexInput): string {
    if (!names.has(indices)) {
      inputs.push({ name: indices.name, type: 'int64', dims: [indices.count] });
      names.set(indices, indices.name);
    }
    return indices.name;
  }

  function scatter(rows: string, indices: RowIndices, shape: Shape): string {
    return emit('ScatterND', [zeros(shape), column(indices), rows], { reduction: 'add' });
  }

  /** `name` as another shape, e.g. [n, G, C / G] to reach the groups of its columns. */
  function reshape(name: string, dims: readonly number[]): string {
    return emit('Reshape', [name, integers(`shape [${dims}]`, dims, [dims.length])]);
  }

  function sparseProduct({ pattern, values, b, transpose, shape }: SparseMatMul): string {
    const source = transpose ? pattern.rowOf : pattern.columnOf;
    const target = transpose ? pattern.columnOf : pattern.rowOf;
    const gathered = emit('Gather', [nameOf(b), nameOfIndices(source)], { axis: 0 });
    return scatter(values ? weighGroups(gathered, values, shape[1]) : gathered, target, shape);
  }

  function weighGroups(rows: string, values: Expression, columns: number): string {
    const [entries, groups] = values.shape;
    if (groups === 1 || groups === columns) return emit('Mul', [rows, nameOf(values)]);
    const weights = reshape(nameOf(values), [entries, groups, 1]);
    const grouped = reshape(rows, [entries, groups, columns / groups]);
    return reshape(emit('Mul', [grouped, weights]), [entries, columns]);
  }

  function sampledDot({ pattern, a, b, shape }: SampledDot): string {
    const [entries, groups] = shape;
    const columns = a.shape[1];
    const products = emit('Mul', [
      emit('Gather', [nameOf(a), nameOfIndices(pattern.rowOf)], { axis: 0 }),
      emit('Gather', [nameOf(b), nameOfIndices(pattern.columnOf)], { axis: 0 }),
    ]);
    if (groups === 1) return reduceSum(products, 1, 1);
    return reduceSum(reshape(products, [entries, groups, columns / groups]), 2, 0);
  }

  const reduceSum = (name: string, axis: number, keepdims: 0 | 1) =>
    emit('ReduceSum', [name, integers(`axis ${axis}`, [axis], [1])], { keepdims });

  /** One pool for all masks, as long as the largest needs. */
  function poolOfMasks(): string {
    const known = names.get('mask pool');
    if (known) return known;
    const sizes = order.map(({ kind, shape }) => (kind === 'mask' ? shape[0] * shape[1] : 0));
    const data = maskPool(Math.max(...sizes));
    initializers.push({ name: 'mask_pool', type: 'uint8', dims: [data.length], data });
    names.set('mask pool', 'mask_pool');
    return 'mask_pool';
  }

  function maskOf({ name, rate, shape }: Mask): string {
    if (!inputs.some((known) => known.name === name)) {
      inputs.push({ name, type: 'int64', dims: [1] });
    }
    const size = integers(`size ${shape[0] * shape[1]}`, [shape[0] * shape[1]], [1]);
    const axis = integers('axis 0', [0], [1]);
    const bytes = emit('Slice', [poolOfMasks(), name, emit('Add', [name, size]), axis]);
    // Neither provider compares bytes.
    const drawn = emit('Cast', [reshape(bytes, shape)], { to: DATA_TYPE.float });
    const dropped = emit('Less', [drawn, scalar(maskThreshold(rate))]);
    return emit('Where', [dropped, scalar(0), scalar(maskScale(rate))]);
  }

  const nameOf = (operand: Expression) => names.get(operand) as string;

  function visit(node: Expression): string {
    switch (node.kind) {
      case 'input':
        inputs.push({ name: node.name, type: 'float', dims: node.shape });
        return node.name;
      case 'constant':
        return floats(node.data, node.shape);
      case 'matmul':
        return emit('Gemm', [nameOf(node.a), nameOf(node.b)], {
          transA: Number(node.transposeA),
          transB: Number(node.transposeB),
        });
      case 'sparse-matmul':
        return sparseProduct(node);
      case 'sampled-dot':
        return sampledDot(node);
      case 'mask':
        return maskOf(node);
      case 'binary':
        return emit(BINARY[node.operation], [nameOf(node.a), nameOf(node.b)]);
      case 'unary':
        if (node.operation !== 'step') return emit(UNARY[node.operation], [nameOf(node.a)]);
        return emit('Sign', [emit('Relu', [nameOf(node.a)])]);
      case 'sum':
        return reduceSum(nameOf(node.a), node.axis, 1);
      case 'maximum':
        return emit('ReduceMax', [nameOf(node.a)], { axes: [node.axis], keepdims: 1 });
      case 'gather-rows':
        return emit('Gather', [nameOf(node.a), nameOfIndices(node.indices)], { axis: 0 });
      case 'scatter-rows':
        return scatter(nameOf(node.a), node.indices, node.shape);
    }
  }

  for (const node of order) names.set(node, visit(node));
  const results: OnnxValue[] = [];
  for (const [name, expression] of Object.entries(outputs)) {
    const output = resultName(name);
    nodes.push({ operator: 'Identity', inputs: [names.get(expression) as string], output });
    results.push({ name: output, type: 'float', dims: expression.shape });
  }
  return { nodes, initializers, inputs, outputs: results };
}
