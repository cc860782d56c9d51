// Collects the nodes and initializers of an ONNX graph under fresh names; nodes that no step
// changes are kept apart, so that a loop computes them once.
import type { OnnxNode, OnnxTensor, OnnxValue } from '../../onnx/model.ts';
import { identify } from './identify.ts';

export interface GraphWriterOptions {
  /** Declares a value that is fed; returns the name under which nodes read it. */
  readonly declareInput: (value: OnnxValue, emit: GraphWriter['emit']) => string;
}

export interface GraphWriter {
  /** Nodes that depend on no input. */
  readonly fixedNodes: readonly OnnxNode[];
  /** Nodes that depend on inputs, operands before their users. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  /** Adds a node with one output. @returns the output's name. */
  emit(operator: string, inputs: readonly string[], attributes?: OnnxNode['attributes']): string;
  /** Adds a node whose outputs have names of their own. */
  emitAs(
    outputs: readonly string[],
    operator: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
  ): void;
  /** Nodes emitted within `body` depend on no input. */
  fixed<T>(body: () => T): T;
  /** A fed value, declared once by name. */
  input(value: OnnxValue): string;
  /** A constant; the same array is stored once. */
  floats(data: Float32Array, dims: readonly number[]): string;
  bytes(data: Uint8Array, dims: readonly number[]): string;
  /** Row numbers for Gather; the same array is stored once. */
  indices(data: Int32Array, dims: readonly number[]): string;
  /** Sizes and axes: equal ones are stored once. */
  integers(values: readonly number[]): string;
  /** [1, 1]; equal ones are stored once. */
  scalar(value: number): string;
  reshape(name: string, dims: readonly number[]): string;
  /** Joins along the first axis; a single one is returned as it is. */
  concatenate(names: readonly string[]): string;
  /** `create`'s name, created once for each key. */
  once(key: string, create: () => string): string;
}

export function createGraphWriter({ declareInput }: GraphWriterOptions): GraphWriter {
  const fixedNodes: OnnxNode[] = [];
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const known = new Map<string, string>();
  const knownFixed = new Map<string, string>();
  let counter = 0;
  let target = nodes;
  const fresh = (hint: string) => `${hint}_${counter++}`;

  function store(tensor: Omit<OnnxTensor, 'name'>): string {
    const name = fresh(tensor.type);
    initializers.push({ name, ...tensor });
    return name;
  }

  const writer: GraphWriter = {
    fixedNodes,
    nodes,
    initializers,
    emit(operator, inputs, attributes) {
      const output = fresh(operator);
      writer.emitAs([output], operator, inputs, attributes);
      return output;
    },
    emitAs(outputs, operator, inputs, attributes = {}) {
      target.push({ operator, inputs, outputs, attributes });
    },
    fixed(body) {
      const previous = target;
      target = fixedNodes;
      try {
        return body();
      } finally {
        target = previous;
      }
    },
    input: (value) => writer.once(`input ${value.name}`, () => declareInput(value, writer.emit)),
    floats: (data, dims) =>
      writer.once(`floats ${identify(data)} ${dims}`, () => store({ type: 'float', dims, data })),
    bytes: (data, dims) => store({ type: 'uint8', dims, data }),
    indices: (data, dims) =>
      writer.once(`indices ${identify(data)} ${dims}`, () => store({ type: 'int32', dims, data })),
    integers: (values) =>
      writer.once(`integers ${values}`, () =>
        store({ type: 'int64', dims: [values.length], data: BigInt64Array.from(values, BigInt) }),
      ),
    scalar: (value) =>
      writer.once(`scalar ${value}`, () => writer.floats(Float32Array.of(value), [1, 1])),
    reshape: (name, dims) => writer.emit('Reshape', [name, writer.integers(dims)]),
    concatenate: (names) =>
      names.length === 1 ? names[0] : writer.emit('Concat', names, { axis: 0 }),
    once(key, create) {
      const fixed = target === fixedNodes;
      // A loop's body sees what is outside it, not the other way round.
      const name = knownFixed.get(key) ?? (fixed ? undefined : known.get(key)) ?? create();
      (fixed ? knownFixed : known).set(key, name);
      return name;
    },
  };
  return writer;
}
