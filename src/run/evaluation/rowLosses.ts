/** What the rows of an evaluation cost, one by one. */
import type { Loss } from "../../engine/engine";

/**
 * The loss of each row as DESIGN's losses have it, without class weights: the mean over outputs for mse and mae.
 *
 * @param outputs rows × width: logits, or scaled values
 * @param targets as `Samples` has them
 */
export function rowLosses(
  loss: Loss,
  outputs: ArrayLike<number>,
  width: number,
  targets: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: outputs.length / width }, (_, row) => {
    const at = row * width;
    switch (loss) {
      case "binary-cross-entropy": {
        const z = outputs[at];
        return Math.max(z, 0) - z * targets[row] + Math.log1p(Math.exp(-Math.abs(z)));
      }
      case "categorical-cross-entropy": {
        let largest = -Infinity;
        for (let k = 0; k < width; k++) largest = Math.max(largest, outputs[at + k]);
        let sum = 0;
        for (let k = 0; k < width; k++) sum += Math.exp(outputs[at + k] - largest);
        return largest + Math.log(sum) - outputs[at + targets[row]];
      }
      case "mse":
      case "mae": {
        let sum = 0;
        for (let k = 0; k < width; k++) {
          const error = outputs[at + k] - targets[at + k];
          sum += loss === "mse" ? error * error : Math.abs(error);
        }
        return sum / width;
      }
    }
  });
}

/** The places of the largest values, the largest first; values that are not numbers before all others. */
export function largest(values: Float64Array, most: number): number[] {
  const size = (value: number): number => (Number.isNaN(value) ? Infinity : value);
  const kept: number[] = [];
  values.forEach((value, i) => {
    if (kept.length === most && size(value) <= size(values[kept[most - 1]])) return;
    let at = kept.findIndex((other) => size(values[other]) < size(value));
    if (at < 0) at = kept.length;
    kept.splice(at, 0, i);
    kept.length = Math.min(kept.length, most);
  });
  return kept;
}
