import type { OnnxAttribute, OnnxElement, OnnxNode, OnnxTensor } from "../formats/onnx";

const elementTypes: Record<Exclude<OnnxElement, "string">, number> = { float: 1, int64: 7, double: 11 };

interface NodeOptions {
  domain?: string;
  attributes?: Record<string, OnnxAttribute>;
  /** A name that was given before; else the node's output gets one. */
  output?: string;
}

/** Collects the nodes and constants of an ONNX graph, in which every value needs a name of its own. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[] = [];
  private readonly taken = new Set<string>();

  /** A name that nothing else has: the wanted one if it is free. */
  name(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name) || name === ""; count++) name = `${wanted}_${count}`;
    this.taken.add(name);
    return name;
  }

  /** Adds a node with one output. @returns the output's name */
  node(
    operator: string,
    inputs: readonly string[],
    { domain, attributes, output }: NodeOptions = {},
  ): string {
    const name = output ?? this.name(operator.toLowerCase());
    this.nodes.push({
      operator,
      inputs,
      outputs: [name],
      ...(domain === undefined ? {} : { domain }),
      ...(attributes === undefined ? {} : { attributes }),
    });
    return name;
  }

  split(value: string, sizes: string, outputs: readonly string[]): void {
    const attributes: OnnxNode["attributes"] = { axis: { type: "int", value: 1 } };
    this.nodes.push({ operator: "Split", inputs: [value, sizes], outputs, attributes });
  }

  cast(value: string, to: keyof typeof elementTypes, output?: string): string {
    const attributes: NodeOptions["attributes"] = { to: { type: "int", value: elementTypes[to] } };
    return this.node("Cast", [value], { attributes, ...(output === undefined ? {} : { output }) });
  }

  /** Columns side by side; a single one is left as it is. */
  concatenated(wanted: string, values: readonly string[]): string {
    if (values.length === 1) return values[0];
    const attributes: NodeOptions["attributes"] = { axis: { type: "int", value: 1 } };
    return this.node("Concat", values, { attributes, output: this.name(wanted) });
  }

  constant(tensor: OnnxTensor): string {
    const name = this.name(tensor.name);
    this.constants.push({ ...tensor, name });
    return name;
  }

  number(value: number): string {
    return this.constant({ name: "number", type: "float", shape: [], values: Float32Array.of(value) });
  }
}
