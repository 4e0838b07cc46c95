/**
 * Where descent starts. Weights are random, so that units of a layer do not all learn the same, and scaled so
 * that signals neither fade nor explode on their way through the layers; biases are zero.
 *
 * - He: variance 2 / inputs (He et al., "Delving deep into rectifiers", 2015). The 2 makes up for the half of
 *   the signal that a rectifier cuts off.
 * - Glorot: variance 2 / (inputs + units) (Glorot and Bengio, "Understanding the difficulty of training deep
 *   feedforward neural networks", 2010). The compromise between keeping the signals' and the gradients' size.
 * - "auto": He for layers with an activation of the relu family (relu, leaky-relu, elu, silu, gelu, softplus:
 *   those that pass one side and flatten the other), Glorot for the others (tanh, sigmoid, identity and so
 *   the output layer); both uniform.
 *
 * Uniform draws lie in ±√(3 · variance). No activation has a further gain.
 */
import { log } from "./elementary";
import type { Activation, FloatArray, Initializer, Layer, Network } from "./engine";
import { layerOffsets, parameterCount } from "./network";

/** Something that draws numbers 0 ≤ x < 1, such as the stream (seed, "weights"). */
export interface UniformSource {
  next(): number;
}

const reluFamily: readonly Activation[] = ["relu", "leaky-relu", "elu", "silu", "gelu", "softplus"];

/** The starting parameters, drawn in the order in which they lie in the flat array. */
export function initialParameters(
  network: Network,
  initializer: Initializer,
  random: UniformSource,
  precision: "float32" | "float64" = "float32",
): FloatArray {
  const count = parameterCount(network);
  const parameters = precision === "float32" ? new Float32Array(count) : new Float64Array(count);
  const normal = normalSource(random);
  layerOffsets(network).forEach(({ weight, bias }, index) => {
    const { spread, draw } = rule(initializer, network.layers[index]);
    if (spread === 0) return;
    for (let i = weight; i < bias; i++) {
      parameters[i] = spread * (draw === "normal" ? normal() : 2 * random.next() - 1);
    }
  });
  return parameters;
}

/** How a layer's weights are drawn: standard deviation of a normal, or half the width of a uniform draw. */
function rule(initializer: Initializer, layer: Layer): { spread: number; draw: "normal" | "uniform" } {
  const { inputs, units, activation } = layer;
  switch (initializer) {
    case "auto":
      return rule(reluFamily.includes(activation) ? "he-uniform" : "glorot-uniform", layer);
    case "he-normal":
      return { spread: Math.sqrt(2 / inputs), draw: "normal" };
    case "he-uniform":
      return { spread: Math.sqrt(6 / inputs), draw: "uniform" };
    case "glorot-normal":
      return { spread: Math.sqrt(2 / (inputs + units)), draw: "normal" };
    case "glorot-uniform":
      return { spread: Math.sqrt(6 / (inputs + units)), draw: "uniform" };
    case "zeros":
      return { spread: 0, draw: "uniform" };
  }
}

/**
 * Standard normal numbers by Marsaglia's polar method, which needs no sine: a point (x, y) uniform in the
 * unit circle, at the squared distance s from its centre, gives the two normal numbers x·√(−2 ln s / s) and
 * y·√(−2 ln s / s); the second one is kept for the next call.
 */
export function normalSource(random: UniformSource): () => number {
  let kept: number | null = null;
  return () => {
    if (kept !== null) {
      const second = kept;
      kept = null;
      return second;
    }
    for (;;) {
      const x = 2 * random.next() - 1;
      const y = 2 * random.next() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const stretch = Math.sqrt((-2 * log(s)) / s);
      kept = y * stretch;
      return x * stretch;
    }
  };
}
