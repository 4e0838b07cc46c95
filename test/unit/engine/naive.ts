/**
 * The slow, obvious twin of the engine: nested arrays, one row at a time, the host's Math, no care for
 * overflow.
 */
import type { Activation, FloatArray, Loss, Network, Samples } from "../../../src/engine/engine";
import { describeNetwork } from "../../../src/engine/network";
import { randomStream, type RandomStream } from "../../../src/engine/random";

export const activations: Activation[] = [
  "identity",
  "relu",
  "leaky-relu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "gelu",
];

export const losses: Loss[] = ["mse", "mae", "binary-cross-entropy", "categorical-cross-entropy"];

/** erf by its Taylor series; fine up to |x| = 3. */
export function slowErf(x: number): number {
  let sum = 0;
  let term = x;
  for (let n = 0; n < 200; n++) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export const naiveActivation: Record<Activation, (z: number) => number> = {
  identity: (z) => z,
  relu: (z) => Math.max(z, 0),
  "leaky-relu": (z) => (z < 0 ? 0.01 * z : z),
  elu: (z) => (z < 0 ? Math.expm1(z) : z),
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  softplus: (z) => Math.log(1 + Math.exp(z)),
  silu: (z) => z / (1 + Math.exp(-z)),
  gelu: (z) => (z * (1 + slowErf(z / Math.SQRT2))) / 2,
};

/** Everything that a kink could sit in: preactivations of every layer, and the outputs. */
export function naiveForward(network: Network, parameters: ArrayLike<number>, row: number[]) {
  const preactivations: number[] = [];
  let x = row;
  let at = 0;
  for (const { inputs, units, activation } of network.layers) {
    const bias = at + inputs * units;
    const start = at;
    const z = Array.from({ length: units }, (_, unit) =>
      x.reduce(
        (sum, value, k) => sum + value * parameters[start + unit * inputs + k],
        parameters[bias + unit],
      ),
    );
    preactivations.push(...z);
    x = z.map(naiveActivation[activation]);
    at = bias + units;
  }
  return { outputs: x, preactivations };
}

export function naiveLoss(loss: Loss, z: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  switch (loss) {
    case "mse":
      return mean(z.map((value, k) => (value - y[k]) ** 2));
    case "mae":
      return mean(z.map((value, k) => Math.abs(value - y[k])));
    case "binary-cross-entropy":
      return mean(
        z.map(
          (v, k) => -y[k] * Math.log(1 / (1 + Math.exp(-v))) - (1 - y[k]) * Math.log(1 / (1 + Math.exp(v))),
        ),
      );
    case "categorical-cross-entropy":
      return -Math.log(Math.exp(z[y[0]]) / z.reduce((sum, value) => sum + Math.exp(value), 0));
  }
}

export const rowOf = (values: FloatArray, row: number, width: number): number[] =>
  Array.from(values.subarray(row * width, (row + 1) * width));

/** Mean loss over rows, as PyTorch weighs the classes. */
export function naiveMeanLoss(
  network: Network,
  loss: Loss,
  parameters: ArrayLike<number>,
  samples: Samples,
  rows: ArrayLike<number>,
  classWeights?: readonly number[],
): number {
  const inputs = network.layers[0].inputs;
  const width = samples.targets.length / samples.count;
  let sum = 0;
  let weights = 0;
  for (const row of Array.from(rows)) {
    const { outputs } = naiveForward(network, parameters, rowOf(samples.inputs, row, inputs));
    const weight = classWeights?.[samples.targets[row]] ?? 1;
    sum += weight * naiveLoss(loss, outputs, rowOf(samples.targets, row, width));
    weights += weight;
  }
  return sum / (loss === "categorical-cross-entropy" ? weights : rows.length);
}

export const outputsOf = (loss: Loss): number =>
  ({ mse: 2, mae: 3, "binary-cross-entropy": 1, "categorical-cross-entropy": 4 })[loss];

export function randomSamples(
  random: RandomStream,
  count: number,
  inputs: number,
  loss: Loss,
  outputs: number,
): Samples {
  const classification = loss.endsWith("cross-entropy");
  const width = loss === "categorical-cross-entropy" ? 1 : outputs;
  return {
    count,
    inputs: Float64Array.from({ length: count * inputs }, () => 2 * random.next() - 1),
    targets: Float64Array.from({ length: count * width }, () =>
      classification ? random.below(Math.max(2, outputs)) : 2 * random.next() - 1,
    ),
  };
}

/**
 * A small problem whose kinks (of relu, elu, mae …) all lie at a safe distance, so that differences may be
 * compared with derivatives.
 */
export function smoothProblem(hidden: number[], activation: Activation, loss: Loss, count = 7) {
  const inputs = 3;
  const outputs = outputsOf(loss);
  const network = describeNetwork(
    inputs,
    hidden.map((units) => ({ units, activation })),
    outputs,
  );
  const size = network.layers.reduce((sum, layer) => sum + layer.units * (layer.inputs + 1), 0);
  for (let seed = 1; ; seed++) {
    const random = randomStream(seed, "weights");
    const training = randomSamples(random, count, inputs, loss, outputs);
    const parameters = Float64Array.from({ length: size }, () => 2 * random.next() - 1);
    const isSmooth = Array.from({ length: count }, (_, row) => {
      const { preactivations, outputs: z } = naiveForward(
        network,
        parameters,
        rowOf(training.inputs, row, inputs),
      );
      const errors = loss === "mae" ? z.map((value, k) => value - training.targets[row * outputs + k]) : [];
      return [...preactivations, ...errors].every((value) => Math.abs(value) > 1e-3);
    }).every(Boolean);
    if (isSmooth) return { network, training, parameters, random };
  }
}

export const rowsUpTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return norm(Array.from(a).map((value, i) => value - b[i])) / norm(b);
}
