/**
 * Units of relu layers that have died: whose output is 0 for every row that is seen, so that no gradient comes through and they
 * will not learn again by themselves.
 *
 * A gradient tells without another pass through the network: relu′ = 0 wherever its output is 0, so the derivative by a unit's
 * bias, a sum over rows, is exactly 0 where the unit is silent for all of them. One batch may miss a unit by chance: one counts as dead
 * after so many rows in a row.
 */
import type { FloatArray, Network } from "../../engine/engine";
import { layerOffsets } from "../../engine/network";

/** A unit that answers to fewer than one row in so many is as good as dead. */
const ROWS_TO_SEE = 1000;

export class DeadUnits {
  /** For each relu layer: where its biases lie, and how many rows each unit has been silent for. */
  private readonly layers: ({ bias: number; silent: Float64Array } | null)[];
  private readonly rowsToSee: number;
  private seen = 0;

  /** @param trainingRows of which there may be fewer than enough */
  constructor(network: Network, trainingRows: number) {
    const offsets = layerOffsets(network);
    this.layers = network.layers.map(({ activation, units }, l) =>
      activation === "relu" ? { bias: offsets[l].bias, silent: new Float64Array(units) } : null,
    );
    this.rowsToSee = Math.min(ROWS_TO_SEE, trainingRows);
  }

  /** @param gradient of the mean loss over `rows` rows */
  observe(gradient: FloatArray, rows: number): void {
    this.seen += rows;
    for (const layer of this.layers) {
      if (!layer) continue;
      const { bias, silent } = layer;
      for (let u = 0; u < silent.length; u++) silent[u] = gradient[bias + u] === 0 ? silent[u] + rows : 0;
    }
  }

  /** The fraction of each layer's units that are dead; NaN of a layer that is not relu, and as long as too few rows were seen. */
  fractions(): number[] {
    const known = this.seen >= this.rowsToSee;
    return this.layers.map((layer) =>
      layer && known
        ? layer.silent.reduce((dead, rows) => dead + (rows >= this.rowsToSee ? 1 : 0), 0) /
          layer.silent.length
        : NaN,
    );
  }
}
