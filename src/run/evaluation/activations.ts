import type { Samples } from "../../data/samples";
import { activate } from "../../engine/activations";
import type { FloatArray, Network } from "../../engine/engine";
import { layerOffsets } from "../../engine/network";

/** Of each layer, the mean over rows of what each unit puts out, in float64. */
export async function meanActivations(
  network: Network,
  parameters: FloatArray,
  samples: Samples,
  breathe: () => Promise<void>,
): Promise<Float64Array[]> {
  const offsets = layerOffsets(network);
  const sums = network.layers.map(({ units }) => new Float64Array(units));
  const width = network.layers[0].inputs;
  for (let row = 0; row < samples.count; row++) {
    let values: ArrayLike<number> = samples.inputs.subarray(row * width, (row + 1) * width);
    network.layers.forEach(({ inputs, units, activation }, at) => {
      const { weight, bias } = offsets[at];
      const z = new Float64Array(units);
      for (let unit = 0; unit < units; unit++) {
        let sum = parameters[bias + unit];
        const from = weight + unit * inputs;
        for (let i = 0; i < inputs; i++) sum += parameters[from + i] * values[i];
        z[unit] = sum;
      }
      const out = new Float64Array(units);
      activate(activation, z, out, units);
      for (let unit = 0; unit < units; unit++) sums[at][unit] += out[unit] / samples.count;
      values = out;
    });
    // A large network takes some milliseconds a row.
    if (row % 8 === 7) await breathe();
  }
  return sums;
}
