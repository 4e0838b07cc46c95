/** Runs made with PyTorch, step by step: every loss, every gradient norm and every final weight. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { FloatArray, Loss, Optimizer, Samples } from "../../../src/engine/engine";
import { describeNetwork, type HiddenLayer, parameterViews } from "../../../src/engine/network";
import { randomStream } from "../../../src/engine/random";
import { createReferenceEngine } from "../../../src/engine/reference";
import { createWasmEngine } from "../../../src/engine/wasm/wasmEngine";
import { initialParameters } from "../../../src/engine/initializers";

interface TraceConfig {
  data: { target: string | string[] };
  network: { hidden: HiddenLayer[] };
  loss: Loss;
  optimizer: Partial<Optimizer> & { type: Optimizer["type"]; learningRate: number };
  batchSize: number | "full";
  epochs: number;
  gradientClipNorm?: number;
}

interface Expected {
  loss: number[];
  gradientNorm: number[];
  finalWeights: Record<string, number[]>;
}

const folder = path.join(DOWNHILL_ROOT, "test/reference");
const traces = [
  "regression-mse-sgd",
  "regression-mae-momentum",
  "regression-adamw-clip",
  "binary-bce-rmsprop",
  "multiclass-cce-adam",
  "multiclass-cce-nesterov-full",
];

const defaults = { weightDecay: 0, momentum: 0.9, decay: 0.99, epsilon: 1e-8, beta1: 0.9, beta2: 0.999 };

/** Naive: no quotes, features are all columns that are not targets. */
function readSamples(file: string, targets: string[], classify: boolean, precision: "float32" | "float64") {
  const [header, ...rows] = readFileSync(file, "utf8")
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  const isTarget = header.map((name) => targets.includes(name));
  const x = rows.flatMap((row) => row.filter((_, i) => !isTarget[i]).map(Number));
  const labels = rows.map((row) => row.filter((_, i) => isTarget[i]));
  const classes = [...new Set(labels.flat())].sort();
  const y = labels.flat().map((label) => (classify ? classes.indexOf(label) : Number(label)));
  const array = (values: number[]): FloatArray =>
    precision === "float32" ? Float32Array.from(values) : Float64Array.from(values);
  const samples: Samples = { count: rows.length, inputs: array(x), targets: array(y) };
  return { samples, classes: classes.length, features: isTarget.filter((is) => !is).length };
}

/** Naive: little-endian float32 tensors, in any order. */
function readTensors(file: string): Map<string, Float32Array> {
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Float32Array>();
  for (const [name, { dtype, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    assert.equal(dtype, "F32");
    const [from, to] = data_offsets.map((offset) => offset + 8 + headerLength);
    tensors.set(name, new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to)));
  }
  return tensors;
}

function assertClose(actual: number, expected: number, tolerance: number, what: string) {
  const error = Math.abs(actual - expected);
  assert.ok(error <= tolerance * Math.abs(expected), `${what}: ${actual} instead of ${expected}`);
}

const engines = [
  { kernel: "the reference kernels", precision: "float32", create: createReferenceEngine },
  { kernel: "the reference kernels", precision: "float64", create: createReferenceEngine },
  { kernel: "the SIMD kernels", precision: "float32", create: createWasmEngine },
] as const;

for (const { kernel, precision, create } of engines) {
  describe(`PyTorch's traces on ${kernel} in ${precision}`, () => {
    for (const trace of traces) {
      it(trace, () => {
        const at = (file: string) => path.join(folder, trace, file);
        const config = JSON.parse(readFileSync(at("run.train.json"), "utf8")) as TraceConfig;
        const expected = JSON.parse(readFileSync(at("expected.json"), "utf8")) as Expected;
        const targets = [config.data.target].flat();
        const classify = config.loss.endsWith("cross-entropy");
        const { samples, classes, features } = readSamples(at("data.csv"), targets, classify, precision);
        const outputs = config.loss === "categorical-cross-entropy" ? classes : targets.length;
        const network = describeNetwork(features, config.network.hidden, outputs);
        const initial = initialParameters(network, "zeros", randomStream(1, "weights"), precision);
        const tensors = readTensors(at("initial.safetensors"));
        for (const { name, values } of parameterViews(network, initial)) values.set(tensors.get(name) ?? []);
        const batchSize = config.batchSize === "full" ? samples.count : config.batchSize;
        const engine = create(
          {
            network,
            loss: config.loss,
            optimizer: { ...defaults, ...config.optimizer },
            batchSize,
            gradientClipNorm: config.gradientClipNorm,
            seed: 1,
            training: samples,
            precision,
          },
          initial,
        );

        const order = Uint32Array.from({ length: samples.count }, (_, i) => i);
        const stepsPerEpoch = Math.ceil(samples.count / batchSize);
        const losses: number[] = [];
        const norms: number[] = [];
        for (let epoch = 0; epoch < config.epochs; epoch++) {
          const rates = new Float64Array(stepsPerEpoch).fill(config.optimizer.learningRate);
          const report = engine.runSteps(order, rates);
          losses.push(...report.losses);
          norms.push(...report.gradientNorms);
        }

        // The weights were drawn in float64 and are stored as float32, so float64 cannot come closer than
        // that.
        const tolerance = precision === "float32" ? 1e-4 : 1e-5;
        assert.equal(losses.length, expected.loss.length);
        expected.loss.forEach((value, i) => assertClose(losses[i], value, tolerance, `loss ${i}`));
        expected.gradientNorm.forEach((value, i) => assertClose(norms[i], value, tolerance, `norm ${i}`));
        for (const { name, values } of parameterViews(network, engine.parameters)) {
          expected.finalWeights[name].forEach((value, i) =>
            assertClose(values[i], value, tolerance, `${name}[${i}]`),
          );
        }
      });
    }
  });
}
