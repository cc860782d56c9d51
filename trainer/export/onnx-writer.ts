// Collects nodes and initializers of an inference graph under readable names.
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from '../onnx/model.ts';

export interface OnnxWriter {
  /** Adds a node whose only output is called `output`; returns that name. */
  node(
    output: string,
    operator: string,
    inputs: readonly string[],
    attributes?: OnnxNode['attributes'],
  ): string;
  /** Adds a constant; returns its name. */
  constant(tensor: OnnxTensor): string;
  /** A float32 without axes, stored once. */
  scalar(value: number): string;
  graph(inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxGraph;
}

export function createOnnxWriter(): OnnxWriter {
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const writer: OnnxWriter = {
    node(output, operator, inputs, attributes = {}) {
      nodes.push({ operator, inputs, outputs: [output], attributes });
      return output;
    },
    constant(tensor) {
      initializers.set(tensor.name, tensor);
      return tensor.name;
    },
    scalar(value) {
      const data = Float32Array.of(value);
      return writer.constant({ name: `value ${value}`, type: 'float', dims: [], data });
    },
    graph: (inputs, outputs) => ({
      nodes,
      initializers: [...initializers.values()],
      inputs,
      outputs,
    }),
  };
  return writer;
}
