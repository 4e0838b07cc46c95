/**
 * ONNX models (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): a graph of operators as one protocol-buffer
 * message. Only what Downhill writes is here; what the operators mean is in their own documentation
 * (https://onnx.ai/onnx/operators).
 */
import { MessageWriter } from "./protobuf";

/** onnx.proto, TensorProto.DataType. */
const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;

export type OnnxElement = keyof typeof elementTypes;

/** A constant of the graph. `values` are as many as the product of the shape. */
export type OnnxTensor = { name: string; shape: readonly number[] } & (
  | { type: "float"; values: Float32Array }
  | { type: "double"; values: Float64Array }
  | { type: "int64"; values: readonly number[] }
);

/** What goes into the graph or comes out of it. */
export interface OnnxValue {
  name: string;
  type: OnnxElement;
  /** A text is a size that is known only when the model runs. */
  shape: readonly (number | string)[];
  documentation?: string;
}

export type OnnxAttribute =
  | { type: "int"; value: number }
  | { type: "float"; value: number }
  | { type: "string"; value: string }
  | { type: "ints"; value: readonly number[] }
  | { type: "strings"; value: readonly string[] };

export interface OnnxNode {
  operator: string;
  /** Absent: ONNX's own. */
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxModel {
  /** Version of the operators, by their domain; "" is ONNX's own. */
  operatorSets: Readonly<Record<string, number>>;
  irVersion: number;
  producer: { name: string; version: string };
  documentation: string;
  metadata: Readonly<Record<string, string>>;
  graph: {
    name: string;
    inputs: readonly OnnxValue[];
    outputs: readonly OnnxValue[];
    constants: readonly OnnxTensor[];
    /** Each after those whose outputs it takes. */
    nodes: readonly OnnxNode[];
  };
}

/** The bytes of an .onnx file. Throws a RangeError when a constant's shape does not match its values. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const graph = encodeGraph(model.graph);
  const message = new MessageWriter(graph.length + 4096);
  message.varint(1, model.irVersion);
  message.bytes(2, utf8(model.producer.name));
  message.bytes(3, utf8(model.producer.version));
  message.bytes(6, utf8(model.documentation));
  message.bytes(7, graph);
  for (const [domain, version] of Object.entries(model.operatorSets)) {
    const set = new MessageWriter(64);
    set.bytes(1, utf8(domain));
    set.varint(2, version);
    message.bytes(8, set.finish());
  }
  for (const [key, value] of Object.entries(model.metadata)) {
    const entry = new MessageWriter(64);
    entry.bytes(1, utf8(key));
    entry.bytes(2, utf8(value));
    message.bytes(14, entry.finish());
  }
  return message.finish();
}

function encodeGraph({ name, inputs, outputs, constants, nodes }: OnnxModel["graph"]): Uint8Array {
  const parts: [field: number, bytes: Uint8Array][] = [
    ...nodes.map((node): [number, Uint8Array] => [1, encodeNode(node)]),
    [2, utf8(name)],
    ...constants.map((constant): [number, Uint8Array] => [5, encodeTensor(constant)]),
    ...inputs.map((value): [number, Uint8Array] => [11, encodeValue(value)]),
    ...outputs.map((value): [number, Uint8Array] => [12, encodeValue(value)]),
  ];
  // Weights are most of a model: room for all at once, so that they are not moved while it grows.
  const message = new MessageWriter(parts.reduce((sum, [, bytes]) => sum + bytes.length + 20, 20));
  for (const [field, bytes] of parts) message.bytes(field, bytes);
  return message.finish();
}

function encodeNode({ operator, domain, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  const message = new MessageWriter(256);
  for (const input of inputs) message.bytes(1, utf8(input));
  for (const output of outputs) message.bytes(2, utf8(output));
  // Tools show nodes by name.
  message.bytes(3, utf8(`${operator}:${outputs[0]}`));
  message.bytes(4, utf8(operator));
  for (const [name, attribute] of Object.entries(attributes)) {
    message.bytes(5, encodeAttribute(name, attribute));
  }
  if (domain !== undefined) message.bytes(7, utf8(domain));
  return message.finish();
}

/** AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7, strings: 8 } as const;

function encodeAttribute(name: string, attribute: OnnxAttribute): Uint8Array {
  const message = new MessageWriter(64);
  message.bytes(1, utf8(name));
  message.varint(20, attributeTypes[attribute.type]);
  switch (attribute.type) {
    case "float":
      message.float(2, attribute.value);
      break;
    case "int":
      message.varint(3, attribute.value);
      break;
    case "string":
      message.bytes(4, utf8(attribute.value));
      break;
    case "ints":
      for (const value of attribute.value) message.varint(8, value);
      break;
    case "strings":
      for (const value of attribute.value) message.bytes(9, utf8(value));
      break;
  }
  return message.finish();
}

function encodeTensor({ name, shape, type, values }: OnnxTensor): Uint8Array {
  if (shape.reduce((a, b) => a * b, 1) !== values.length) {
    throw new RangeError(
      `Constant ${name} of shape [${shape.join(", ")}] cannot hold ${values.length} values`,
    );
  }
  const raw = rawData(type, values);
  const message = new MessageWriter(raw.length + 128 + 3 * name.length);
  for (const size of shape) message.varint(1, size);
  message.varint(2, elementTypes[type]);
  message.bytes(8, utf8(name));
  message.bytes(9, raw);
  return message.finish();
}

/** Little-endian, whatever this machine is. */
function rawData(type: OnnxTensor["type"], values: ArrayLike<number>): Uint8Array {
  const width = type === "float" ? 4 : 8;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (type === "float") view.setFloat32(i * 4, values[i], true);
    else if (type === "double") view.setFloat64(i * 8, values[i], true);
    else view.setBigInt64(i * 8, BigInt(values[i]), true);
  }
  return bytes;
}

function encodeValue({ name, type, shape, documentation }: OnnxValue): Uint8Array {
  const dimensions = new MessageWriter(64);
  for (const size of shape) {
    const dimension = new MessageWriter(32);
    if (typeof size === "number") dimension.varint(1, size);
    else dimension.bytes(2, utf8(size));
    dimensions.bytes(1, dimension.finish());
  }
  const tensor = new MessageWriter(64);
  tensor.varint(1, elementTypes[type]);
  tensor.bytes(2, dimensions.finish());
  const any = new MessageWriter(64);
  any.bytes(1, tensor.finish());
  const message = new MessageWriter(128);
  message.bytes(1, utf8(name));
  message.bytes(2, any.finish());
  if (documentation !== undefined) message.bytes(3, utf8(documentation));
  return message.finish();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
