// How our engine grows, each in a process of its own: node scale.cjs width UNITS | rows | parameters. Prints one JSON line.
import type { EngineSettings, Optimizer } from "../../../../src/engine/engine";
import { createEngine } from "../../../../src/engine/createEngine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork, parameterCount } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";

const adam: Optimizer = {
  type: "adam",
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};
const MB = 2 ** 20;

function measure(inputs: number, hidden: number[], outputs: number, rows: number, batchSize: number) {
  const network = describeNetwork(
    inputs,
    hidden.map((units) => ({ units, activation: "relu" })),
    outputs,
  );
  const before = process.memoryUsage().rss;
  const random = randomStream(1, "split");
  const x = new Float32Array(new SharedArrayBuffer(rows * inputs * 4));
  for (let i = 0; i < x.length; i++) x[i] = random.next() - 0.5;
  const y = Float32Array.from({ length: rows }, () => random.below(outputs));
  const training = { count: rows, inputs: x, targets: y };
  const settings: EngineSettings = {
    network,
    loss: "categorical-cross-entropy",
    optimizer: adam,
    batchSize,
    seed: 1,
    training,
  };
  const engine = createEngine(settings, initialParameters(network, "auto", randomStream(1, "weights")));
  const order = Uint32Array.from({ length: 4 * batchSize }, (_, i) => (i * 7919) % rows);
  const times: number[] = [];
  for (const end = performance.now() + 1500; performance.now() < end || times.length < 5;) {
    const start = performance.now();
    engine.runSteps(order, new Float64Array(4).fill(1e-3));
    times.push((performance.now() - start) / 4);
  }
  engine.evaluate(engine.parameters, training, 0, Math.min(rows, 1000));
  const megabytes = (process.memoryUsage().rss - before) / MB;
  const { parameters, slots } = engine.snapshot();
  const data = (x.byteLength + y.byteLength) / MB;
  const state = (2 * parameterCount(network) * 4 * (2 + slots.length)) / MB;
  const activations = (2 * batchSize * [inputs, ...hidden, outputs].reduce((a, b) => a + b, 0) * 4) / MB;
  const milliseconds = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  const flops =
    2 * batchSize * network.layers.reduce((sum, l, i) => sum + l.inputs * l.units * (i > 0 ? 3 : 2), 0);
  return {
    parameters: parameters.length,
    milliseconds,
    gigaflops: flops / milliseconds / 1e6,
    megabytes,
    formula: data + state + activations,
  };
}

const [what, units] = process.argv.slice(2);
const result =
  what === "width"
    ? measure(64, [Number(units)], 10, 5000, 128)
    : what === "rows"
      ? measure(100, [64, 32], 3, 1_000_000, 128)
      : measure(784, [2800, 2700], 10, 2000, 128);
process.stdout.write(`${JSON.stringify(result)}\n`);
