/**
 * Inverted dropout (Srivastava et al., 2014): while training, each output of a layer is zeroed with
 * probability p, and the others are multiplied by 1 / (1 − p). Their expectation stays the same, so that
 * nothing changes when the network is evaluated without dropout.
 */
import type { Network } from "./engine";
import type { RandomStream } from "./random";

/**
 * Draws the factors of a block of rows: 0 or 1 / (1 − p) for every output of every layer that has dropout.
 *
 * The stream of a step, (seed, "dropout", step), is read row by row, in a row layer by layer, in a layer unit
 * by unit; a unit is dropped if uint32 < p · 2³². So the mask does not depend on how a batch is cut into
 * blocks.
 *
 * @param masks one array [rows × units] per layer, null for a layer without dropout
 */
export function drawMasks(
  network: Network,
  random: RandomStream,
  masks: readonly (Float64Array | null)[],
  rows: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let l = 0; l < masks.length; l++) {
      const mask = masks[l];
      if (mask === null) continue;
      const { units, dropout } = network.layers[l];
      const threshold = dropout * 4294967296;
      const kept = 1 / (1 - dropout);
      const from = row * units;
      for (let i = from; i < from + units; i++) mask[i] = random.uint32() < threshold ? 0 : kept;
    }
  }
}
