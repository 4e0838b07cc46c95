/**
 * ONNX, opset 17 and ai.onnx.ml 3, which every runtime of the last years reads: raw columns in, predictions out.
 *
 * | | name | type and shape | meaning |
 * |---|---|---|---|
 * | in | a numeric column | float [batch, 1] | NaN where the value is missing |
 * | in | one whose values float32 cannot tell apart well | double [batch, 1] | the same |
 * | in | a column of dates | float or double [batch, 1] | days since 1970-01-01 (UTC), NaN where missing |
 * | in | a column of yes and no | float [batch, 1] | 1, 0, or NaN where missing |
 * | in | a column of lists | float or double [batch, numbers] | NaN where a number is missing |
 * | in | a column of categories | string [batch, 1] | "" or "NA" where missing; an unseen one is all zeros |
 * | out | probabilities | float [batch, classes] | in the order of the classes |
 * | out | label | string [batch] | the likeliest class |
 * | out | a target column of a regression | float [batch, 1] | in the target's own units |
 */
import type { FeatureEncoding } from "../data/preparation";
import type { Activation } from "../engine/engine";
import { encodeOnnx, type OnnxAttribute, type OnnxTensor, type OnnxValue } from "../formats/onnx";
import type { TrainedModel } from "../run/trainedModel";
import { GraphBuilder } from "./graphBuilder";
import { headline, isBinary, metadataOf, provenance } from "./model";

/** The name of the size that only the caller knows. */
const batch = "batch";

export function toOnnx(model: TrainedModel): Uint8Array {
  const graph = new GraphBuilder();
  const inputs = inputsOf(model, graph);
  // Outputs get their names before anything within, so that they keep them.
  const outputs = outputsOf(model, graph);
  const encoded = encodeFeatures(model, graph, inputs);
  const last = forward(model, graph, encoded);
  if (model.preparation.target.task === "regression") unscale(model, graph, last, outputs);
  else classify(model, graph, last, outputs);
  return encodeOnnx({
    irVersion: 8,
    operatorSets: { "": 17, "ai.onnx.ml": 3 },
    producer: { name: "Downhill", version: model.origin.version },
    documentation: `${headline(model)}. ${provenance(model)}.`,
    metadata: metadataOf(model),
    graph: {
      name: model.name || "network",
      inputs: inputs.map(({ value }) => value),
      outputs,
      constants: graph.constants,
      nodes: graph.nodes,
    },
  });
}

type CategoryFeature = FeatureEncoding & { kind: "category" };

type FeatureInput =
  { value: OnnxValue; category: CategoryFeature } | { value: OnnxValue; category: null; scaling: Scaling };

/** Of each number of a column. */
interface Scaling {
  impute: readonly number[];
  mean: readonly number[];
  scale: readonly number[];
}

/**
 * Values further from zero than so many times their spread are taken as float64: float32's 24 bits would be spent on
 * what they have in common.
 */
const mostDistance = 100;

function inputsOf({ preparation }: TrainedModel, graph: GraphBuilder): FeatureInput[] {
  return preparation.features.filter(isRead).map((feature) => {
    const name = graph.name(feature.column);
    if (feature.kind !== "category") {
      const scaling = scalingOf(feature);
      const distant = scaling.mean.some((mean, i) => Math.abs(mean) > mostDistance * scaling.scale[i]);
      const type = distant ? "double" : "float";
      const value = {
        name,
        type,
        shape: [batch, scaling.mean.length],
        documentation: meaningOf(feature),
      } as const;
      return { value, category: null, scaling };
    }
    const value = { name, type: "string", shape: [batch, 1], documentation: meaningOf(feature) } as const;
    return { value, category: feature };
  });
}

/** A column without a single value in the training rows makes no inputs. */
function isRead(feature: FeatureEncoding): boolean {
  return feature.kind !== "category" || feature.labels.length > 0;
}

function scalingOf(feature: Exclude<FeatureEncoding, CategoryFeature>): Scaling {
  switch (feature.kind) {
    case "number":
    case "date":
      return { impute: [feature.impute], mean: [feature.mean], scale: [feature.scale] };
    case "boolean":
      return { impute: [feature.impute], mean: [0], scale: [1] };
    case "vector":
      return feature;
  }
}

function meaningOf(feature: FeatureEncoding): string {
  const missing = (replacement: string): string => `where it is missing, which is read as ${replacement}.`;
  switch (feature.kind) {
    case "number":
      return `A number; NaN ${missing(String(feature.impute))}`;
    case "date":
      return `Days since 1970-01-01 (UTC), with a fraction for the time; NaN ${missing(String(feature.impute))}`;
    case "boolean":
      return `1 for true (or yes), 0 for false (or no); NaN ${missing(String(feature.impute))}`;
    case "vector":
      return `${feature.mean.length} numbers; NaN ${missing("its mean over the training rows")}`;
    case "category": {
      const labels = feature.labels.slice(0, 20).map((label) => JSON.stringify(label));
      const more = feature.labels.length > labels.length ? " …" : "";
      return `A category, one of ${labels.join(", ")}${more}; empty ${missing(JSON.stringify(feature.impute))}`;
    }
  }
}

function outputsOf({ preparation }: TrainedModel, graph: GraphBuilder): OnnxValue[] {
  const { target } = preparation;
  if (target.task === "regression") {
    return target.columns.map((column) => {
      const documentation = "Predicted, in the column's own units.";
      return { name: graph.name(column), type: "float", shape: [batch, 1], documentation };
    });
  }
  const classes = target.classes.map((name) => JSON.stringify(name)).join(", ");
  return [
    {
      name: graph.name("probabilities"),
      type: "float",
      shape: [batch, target.classes.length],
      documentation: `Of the classes ${classes}.`,
    },
    { name: graph.name("label"), type: "string", shape: [batch], documentation: "The likeliest class." },
  ];
}

/** Imputes, scales and one-hot encodes the columns. @returns the name of float [batch, inputSize] */
function encodeFeatures(model: TrainedModel, graph: GraphBuilder, inputs: FeatureInput[]): string {
  const parts: string[] = [];
  // Columns of numbers side by side are scaled together.
  let together: (FeatureInput & { category: null })[] = [];
  const scaleThem = (): void => {
    if (together.length > 0) parts.push(scaled(together, graph));
    together = [];
  };
  for (const input of inputs) {
    if (input.category !== null) {
      scaleThem();
      parts.push(oneHot(input.category, input.value.name, model.missingMarkers, graph));
    } else {
      if (together.length > 0 && together[0].value.type !== input.value.type) scaleThem();
      together.push(input);
    }
  }
  scaleThem();
  return graph.concatenated("inputs", parts);
}

/** (value − mean) / scale in float64, as Downhill does it: the mean may be far larger than the differences from it. */
function scaled(columns: readonly (FeatureInput & { category: null })[], graph: GraphBuilder): string {
  const row = (key: keyof Scaling): string => {
    const values = Float64Array.from(columns.flatMap(({ scaling }) => scaling[key]));
    return graph.constant({ name: key, type: "double", shape: [1, values.length], values });
  };
  const names = columns.map(({ value }) => value.name);
  const raw = graph.concatenated("numbers", names);
  const missing = graph.node("IsNaN", [raw]);
  const wide = columns[0].value.type === "double" ? raw : graph.cast(raw, "double");
  const imputed = graph.node("Where", [missing, row("impute"), wide]);
  const centred = graph.node("Sub", [imputed, row("mean")]);
  return graph.cast(graph.node("Div", [centred, row("scale")]), "float");
}

/** @returns the name of float [batch, labels] */
function oneHot(
  { labels, impute }: CategoryFeature,
  column: string,
  missingMarkers: readonly string[],
  graph: GraphBuilder,
): string {
  const positions = new Map(labels.map((label, index) => [label, index]));
  const imputed = positions.get(impute) ?? labels.length;
  for (const marker of missingMarkers) if (!positions.has(marker)) positions.set(marker, imputed);
  const position = graph.node("LabelEncoder", [column], {
    domain: "ai.onnx.ml",
    attributes: {
      keys_strings: { type: "strings", value: [...positions.keys()] },
      values_int64s: { type: "ints", value: [...positions.values()] },
      // Beyond the last label: equal to none.
      default_int64: { type: "int", value: labels.length },
    },
  });
  const all = graph.constant({
    name: "positions",
    type: "int64",
    shape: [1, labels.length],
    values: labels.map((_, index) => index),
  });
  return graph.cast(graph.node("Equal", [position, all]), "float");
}

/** The layers. @returns the name of the last one's outputs, float [batch, outputs] */
function forward({ layers }: TrainedModel, graph: GraphBuilder, inputs: string): string {
  return layers.reduce((x, { inputs: width, units, activation, weight, bias }, index) => {
    const w: OnnxTensor = {
      name: `layers.${index}.weight`,
      type: "float",
      shape: [units, width],
      values: weight,
    };
    const b: OnnxTensor = { name: `layers.${index}.bias`, type: "float", shape: [units], values: bias };
    const attributes: Record<string, OnnxAttribute> = { transB: { type: "int", value: 1 } };
    const z = graph.node("Gemm", [x, graph.constant(w), graph.constant(b)], { attributes });
    return activate(activation, z, graph);
  }, inputs);
}

function activate(activation: Activation, z: string, graph: GraphBuilder): string {
  switch (activation) {
    case "identity":
      return z;
    case "relu":
      return graph.node("Relu", [z]);
    case "leaky-relu":
      return graph.node("LeakyRelu", [z], { attributes: { alpha: { type: "float", value: 0.01 } } });
    case "elu":
      return graph.node("Elu", [z], { attributes: { alpha: { type: "float", value: 1 } } });
    case "tanh":
      return graph.node("Tanh", [z]);
    case "sigmoid":
      return graph.node("Sigmoid", [z]);
    case "softplus":
      return graph.node("Softplus", [z]);
    case "silu":
      return graph.node("Mul", [z, graph.node("Sigmoid", [z])]);
    case "gelu": {
      // z · (1 + erf(z / √2)) / 2; the operator Gelu came with opset 20.
      const erf = graph.node("Erf", [graph.node("Mul", [z, graph.number(Math.SQRT1_2)])]);
      const twice = graph.node("Mul", [z, graph.node("Add", [erf, graph.number(1)])]);
      return graph.node("Mul", [twice, graph.number(0.5)]);
    }
  }
}

function classify(
  model: TrainedModel,
  graph: GraphBuilder,
  logits: string,
  [probabilities, label]: OnnxValue[],
): void {
  const { target } = model.preparation;
  if (target.task !== "classification") return;
  let index: string;
  if (isBinary(model)) {
    const first = graph.node("Sigmoid", [graph.node("Neg", [logits])]);
    const second = graph.node("Sigmoid", [logits]);
    graph.node("Concat", [first, second], {
      attributes: { axis: { type: "int", value: 1 } },
      output: probabilities.name,
    });
    const above = graph.cast(graph.node("Greater", [logits, graph.number(0)]), "int64");
    const axis = graph.constant({ name: "axis", type: "int64", shape: [1], values: [1] });
    index = graph.node("Squeeze", [above, axis]);
  } else {
    graph.node("Softmax", [logits], {
      attributes: { axis: { type: "int", value: 1 } },
      output: probabilities.name,
    });
    index = graph.node("ArgMax", [logits], {
      attributes: { axis: { type: "int", value: 1 }, keepdims: { type: "int", value: 0 } },
    });
  }
  graph.node("LabelEncoder", [index], {
    domain: "ai.onnx.ml",
    attributes: {
      keys_int64s: { type: "ints", value: target.classes.map((_, position) => position) },
      values_strings: { type: "strings", value: target.classes },
      default_string: { type: "string", value: "" },
    },
    output: label.name,
  });
}

/** value · scale + mean, each column of the target for itself. */
function unscale(
  { preparation }: TrainedModel,
  graph: GraphBuilder,
  last: string,
  outputs: OnnxValue[],
): void {
  const { target } = preparation;
  if (target.task !== "regression") return;
  const row = (name: string, values: readonly number[]): string =>
    graph.constant({ name, type: "double", shape: [1, values.length], values: Float64Array.from(values) });
  const stretched = graph.node("Mul", [graph.cast(last, "double"), row("target.scale", target.scale)]);
  const moved = graph.node("Add", [stretched, row("target.mean", target.mean)]);
  if (outputs.length === 1) {
    graph.cast(moved, "float", outputs[0].name);
    return;
  }
  const sizes = graph.constant({
    name: "sizes",
    type: "int64",
    shape: [outputs.length],
    values: outputs.map(() => 1),
  });
  graph.split(
    graph.cast(moved, "float"),
    sizes,
    outputs.map(({ name }) => name),
  );
}
