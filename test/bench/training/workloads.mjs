// What is trained: small networks as they are trained on tables, up to one on images. Steps are whole: forward, backward, update.

/**
 * @typedef {{
 *   name: string, inputs: number, hidden: number[], outputs: number,
 *   activation: "relu" | "tanh", loss: "mse" | "binary-cross-entropy" | "categorical-cross-entropy",
 *   batch: number, batches: number, optimizer: "sgd" | "adam", learningRate: number, file: string,
 * }} Workload
 */

/** @type {Pick<Workload, "name" | "inputs" | "hidden" | "outputs" | "activation" | "loss" | "batch">[]} */
const shapes = [
  shape("W1", 2, [4], 1, "tanh", "binary-cross-entropy", 10),
  shape("W2", 4, [16], 3, "relu", "categorical-cross-entropy", 16),
  shape("W3", 30, [64, 32], 2, "relu", "categorical-cross-entropy", 32),
  shape("W4", 64, [128, 64], 10, "relu", "categorical-cross-entropy", 32),
  shape("W5", 784, [128], 10, "relu", "categorical-cross-entropy", 32),
  shape("W5b", 784, [128], 10, "relu", "categorical-cross-entropy", 128),
  shape("W6", 784, [512, 512], 10, "relu", "categorical-cross-entropy", 128),
  shape("W7", 20, [64, 64], 1, "relu", "mse", 256),
];

function shape(name, inputs, hidden, outputs, activation, loss, batch) {
  return { name, inputs, hidden, outputs, activation, loss, batch };
}

/** @returns {Omit<Workload, "file">[]} */
export function workloads() {
  return ["sgd", "adam"].flatMap((optimizer) =>
    shapes.map((shape) => ({
      ...shape,
      batches: batchesOf(shape),
      optimizer,
      learningRate: 1e-3,
    })),
  );
}

/** An epoch is long enough to hide what a call costs, and short enough for the slowest. */
function batchesOf({ inputs, batch }) {
  if (inputs < 10) return 100;
  return inputs * batch > 50_000 ? 4 : 20;
}

/** A small generator of our own, so that every run has the same data. */
function* uniform(seed) {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 4294967296;
  }
}

/**
 * Inputs, targets and starting weights as every peer reads them: float32, one after the other; weights [units × inputs]
 * row-major, then biases, layer by layer. A target is a value, 0 or 1, or the index of a class.
 */
export function dataOf({ inputs, hidden, outputs, loss, batch, batches }) {
  const random = uniform(7);
  const next = () => random.next().value;
  const rows = batch * batches;
  const numbers = [];
  for (let i = 0; i < rows * inputs; i++) numbers.push(2 * next() - 1);
  for (let i = 0; i < rows; i++) {
    if (loss === "mse") numbers.push(2 * next() - 1);
    else numbers.push(Math.floor(next() * (loss === "binary-cross-entropy" ? 2 : outputs)));
  }
  let width = inputs;
  for (const units of [...hidden, outputs]) {
    const limit = Math.sqrt(6 / (width + units));
    for (let i = 0; i < units * width; i++) numbers.push(limit * (2 * next() - 1));
    for (let i = 0; i < units; i++) numbers.push(0);
    width = units;
  }
  return Float32Array.from(numbers);
}

/** Splits a file's numbers into its parts. */
export function readData({ inputs, hidden, outputs, batch, batches }, bytes) {
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const rows = batch * batches;
  const x = all.slice(0, rows * inputs);
  const y = all.slice(x.length, x.length + rows);
  const parameters = all.slice(x.length + rows);
  const layers = [];
  let at = 0;
  let width = inputs;
  for (const units of [...hidden, outputs]) {
    const weight = parameters.slice(at, at + units * width);
    const bias = parameters.slice(at + weight.length, at + weight.length + units);
    at += weight.length + units;
    layers.push({ inputs: width, units, weight, bias });
    width = units;
  }
  return { rows, x, y, parameters, layers };
}
