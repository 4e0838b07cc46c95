/** What a network makes of one or two numeric features, as a curve or a map in the data's own units. */
import type { FeatureEncoding, Preparation, TargetEncoding } from "../../data/preparation";
import { unscaleTargets } from "../../data/encode";
import { decodeOutputs } from "../../data/rawRows";
import type { Samples } from "../../data/samples";
import type { FitPicture } from "../../protocol/evaluation";

const curvePoints = 201;
const mapPoints = 61;
const mostRows = 400;
/** Air beside the data, as a part of their extent. */
const air = 0.06;

type Numeric = Extract<FeatureEncoding, { kind: "number" | "date" }>;

/** @param evaluate the network's outputs for encoded rows. Returns null where the features are others. */
export async function fitPicture(
  preparation: Preparation,
  target: TargetEncoding,
  samples: Samples,
  evaluate: (inputs: { count: number; values: Float32Array }) => Promise<Float64Array>,
): Promise<FitPicture | null> {
  const features = preparation.features.filter(
    (feature): feature is Numeric => feature.kind === "number" || feature.kind === "date",
  );
  const width = features.length;
  if (width !== preparation.inputSize || width < 1 || width > 2) return null;
  const rawOf = (row: number, at: number): number =>
    samples.inputs[row * width + at] * features[at].scale + features[at].mean;
  const ranges = features.map((_, at): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (let row = 0; row < samples.count; row++) {
      low = Math.min(low, rawOf(row, at));
      high = Math.max(high, rawOf(row, at));
    }
    const margin = high > low ? air * (high - low) : 0.5;
    return [low - margin, high + margin];
  });
  const size = width === 1 ? curvePoints : mapPoints;
  const count = size ** width;
  const values = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    features.forEach(({ mean, scale }, at) => {
      const [low, high] = ranges[at];
      const place = at === 0 ? i % size : Math.floor(i / size);
      values[i * width + at] = (low + (place / (size - 1)) * (high - low) - mean) / scale;
    });
  }
  const outputs = await evaluate({ count, values });
  const shown = Math.min(samples.count, mostRows);
  const rows = Array.from({ length: shown }, (_, i) => Math.floor((i * samples.count) / shown));
  const targets = target.task === "regression" ? unscaleTargets(target, samples.targets) : samples.targets;
  const targetWidth = samples.targets.length / samples.count;
  return {
    features: features.map(({ column }) => column),
    ranges,
    size,
    ...said(target, outputs, count),
    points: {
      x: Float64Array.from(rows, (row) => rawOf(row, 0)),
      y: Float64Array.from(rows, (row) => (width === 2 ? rawOf(row, 1) : targets[row * targetWidth])),
      target: Float64Array.from(rows, (row) => targets[row * targetWidth]),
    },
  };
}

function said(
  target: TargetEncoding,
  outputs: Float64Array,
  count: number,
): Pick<FitPicture, "values" | "confidence"> {
  const width = outputs.length / count;
  const decoded = decodeOutputs(target, outputs, width);
  if (decoded.task === "regression")
    return { values: Float64Array.from({ length: count }, (_, i) => decoded.values[i * width]) };
  const { probabilities, predicted } = decoded;
  const classes = probabilities.length / count;
  return {
    values: Float64Array.from(predicted),
    confidence: Float64Array.from(predicted, (k, i) => probabilities[i * classes + k]),
  };
}
