import type { Histogram } from "../../protocol/evaluation";

/** Finite values in bins of equal width from the lowest to the highest; the highest belongs to the last bin. */
export function histogramOf(values: ArrayLike<number>, bins: number): Histogram {
  let [low, high, sum, squares, count] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    count++;
  }
  const mean = count > 0 ? sum / count : NaN;
  // Values that are all alike have a bin around them.
  if (!(low < high)) [low, high] = count > 0 ? [low - 0.5, low + 0.5] : [0, 1];
  const width = (high - low) / bins;
  const counts = new Float64Array(bins);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    squares += (value - mean) ** 2;
    counts[Math.min(bins - 1, Math.floor((value - low) / width))]++;
  }
  return {
    edges: Float64Array.from({ length: bins + 1 }, (_, i) => low + i * width),
    counts,
    mean,
    deviation: count > 0 ? Math.sqrt(squares / count) : NaN,
  };
}
