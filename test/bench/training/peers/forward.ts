// How fast our engine looks, in a process of its own: node forward.cjs. Prints one JSON line.
import type { EngineSettings, Loss, ParameterPlane } from "../../../../src/engine/engine";
import { createEngine } from "../../../../src/engine/createEngine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";

function engineOf(inputs: number, hidden: number[], outputs: number, rows: number, batchSize: number) {
  const loss: Loss = "categorical-cross-entropy";
  const network = describeNetwork(
    inputs,
    hidden.map((units) => ({ units, activation: "relu" })),
    outputs,
  );
  const random = randomStream(1, "split");
  const training = {
    count: rows,
    inputs: Float32Array.from({ length: rows * inputs }, () => random.next() - 0.5),
    targets: Float32Array.from({ length: rows }, () => random.below(outputs)),
  };
  const optimizer = { type: "sgd" as const, learningRate: 1e-3, weightDecay: 0 };
  const settings: EngineSettings = { network, loss, optimizer, batchSize, seed: 1, training };
  const engine = createEngine(settings, initialParameters(network, "auto", randomStream(1, "weights")));
  return { engine, training };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** How many times faster a row is evaluated than trained on, measured in turn. */
function evaluation(inputs: number, hidden: number[], outputs: number, rows: number, batchSize: number) {
  const { engine, training } = engineOf(inputs, hidden, outputs, rows, batchSize);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const rates = new Float64Array(Math.ceil(rows / batchSize)).fill(1e-3);
  const ratios: number[] = [];
  for (let round = 0; round < 12; round++) {
    const start = performance.now();
    engine.runSteps(order, rates);
    const between = performance.now();
    engine.evaluate(engine.parameters, training);
    if (round > 1) ratios.push((between - start) / (performance.now() - between));
  }
  return median(ratios);
}

/** Milliseconds of a surface of 64 × 64 points: the losses of `rows` rows on a plane of parameters. */
function surface(inputs: number, hidden: number[], outputs: number, rows: number) {
  const { engine, training } = engineOf(inputs, hidden, outputs, rows, 128);
  const random = randomStream(2, "weights");
  const center = engine.parameters.slice();
  const [u, v] = [0, 1].map(() => center.map(() => 0.1 * (random.next() - 0.5)));
  const start = performance.now();
  const first = [center, u, v].map((parameters) => engine.firstPreActivations(parameters, training));
  const preActivations: ParameterPlane["preActivations"] = [first[0], first[1], first[2]];
  const a = Float64Array.from({ length: 64 * 64 }, (_, point) => Math.floor(point / 64) / 32 - 1);
  const b = a.map((_, point) => (point % 64) / 32 - 1);
  const losses = engine.lossesOnPlane({ center, u, v, preActivations }, a, b, training);
  const sum = losses.reduce((all, loss) => all + loss);
  if (!Number.isFinite(sum)) throw new Error("the surface is not finite");
  return performance.now() - start;
}

surface(4, [16], 3, 150);
process.stdout.write(
  `${JSON.stringify({
    evaluation: {
      "4-16-3": evaluation(4, [16], 3, 4000, 16),
      "64-128-64-10": evaluation(64, [128, 64], 10, 4000, 32),
      "784-128-10": evaluation(784, [128], 10, 4000, 128),
    },
    surface: {
      "iris, 4-16-3, 150 rows": surface(4, [16], 3, 150),
      "784-128-10, 1,000 rows": surface(784, [128], 10, 1000),
    },
  })}\n`,
);
