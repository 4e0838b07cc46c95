/** What any model must beat: always the training rows' majority class, or always their mean. */
import type { Samples } from "../data/samples";
import { meanDivisor } from "../engine/losses";
import type { LossName } from "../config/runConfig";
import type { Baseline, Metrics } from "../protocol/run";
import { formatNumber } from "./numberText";
import { columnMeans, MetricSums, type Scoring } from "./metrics";

/**
 * The baseline of a run. Its loss is that of the best constant output in the same sense: for classification
 * the classes' shares of the training rows as probabilities (of their weights, where classes are weighted), for
 * regression the training mean.
 */
export function baselineOf(
  scoring: Scoring,
  loss: LossName,
  training: Samples,
  validation: Samples | null,
): Baseline {
  const { target, classWeights } = scoring;
  const constant = target.task === "classification" ? classShares(target.classes.length, training) : null;
  const probable = constant && classWeights ? weighted(constant, classWeights) : constant;
  const outputs = constant
    ? logits(constant, scoring.outputs)
    : columnMeans(training.targets, training.count, scoring.outputs);
  const metricsOf = (samples: Samples): Metrics => constantMetrics(scoring, loss, probable, outputs, samples);
  const label =
    target.task === "classification" && constant
      ? target.classes[constant.indexOf(Math.max(...constant))]
      : target.task === "regression"
        ? Array.from(outputs, (mean, i) => formatNumber(mean * target.scale[i] + target.mean[i])).join(
            " and ",
          )
        : "";
  return {
    kind: target.task === "classification" ? "majority-class" : "mean",
    label,
    training: metricsOf(training),
    ...(validation ? { validation: metricsOf(validation) } : {}),
  };
}

function classShares(classes: number, { count, targets }: Samples): number[] {
  const shares = new Array<number>(classes).fill(0);
  for (let row = 0; row < count; row++) shares[targets[row]] += 1 / count;
  return shares;
}

/** The shares of the classes' weights. */
function weighted(shares: number[], weights: ArrayLike<number>): number[] {
  const products = shares.map((share, index) => share * weights[index]);
  const sum = products.reduce((a, b) => a + b, 0);
  return products.map((product) => product / sum);
}

function logits(shares: number[], outputs: number): Float64Array {
  return outputs === 1
    ? Float64Array.of(Math.log(shares[1] / shares[0]))
    : Float64Array.from(shares, (share) => Math.log(share));
}

function constantMetrics(
  scoring: Scoring,
  loss: LossName,
  shares: number[] | null,
  outputs: Float64Array,
  samples: Samples,
): Metrics {
  const { outputs: width, classWeights = null } = scoring;
  const repeated = new Float64Array(samples.count * width);
  let lossSum = 0;
  for (let row = 0; row < samples.count; row++) {
    repeated.set(outputs, row * width);
    if (shares) {
      const target = samples.targets[row];
      lossSum -= (classWeights?.[target] ?? 1) * Math.log(shares[target]);
    } else {
      for (let output = 0; output < width; output++) {
        const error = Math.abs(outputs[output] - samples.targets[row * width + output]);
        lossSum += (loss === "mae" ? error : error * error) / width;
      }
    }
  }
  const sums = new MetricSums(scoring, samples);
  const { count, targets } = samples;
  const weightSum = meanDivisor(loss, classWeights, targets, null, 0, count);
  sums.add(0, { count, lossSum, weightSum, outputs: repeated });
  return sums.metrics();
}
