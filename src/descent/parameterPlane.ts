/** Planes in the space of all parameters, θ = centre + a·u + b·v: that of a path, and random ones through a point. */
import type { FloatArray, Network } from "../engine/engine";
import { initialParameters } from "../engine/initializers";
import { layerOffsets } from "../engine/network";
import { randomStream } from "../engine/random";

export interface PlaneOfParameters {
  readonly center: Float32Array;
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/**
 * The plane on which the points of a path have the coordinates a and b: its centre is their mean, and as the coordinates along a
 * principal direction are orthogonal to those along the other and sum to 0, u = Σ aᵢ(θᵢ − θ₀) / Σ aᵢ². A direction in which the path
 * has no extent is 0.
 *
 * @param points all parameters of each point
 * @param a coordinates from the mean along the first principal direction, one per point
 */
export function planeThrough(
  points: readonly FloatArray[],
  a: Float64Array,
  b: Float64Array,
): PlaneOfParameters {
  const origin = points[0];
  const size = origin.length;
  const mean = new Float64Array(size);
  const along = new Float64Array(size);
  const across = new Float64Array(size);
  const weigh = (coordinates: Float64Array): Float64Array => {
    const square = coordinates.reduce((sum, x) => sum + x * x, 0);
    return coordinates.map((x) => (square > 0 ? x / square : 0));
  };
  const [weightsA, weightsB] = [weigh(a), weigh(b)];
  // From the start of the path, and not from 0, so that a short path keeps its digits.
  for (const [t, values] of points.entries()) {
    const [x, y] = [weightsA[t], weightsB[t]];
    for (let i = 0; i < size; i++) {
      const difference = values[i] - origin[i];
      mean[i] += difference;
      along[i] += x * difference;
      across[i] += y * difference;
    }
  }
  return {
    center: Float32Array.from(mean, (sum, i) => origin[i] + sum / points.length),
    u: Float32Array.from(along),
    v: Float32Array.from(across),
  };
}

/** The random stream is that of the initial weights, at an index that no run asks for. */
const firstIndex = 2 ** 40;

/**
 * A random plane through a point, its directions normalised filter by filter: Li et al., "Visualizing the loss landscape of neural
 * nets", 2018. Each direction's weights into a unit are as long as the unit's own, so that one unit along an axis means as much for
 * large weights as for small ones; biases do not move.
 */
export function randomPlane(network: Network, center: FloatArray, seed: number): PlaneOfParameters {
  const direction = (index: number): Float32Array => {
    const drawn = initialParameters(network, "he-normal", randomStream(seed, "weights", firstIndex + index));
    normalizeFilters(network, drawn, center);
    return Float32Array.from(drawn);
  };
  return { center: Float32Array.from(center), u: direction(0), v: direction(1) };
}

function normalizeFilters(network: Network, direction: FloatArray, like: FloatArray): void {
  layerOffsets(network).forEach(({ weight }, index) => {
    const { inputs, units } = network.layers[index];
    for (let unit = 0; unit < units; unit++) {
      const from = weight + unit * inputs;
      const length = norm(direction, from, from + inputs);
      const scale = length > 0 ? norm(like, from, from + inputs) / length : 0;
      for (let i = from; i < from + inputs; i++) direction[i] *= scale;
    }
  });
}

function norm(values: FloatArray, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}
