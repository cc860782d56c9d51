// ONNX model files from plain data; field numbers are those of onnx.proto (IR version 9).
import { InputError } from '@dandan/shared/error';
import {
  bytesField,
  type Field,
  integerField,
  message,
  messageField,
  textField,
} from './protobuf.ts';

/** TensorProto.DataType. */
export const DATA_TYPE = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;

export type DataType = keyof typeof DATA_TYPE;

export interface OnnxTensor {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
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
    const body = messageField(6, graphFields(value, name, LARGEST_INLINE_BYTES));
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

/**
 * Larger initializers stand beside the model: a protobuf message ends at 2 GiB, and one with 400 MB
 * in it took a second and as much memory again to write.
 */
const LARGEST_INLINE_BYTES = 2 ** 20;

/** onnxruntime takes no larger initializer, wherever it stands. */
const LARGEST_INITIALIZER_BYTES = 2 ** 31 - 1;

const DATA_LOCATION_EXTERNAL = 1;

const isExternal = ({ data }: OnnxTensor, inlineBytes: number) => data.byteLength > inlineBytes;
const bytesOf = ({ data }: OnnxTensor) =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function contentFields(tensor: OnnxTensor, inlineBytes: number): Field[] {
  if (!isExternal(tensor, inlineBytes)) return [bytesField(9, bytesOf(tensor))];
  const entry = (key: string, value: string) =>
    messageField(13, [textField(1, key), textField(2, value)]);
  return [
    entry('location', tensor.name),
    entry('length', String(tensor.data.byteLength)),
    integerField(14, DATA_LOCATION_EXTERNAL),
  ];
}

function initializerField(tensor: OnnxTensor, inlineBytes: number): Field {
  return messageField(5, [
    ...tensor.dims.map((size) => integerField(1, size)),
    integerField(2, DATA_TYPE[tensor.type]),
    textField(8, tensor.name),
    ...contentFields(tensor, inlineBytes),
  ]);
}

function checkSize({ dims, data }: OnnxTensor): void {
  if (data.byteLength <= LARGEST_INITIALIZER_BYTES) return;
  throw new InputError(
    'training-too-large',
    `Training in one piece needs a table of [${dims}] entries, more than the 2 GiB that onnxruntime takes`,
    { field: 'batch', allowed: 'mini-batches: set --batch, e.g. 65536' },
  );
}

function valueField(field: number, { name, type, dims }: OnnxValue): Field {
  const shape = dims.map((size) =>
    messageField(1, [typeof size === 'number' ? integerField(1, size) : textField(2, size)]),
  );
  const tensorType = [integerField(1, DATA_TYPE[type]), messageField(2, shape)];
  return messageField(field, [textField(1, name), messageField(2, [messageField(1, tensorType)])]);
}

function graphFields(graph: OnnxGraph, name: string, inlineBytes: number): Field[] {
  return [
    ...graph.nodes.map(nodeField),
    textField(2, name),
    ...graph.initializers.map((tensor) => initializerField(tensor, inlineBytes)),
    ...graph.inputs.map((value) => valueField(11, value)),
    ...graph.outputs.map((value) => valueField(12, value)),
  ];
}

export interface EncodedModel {
  /** ModelProto. */
  readonly bytes: Uint8Array;
  /** Contents of large initializers by the location that the model names. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/**
 * Serialises a graph.
 *
 * @param inlineBytes initializers larger than this stand beside the model.
 * @throws {InputError} `training-too-large` for an initializer over 2 GiB.
 */
export function encodeModel(graph: OnnxGraph, inlineBytes = LARGEST_INLINE_BYTES): EncodedModel {
  graph.initializers.forEach(checkSize);
  const externalData = graph.initializers
    .filter((tensor) => isExternal(tensor, inlineBytes))
    .map((tensor) => ({ path: tensor.name, data: bytesOf(tensor) }));
  const bytes = message([
    integerField(1, IR_VERSION),
    textField(2, 'dandan'),
    messageField(7, graphFields(graph, 'dandan', inlineBytes)),
    messageField(8, [textField(1, ''), integerField(2, OPSET)]),
  ]);
  return { bytes, externalData };
}
