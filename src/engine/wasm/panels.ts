/**
 * Between the flat array of parameters, as the engine's users know it, and the panels that the kernels read: each layer's weight
 * [units × inputs] and bias [units] become ⌈units / 8⌉ panels of inputs + 1 rows of 8 units, the bias last.
 */
import type { FloatArray, Layer, Network } from "../engine";

/** Columns of a panel. */
export const PANEL = 8;

export function panelCount(columns: number): number {
  return Math.ceil(columns / PANEL);
}

/** Numbers of a layer's parameters in panels. */
export function packedLength({ inputs, units }: Layer): number {
  return panelCount(units) * (inputs + 1) * PANEL;
}

/** Numbers of a layer's transposed weight in panels: ⌈inputs / 8⌉ panels of ⌈units / 8⌉ · 8 rows. */
export function transposedLength({ inputs, units }: Layer): number {
  return panelCount(inputs) * panelCount(units) * PANEL * PANEL;
}

/** @param packed the panels of all layers, one after the other; the padding and the layers before the first are left as they are */
export function pack(network: Network, flat: FloatArray, packed: Float32Array, firstLayer = 0): void {
  let from = 0;
  let to = 0;
  for (const [index, layer] of network.layers.entries()) {
    const { inputs, units } = layer;
    const bias = from + units * inputs;
    for (let unit = 0; unit < units && index >= firstLayer; unit++) {
      let at = to + (unit >> 3) * (inputs + 1) * PANEL + (unit & 7);
      for (let k = 0; k < inputs; k++, at += PANEL) packed[at] = flat[from++];
      packed[at] = flat[bias + unit];
    }
    from = bias + units;
    to += packedLength(layer);
  }
}

export function unpack(network: Network, packed: Float32Array, flat: FloatArray): void {
  let from = 0;
  let to = 0;
  for (const layer of network.layers) {
    const { inputs, units } = layer;
    const bias = to + units * inputs;
    for (let unit = 0; unit < units; unit++) {
      let at = from + (unit >> 3) * (inputs + 1) * PANEL + (unit & 7);
      for (let k = 0; k < inputs; k++, at += PANEL) flat[to++] = packed[at];
      flat[bias + unit] = packed[at];
    }
    to = bias + units;
    from += packedLength(layer);
  }
}
