/** How well classes are told apart, from probabilities. Definitions are scikit-learn's, so that figures can be checked against it. */
import type { ClassificationReport, CurvePoints } from "../../protocol/evaluation";

const calibrationBins = 10;

/** A curve has no more points than a screen can tell apart. */
const mostPoints = 256;

/**
 * @param probabilities rows × classes, row-major
 * @param actual the class of each row, an index
 */
export function classificationReport(
  classes: readonly string[],
  probabilities: Float64Array,
  actual: ArrayLike<number>,
): ClassificationReport {
  const predicted = likeliest(probabilities, classes.length);
  const confusion = confusionMatrix(predicted, actual, classes.length);
  return {
    classes: [...classes],
    confusion,
    perClass: classes.map((_, k) => classFigures(confusion, classes.length, k)),
    ...(classes.length === 2 && { binary: binaryCurves(column(probabilities, 2, 1), actual) }),
    ...calibrationOf(probabilities, classes.length, predicted, actual),
  };
}

/** The first of the largest of each row. */
function likeliest(probabilities: Float64Array, classes: number): Uint32Array {
  return Uint32Array.from({ length: probabilities.length / classes }, (_, row) => {
    let best = 0;
    for (let k = 1; k < classes; k++)
      if (probabilities[row * classes + k] > probabilities[row * classes + best]) best = k;
    return best;
  });
}

export function confusionMatrix(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
): Float64Array {
  const matrix = new Float64Array(classes * classes);
  for (let row = 0; row < predicted.length; row++) matrix[actual[row] * classes + predicted[row]]++;
  return matrix;
}

/** Precision TP/(TP+FP), recall TP/(TP+FN), F1 = 2TP/(2TP+FP+FN). */
function classFigures(
  confusion: Float64Array,
  classes: number,
  k: number,
): ClassificationReport["perClass"][number] {
  let predicted = 0;
  let support = 0;
  for (let other = 0; other < classes; other++) {
    predicted += confusion[other * classes + k];
    support += confusion[k * classes + other];
  }
  const hits = confusion[k * classes + k];
  const share = (of: number): number | null => (of > 0 ? hits / of : null);
  const f1 = predicted + support > 0 ? (2 * hits) / (predicted + support) : null;
  return { precision: share(predicted), recall: share(support), f1, support };
}

/**
 * Receiver operating characteristic (true positives against false ones) with its area, and precision against recall with the average
 * precision Σ (Rₙ − Rₙ₋₁) Pₙ. Rows of equal score lie on one threshold.
 *
 * @param scores the higher, the likelier the second class
 * @param actual 1 for the second class
 */
export function binaryCurves(
  scores: Float64Array,
  actual: ArrayLike<number>,
): NonNullable<ClassificationReport["binary"]> {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
  let positives = 0;
  for (let i = 0; i < actual.length; i++) positives += actual[i];
  const negatives = actual.length - positives;
  const roc: [number, number][] = [[0, 0]];
  const curve: [number, number][] = [[0, 1]];
  let [hits, alarms, area, average] = [0, 0, 0, 0];
  for (let i = 0; i < order.length;) {
    const [hitsBefore, alarmsBefore] = [hits, alarms];
    const score = scores[order[i]];
    for (; i < order.length && scores[order[i]] === score; i++) {
      if (actual[order[i]] === 1) hits++;
      else alarms++;
    }
    area += ((alarms - alarmsBefore) * (hits + hitsBefore)) / 2;
    average += ((hits - hitsBefore) * hits) / (hits + alarms);
    roc.push([alarms / negatives, hits / positives]);
    curve.push([hits / positives, hits / (hits + alarms)]);
  }
  const known = positives > 0 && negatives > 0;
  return {
    roc: known ? curveOf(roc) : curveOf([]),
    auc: known ? area / (positives * negatives) : null,
    precisionRecall: positives > 0 ? curveOf(curve) : curveOf([]),
    averagePrecision: positives > 0 ? average / positives : null,
  };
}

function curveOf(places: readonly (readonly [number, number])[]): CurvePoints {
  const stride = Math.max(1, Math.ceil(places.length / mostPoints));
  const kept = places.filter((_, i) => i % stride === 0 || i === places.length - 1);
  return { x: Float64Array.from(kept, ([x]) => x), y: Float64Array.from(kept, ([, y]) => y) };
}

/** Guo et al. 2017: rows in ten bins of the probability of what was predicted. */
function calibrationOf(
  probabilities: Float64Array,
  classes: number,
  predicted: Uint32Array,
  actual: ArrayLike<number>,
): Pick<ClassificationReport, "calibration" | "calibrationError"> {
  const confidence = new Float64Array(calibrationBins);
  const accuracy = new Float64Array(calibrationBins);
  const count = new Float64Array(calibrationBins);
  predicted.forEach((k, row) => {
    const sure = probabilities[row * classes + k];
    const bin = Math.min(calibrationBins - 1, Math.floor(sure * calibrationBins));
    confidence[bin] += sure;
    accuracy[bin] += actual[row] === k ? 1 : 0;
    count[bin]++;
  });
  let error = 0;
  for (let bin = 0; bin < calibrationBins; bin++) {
    error += Math.abs(accuracy[bin] - confidence[bin]);
    // A bin without rows has no mean.
    confidence[bin] /= count[bin];
    accuracy[bin] /= count[bin];
  }
  return { calibration: { confidence, accuracy, count }, calibrationError: error / predicted.length };
}

function column(matrix: Float64Array, width: number, at: number): Float64Array {
  return Float64Array.from({ length: matrix.length / width }, (_, row) => matrix[row * width + at]);
}
