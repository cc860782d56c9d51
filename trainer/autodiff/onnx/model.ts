// ONNX model files from plain data; field numbers are those of onnx.proto (IR version 9).
import {
  bytesField,
  type Field,
  integerField,
  message,
  messageField,
  textField,
} from './protobuf.ts';

/** TensorProto.DataType. */
export const DATA_TYPE = { float: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

export type DataType = keyof typeof DATA_TYPE;

export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array | BigInt64Array;
}

/** A graph is the body of a control-flow operator. */
export type OnnxAttribute = number | string | readonly number[] | OnnxGraph;

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type: DataType;
  /** Sizes; a name stands for one that is known at the run only. */
  readonly dims: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** The newest set with the axes of ReduceMax as an attribute. */
const OPSET = 17;
const IR_VERSION = 9;
const ATTRIBUTE_TYPE = { integer: 2, text: 3, graph: 5, integers: 7 } as const;

function attributeField(name: string, value: OnnxAttribute): Field {
  const named = textField(1, name);
  if (typeof value === 'number') {
    return messageField(5, [
      named,
      integerField(3, value),
      integerField(20, ATTRIBUTE_TYPE.integer),
    ]);
  }
  if (typeof value === 'string') {
    return messageField(5, [named, textField(4, value), integerField(20, ATTRIBUTE_TYPE.text)]);
  }
  if ('nodes' in value) {
    const body = messageField(6, graphFields(value, name));
    return messageField(5, [named, body, integerField(20, ATTRIBUTE_TYPE.graph)]);
  }
  const entries = value.map((entry) => integerField(8, entry));
  return messageField(5, [named, ...entries, integerField(20, ATTRIBUTE_TYPE.integers)]);
}

function nodeField({ operator, inputs, outputs, attributes = {} }: OnnxNode): Field {
  return messageField(1, [
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(3, outputs[0]),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => attributeField(name, value)),
  ]);
}

function initializerField({ name, type, dims, data }: OnnxTensor): Field {
  return messageField(5, [
    ...dims.map((size) => integerField(1, size)),
    integerField(2, DATA_TYPE[type]),
    textField(8, name),
    bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

function valueField(field: number, { name, type, dims }: OnnxValue): Field {
  const shape = dims.map((size) =>
    messageField(1, [typeof size === 'number' ? integerField(1, size) : textField(2, size)]),
  );
  const tensorType = [integerField(1, DATA_TYPE[type]), messageField(2, shape)];
  return messageField(field, [textField(1, name), messageField(2, [messageField(1, tensorType)])]);
}

function graphFields(graph: OnnxGraph, name: string): Field[] {
  return [
    ...graph.nodes.map(nodeField),
    textField(2, name),
    ...graph.initializers.map(initializerField),
    ...graph.inputs.map((value) => valueField(11, value)),
    ...graph.outputs.map((value) => valueField(12, value)),
  ];
}

/** Serialises a graph as an ONNX ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return message([
    integerField(1, IR_VERSION),
    textField(2, 'dandan'),
    messageField(7, graphFields(graph, 'dandan')),
    messageField(8, [textField(1, ''), integerField(2, OPSET)]),
  ]);
}
