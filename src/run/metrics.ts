/** Metrics of a network's outputs over a set of rows, summed block by block so that long evaluations can yield. */
import type { Samples } from "../data/samples";
import type { TargetEncoding } from "../data/preparation";
import type { Evaluation } from "../engine/engine";
import type { Metrics } from "../protocol/run";

const largestFloat32 = 3.4028234663852886e38;

/** How a set of rows is scored: fixed for a run. */
export interface Scoring {
  target: TargetEncoding;
  /** Outputs of the network: one for binary cross-entropy, else one per class or target column. */
  outputs: number;
  /** How much a row of each class counts in the loss (not in the accuracy), where the run weighs them. */
  classWeights?: ArrayLike<number>;
}

/**
 * Sums over rows. MAE, RMSE and R² are per output in the target's own units, then averaged over outputs; R² is
 * 1 − Σ(y − ŷ)² / Σ(y − ȳ)² with ȳ the mean of these rows.
 */
export class MetricSums {
  private count = 0;
  private loss = 0;
  private weight = 0;
  private correct = 0;
  private readonly absolute: Float64Array;
  private readonly squared: Float64Array;

  constructor(
    private readonly scoring: Scoring,
    private readonly samples: Samples,
    private readonly variation = totalVariation(scoring, samples),
  ) {
    this.absolute = new Float64Array(scoring.outputs);
    this.squared = new Float64Array(scoring.outputs);
  }

  /** Adds the evaluation of the rows that begin at `from`. */
  add(from: number, { count, lossSum, weightSum, outputs }: Evaluation): void {
    this.count += count;
    this.loss += lossSum;
    this.weight += weightSum;
    const width = this.scoring.outputs;
    const { targets } = this.samples;
    if (this.scoring.target.task === "classification") {
      for (let row = 0; row < count; row++) {
        if (predictedClass(outputs, row * width, width) === targets[from + row]) this.correct++;
      }
      return;
    }
    for (let row = 0; row < count; row++) {
      for (let output = 0; output < width; output++) {
        const error = outputs[row * width + output] - targets[(from + row) * width + output];
        this.absolute[output] += Math.abs(error);
        this.squared[output] += error * error;
      }
    }
  }

  /** The metrics of the rows added; what is not finite is null, as is a loss that the engine takes for infinite. */
  metrics(): Metrics {
    const { target, outputs } = this.scoring;
    const loss = finite32(this.loss / this.weight);
    if (target.task === "classification") return { loss, accuracy: finite(this.correct / this.count) };
    let mae = 0;
    let rmse = 0;
    let r2 = 0;
    for (let output = 0; output < outputs; output++) {
      const scale = target.scale[output];
      mae += (scale * this.absolute[output]) / this.count;
      rmse += scale * Math.sqrt(this.squared[output] / this.count);
      r2 += 1 - this.squared[output] / this.variation[output];
    }
    return { loss, mae: finite(mae / outputs), rmse: finite(rmse / outputs), r2: finite32(r2 / outputs) };
  }
}

/** Σ(y − ȳ)² of every output, in scaled units; empty for classification. */
export function totalVariation({ target, outputs }: Scoring, { count, targets }: Samples): Float64Array {
  if (target.task === "classification") return new Float64Array(0);
  const mean = columnMeans(targets, count, outputs);
  const variation = new Float64Array(outputs);
  for (let i = 0; i < count * outputs; i++) variation[i % outputs] += (targets[i] - mean[i % outputs]) ** 2;
  return variation;
}

/** Means of the columns of a row-major matrix. */
export function columnMeans(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const means = new Float64Array(columns);
  for (let i = 0; i < rows * columns; i++) means[i % columns] += values[i];
  return means.map((sum) => sum / rows);
}

/** The first largest of K logits; for a single logit the second class when its probability exceeds ½. */
function predictedClass(outputs: ArrayLike<number>, at: number, width: number): number {
  if (width === 1) return outputs[at] > 0 ? 1 : 0;
  let best = 0;
  for (let output = 1; output < width; output++) if (outputs[at + output] > outputs[at + best]) best = output;
  return best;
}

/** Metrics as chart columns: "training.loss" …, with NaN for null. */
export function metricColumns(training: Metrics, validation: Metrics | null): Record<string, number> {
  const columns: Record<string, number> = {};
  addColumns(columns, "training", training);
  if (validation) addColumns(columns, "validation", validation);
  return columns;
}

const columnNames = { training: new Map<string, string>(), validation: new Map<string, string>() };

/** A name is put together once: small networks end thousands of epochs a second. */
function addColumns(columns: Record<string, number>, set: keyof typeof columnNames, metrics: Metrics): void {
  const names = columnNames[set];
  for (const key of Object.keys(metrics) as (keyof Metrics)[]) {
    let name = names.get(key);
    if (name === undefined) names.set(key, (name = `${set}.${key}`));
    columns[name] = metrics[key] ?? NaN;
  }
}

export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Sums are float64, but training is not: what float32 cannot hold is infinite to it. */
function finite32(value: number): number | null {
  return Math.abs(value) <= largestFloat32 ? value : null;
}
