/**
 * One JavaScript file (an ES module) without dependencies that holds the preparation, the weights and `predict(row)`. It
 * runs in Node and in browsers, evaluates no code, and has its types in comments, which TypeScript reads.
 */
import type { FeatureEncoding } from "../data/preparation";
import type { Activation } from "../engine/engine";
import type { TrainedModel } from "../run/trainedModel";
import { headline, isBinary, oneLine, provenance } from "./model";

export function toJavaScript(model: TrainedModel): string {
  const { preparation, layers, missingMarkers } = model;
  const { target } = preparation;
  const sections = [
    `// @ts-check
/**
 * ${comment(headline(model))}.
 * ${comment(provenance(model))}.
 *
 * An ES module without dependencies, for Node and for browsers: import { predict } from this file.
 */`,
    rowType(preparation.features),
    predictionType(model),
    `const features = [\n${preparation.features.map((feature) => `  ${featureText(feature)},\n`).join("")}];`,
    `/** Texts that stand for a missing value. */
const missing = new Set(${literal(missingMarkers)});`,
    target.task === "classification"
      ? `export const classes = ${literal(target.classes)};`
      : `const targets = ${literal(target.columns.map((column, index) => ({ column, mean: target.mean[index], scale: target.scale[index] })))};`,
    `/** From the inputs to the outputs; weights are units × inputs, float32 in base64. */
const layers = [
${layers
  .map(
    ({ activation, weight, bias }) =>
      `  {\n    activation: ${activation === "identity" ? "null" : functionName(activation)},\n    weight: floats(${literal(base64(weight))}),\n    bias: floats(${literal(base64(bias))}),\n  },\n`,
  )
  .join("")}];`,
    predictFunction(model),
    encodeFunctions,
    forwardFunction,
    ...activationTexts(model),
    floatsFunction,
  ];
  return `${sections.join("\n\n")}\n`;
}

function rowType(features: readonly FeatureEncoding[]): string {
  const fields = features.map((feature) => {
    const type = feature.kind === "number" ? "number | string | null" : "string | number | null";
    return ` *   ${comment(JSON.stringify(feature.column))}: ${type},\n`;
  });
  return `/**
 * A row as it stands in the data file; null, NaN or an empty text where a value is missing.
 *
 * @typedef {{
${fields.join("")} * }} Row
 */`;
}

function predictionType({ preparation }: TrainedModel): string {
  const { target } = preparation;
  const fields =
    target.task === "classification"
      ? [
          " *   label: string,\n",
          ` *   probabilities: { ${target.classes.map((name) => `${comment(JSON.stringify(name))}: number`).join(", ")} },\n`,
        ]
      : target.columns.map((column) => ` *   ${comment(JSON.stringify(column))}: number,\n`);
  return `/**
 * ${target.task === "classification" ? "The likeliest class, and the probability of each." : "Values in the target's own units."}
 *
 * @typedef {{
${fields.join("")} * }} Prediction
 */`;
}

function featureText(feature: FeatureEncoding): string {
  if (feature.kind === "number") {
    const { column, impute, mean, scale } = feature;
    return literal({ column, impute, mean, scale });
  }
  const { column, impute, labels } = feature;
  return literal({ column, impute, labels });
}

function predictFunction(model: TrainedModel): string {
  const { target } = model.preparation;
  const head = `/**
 * @param {Row} row
 * @returns {Prediction}
 * @throws {TypeError} when a column is not there, or holds text where a number is needed
 */
export function predict(row) {
  const outputs = forward(encode(row));`;
  if (target.task === "regression") {
    return `${head}
  const values = targets.map(({ column, mean, scale }, i) => [column, outputs[i] * scale + mean]);
  return /** @type {Prediction} */ (Object.fromEntries(values));
}`;
  }
  const logits = isBinary(model) ? "[0, outputs[0]]" : "outputs";
  return `${head}
  const logits = ${logits};
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((a, b) => a + b);
  const probabilities = Object.fromEntries(classes.map((name, i) => [name, powers[i] / sum]));
  return /** @type {Prediction} */ ({ label: classes[logits.indexOf(largest)], probabilities });
}`;
}

const encodeFunctions = `/**
 * The network's inputs: missing values replaced, numbers scaled, categories one-hot (one that was not in the training
 * rows is all zeros).
 *
 * @param {Row} row
 * @returns {number[]}
 */
export function encode(row) {
  /** @type {number[]} */
  const inputs = [];
  for (const feature of features) {
    const { column } = feature;
    if (!(column in row)) throw new TypeError(\`The row lacks the column "\${column}".\`);
    let value = /** @type {Record<string, unknown>} */ (row)[column] ?? "";
    if (typeof value === "string") value = value.trim();
    if (Number.isNaN(value) || missing.has(/** @type {string} */ (value))) value = feature.impute;
    if (feature.labels) {
      const label = labelOf(value);
      for (const known of feature.labels) inputs.push(known === label ? 1 : 0);
    } else {
      const number = Number(value);
      if (Number.isNaN(number)) throw new TypeError(\`"\${column}" needs a number, not "\${String(value)}".\`);
      inputs.push(Math.fround((number - feature.mean) / feature.scale));
    }
  }
  return inputs;
}

/**
 * Numbers have their shortest form as label: 1.0 and "1.0" are "1".
 *
 * @param {unknown} value
 */
function labelOf(value) {
  const text = String(value);
  return text === "" || Number.isNaN(Number(text)) || /^0[xob]/i.test(text) ? text : String(Number(text));
}`;

const forwardFunction = `/**
 * @param {number[]} inputs
 * @returns {number[]} logits, or values in the target's scale
 */
function forward(inputs) {
  let x = inputs;
  for (const { activation, weight, bias } of layers) {
    const outputs = Array.from(bias);
    for (let unit = 0; unit < outputs.length; unit++) {
      for (let i = 0; i < x.length; i++) outputs[unit] += weight[unit * x.length + i] * x[i];
    }
    x = activation ? outputs.map(activation) : outputs;
  }
  return x;
}`;

const floatsFunction = `/**
 * @param {string} base64 little-endian float32 numbers
 */
function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}`;

function functionName(activation: Activation): string {
  return activation === "leaky-relu" ? "leakyRelu" : activation;
}

const bodies: Record<Exclude<Activation, "identity">, string> = {
  relu: "return Math.max(z, 0);",
  "leaky-relu": "return z < 0 ? 0.01 * z : z;",
  elu: "return z < 0 ? Math.expm1(z) : z;",
  tanh: "return Math.tanh(z);",
  sigmoid: "return 1 / (1 + Math.exp(-z));",
  softplus: "return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));",
  silu: "return z / (1 + Math.exp(-z));",
  gelu: "return (z * (1 + erf(z * Math.SQRT1_2))) / 2;",
};

/** The activations that the network has, and what they call. */
function activationTexts({ layers }: TrainedModel): string[] {
  const used = [...new Set(layers.map(({ activation }) => activation))];
  const texts = used
    .filter((activation) => activation !== "identity")
    .map((name) => `/** @param {number} z */\nfunction ${functionName(name)}(z) {\n  ${bodies[name]}\n}`);
  if (used.includes("gelu")) {
    texts.push(`/**
 * The error function by its series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)‼, whose terms have one sign.
 *
 * @param {number} x
 */
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let sum = x;
  let term = x;
  for (let n = 3; Math.abs(term) > 1e-17; n += 2) sum += term *= (2 * x * x) / n;
  return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum;
}`);
  }
  return texts;
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

function comment(text: string): string {
  return oneLine(text).replaceAll("*/", "*\\/");
}

/** Of the little-endian bytes. Pure folders have neither Buffer nor btoa. */
function base64(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => letters[(group >> shift) & 63]).join("");
    const padding = Math.max(0, at + 3 - bytes.length);
    parts.push(digits.slice(0, 4 - padding) + "=".repeat(padding));
  }
  return parts.join("");
}
