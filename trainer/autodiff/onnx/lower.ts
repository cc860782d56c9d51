// Expressions to an ONNX graph for the CPU provider, one rule per primitive.
import {
  type Expression,
  type IndexInput,
  type RowIndices,
  type Shape,
  type SparsePattern,
  topologicalOrder,
} from '../expression.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

export interface LowerOptions {
  /** Results by the name under which a run returns them. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

const BINARY = { add: 'Add', subtract: 'Sub', multiply: 'Mul', divide: 'Div' } as const;
const UNARY = { exp: 'Exp', log: 'Log', sqrt: 'Sqrt', relu: 'Relu' } as const;

/** Name of an output in the graph; a step returns new weights under the names it reads them by. */
export const resultName = (output: string) => `result.${output}`;

/** Lowers to operators of opset 17; every matrix stays two-dimensional. */
export function lower({ outputs }: LowerOptions): OnnxGraph {
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
    const shape = integers('shape [-1,1]', [-1, 1], [2]);
    const name = emit('Reshape', [nameOfIndices(indices), shape]);
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

  function sparseProduct(
    pattern: SparsePattern,
    values: string | undefined,
    b: string,
    transpose: boolean,
    shape: Shape,
  ): string {
    const source = transpose ? pattern.rowOf : pattern.columnOf;
    const target = transpose ? pattern.columnOf : pattern.rowOf;
    let gathered = emit('Gather', [b, nameOfIndices(source)], { axis: 0 });
    if (values) gathered = emit('Mul', [gathered, values]);
    return scatter(gathered, target, shape);
  }

  function visit(node: Expression): string {
    const name = (operand: Expression) => names.get(operand) as string;
    switch (node.kind) {
      case 'input':
        inputs.push({ name: node.name, type: 'float', dims: node.shape });
        return node.name;
      case 'constant':
        return floats(node.data, node.shape);
      case 'matmul':
        return emit('Gemm', [name(node.a), name(node.b)], {
          transA: Number(node.transposeA),
          transB: Number(node.transposeB),
        });
      case 'sparse-matmul': {
        const values = node.values && name(node.values);
        return sparseProduct(node.pattern, values, name(node.b), node.transpose, node.shape);
      }
      case 'binary':
        return emit(BINARY[node.operation], [name(node.a), name(node.b)]);
      case 'unary':
        if (node.operation !== 'step') return emit(UNARY[node.operation], [name(node.a)]);
        return emit('Sign', [emit('Relu', [name(node.a)])]);
      case 'sum': {
        const axes = integers(`axis ${node.axis}`, [node.axis], [1]);
        return emit('ReduceSum', [name(node.a), axes], { keepdims: 1 });
      }
      case 'row-maximum':
        return emit('ReduceMax', [name(node.a)], { axes: [1], keepdims: 1 });
      case 'gather-rows':
        return emit('Gather', [name(node.a), nameOfIndices(node.indices)], { axis: 0 });
      case 'scatter-rows':
        return scatter(name(node.a), node.indices, node.shape);
    }
  }

  for (const node of topologicalOrder(Object.values(outputs))) names.set(node, visit(node));
  const results: OnnxValue[] = [];
  for (const [name, expression] of Object.entries(outputs)) {
    const output = resultName(name);
    nodes.push({ operator: 'Identity', inputs: [names.get(expression) as string], output });
    results.push({ name: output, type: 'float', dims: expression.shape });
  }
  return { nodes, initializers, inputs, outputs: results };
}
