/**
 * One JavaScript file (an ES module) without dependencies that holds the preparation, the weights and `predict(row)`. It
 * runs in Node and in browsers, evaluates no code, and has its types in comments, which TypeScript reads.
 */
import type { FeatureEncoding } from "../data/preparation";
import type { Activation } from "../engine/engine";
import type { TrainedModel } from "../run/trainedModel";
import { javascriptDayOf, javascriptNumberOf } from "./rowReaders";
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
    `/** @type {any[]} */
const features = [\n${preparation.features.map((feature) => `  ${literal(feature)},\n`).join("")}];`,
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
    encodeFunctions(preparation.features),
    forwardFunction,
    ...activationTexts(model),
    floatsFunction,
  ];
  return `${sections.join("\n\n")}\n`;
}

/** What a row may hold, as TypeScript writes it. */
const types: Record<FeatureEncoding["kind"], string> = {
  number: "number | string | null",
  category: "string | number | boolean | null",
  boolean: "boolean | number | string | null",
  date: "Date | number | string | null",
  vector: "(number | null)[] | null",
};

function rowType(features: readonly FeatureEncoding[]): string {
  const fields = features.map(
    ({ kind, column }) => ` *   ${comment(JSON.stringify(column))}: ${types[kind]},\n`,
  );
  const dates = features.some(({ kind }) => kind === "date")
    ? " Dates are a Date, days since 1970, or a text."
    : "";
  return `/**
 * A row as it stands in a data file, numbers and dates also as texts; null, NaN or an empty text where a value is missing.${dates}
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

/** For each kind of column: from `feature` and a `value` that is not missing to the raw inputs. */
const readers: Record<FeatureEncoding["kind"], string> = {
  number: "return [numberOf(value, feature.column, feature.written)];",
  category: `const label = labelOf(value);
      return feature.labels.map((/** @type {string} */ known) => (known === label ? 1 : 0));`,
  boolean: "return [truthOf(value, feature.impute)];",
  date: "return [dayOf(value, feature.column, feature.written)];",
  vector: `if (!Array.isArray(value) || value.length !== feature.mean.length)
        throw new TypeError(\`"\${feature.column}" needs a list of \${feature.mean.length} numbers.\`);
      return value.map((item, i) => (isMissing(item) ? feature.impute[i] : numberOf(item, feature.column)));`,
};

const helpers = {
  numberOf: javascriptNumberOf,
  labelOf: `/**
 * Numbers have their shortest form as label: 1.0 and "1.0" are "1".
 *
 * @param {unknown} value
 */
function labelOf(value) {
  const text = String(value);
  return Number.isNaN(Number(text)) || /^0[xob]/i.test(text) ? text : String(Number(text));
}`,
  truthOf: `/**
 * Another word than the training rows had stands for what they mostly had.
 *
 * @param {unknown} value
 * @param {number} impute
 */
function truthOf(value, impute) {
  const word = String(value).toLowerCase();
  if (["true", "yes", "1"].includes(word)) return 1;
  return ["false", "no", "0"].includes(word) ? 0 : impute;
}`,
  dayOf: javascriptDayOf,
};

/** Only what the columns need. */
function encodeFunctions(features: readonly FeatureEncoding[]): string {
  const kinds = [...new Set(features.map(({ kind }) => kind))];
  const branches = kinds.map((kind) => `    case "${kind}": {\n      ${readers[kind]}\n    }\n`);
  const used = Object.entries(helpers).filter(([name]) => kinds.some((kind) => readers[kind].includes(name)));
  return `/**
 * The network's inputs: missing values replaced, numbers scaled, categories one-hot (one that was not in the training
 * rows is all zeros).
 *
 * @param {Row} row
 * @returns {number[]}
 */
export function encode(row) {
  return features.flatMap((feature) => {
    const { column, impute, mean, scale } = feature;
    if (!(column in row)) throw new TypeError(\`The row lacks the column "\${column}".\`);
    const value = /** @type {Record<string, unknown>} */ (row)[column];
    const trimmed = typeof value === "string" ? value.trim() : value;
    const raw = rawInputs(feature, isMissing(trimmed) ? impute : trimmed);
    if (mean === undefined) return raw;
    const [means, scales] = [[mean].flat(), [scale].flat()];
    return raw.map((number, i) => Math.fround((number - means[i]) / scales[i]));
  });
}

/**
 * @param {any} feature
 * @param {unknown} value
 * @returns {number[]}
 */
function rawInputs(feature, value) {
  switch (feature.kind) {
${branches.join("")}    default:
      return [];
  }
}

/**
 * @param {unknown} value
 */
function isMissing(value) {
  return value === null || value === undefined || Number.isNaN(value) || missing.has(String(value));
}

${used.map(([, text]) => text).join("\n\n")}`;
}

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
