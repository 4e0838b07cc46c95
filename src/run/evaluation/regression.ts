import type { RegressionReport } from "../../protocol/evaluation";
import { histogramOf } from "./histogram";

/** Points of predicted against actual that can be told apart in a chart. */
const mostPoints = 1000;
const bins = 30;

/** @param predicted as `actual`, in the target's own units: a value for each row */
export function regressionReport(
  target: string,
  predicted: Float64Array,
  actual: Float64Array,
): RegressionReport {
  const count = actual.length;
  const residuals = predicted.map((value, row) => value - actual[row]);
  const mean = actual.reduce((sum, value) => sum + value, 0) / count;
  let [absolute, squared, variation] = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    absolute += Math.abs(residuals[row]);
    squared += residuals[row] ** 2;
    variation += (actual[row] - mean) ** 2;
  }
  const shown = Math.min(count, mostPoints);
  const spread = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: shown }, (_, i) => values[Math.floor((i * count) / shown)]);
  const { edges, counts } = histogramOf(residuals, bins);
  return {
    target,
    mae: absolute / count,
    rmse: Math.sqrt(squared / count),
    r2: variation > 0 ? 1 - squared / variation : null,
    actual: spread(actual),
    predicted: spread(predicted),
    histogram: { edges, counts },
  };
}
