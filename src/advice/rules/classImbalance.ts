import type { Advice } from "../advice";
import type { Evidence } from "../evidence";
import { farEnough, latest, trainingLosses } from "../series";
import { percent } from "../words";

/** From this share of the rows on, the majority class is a tempting answer. */
const majority = 0.65;

/** Accuracies closer than this are the same. */
const same = 0.01;

/** The network answers the majority class to nearly every row, and is right as often as that class is frequent. */
export function classImbalance(evidence: Evidence): Advice | null {
  const { task, config, classes, baseline, epochs } = evidence;
  if (task !== "classification" || config.data.classWeights !== "none" || baseline.accuracy === null)
    return null;
  if (baseline.accuracy < majority || !classes) return null;
  const losses = trainingLosses(evidence);
  if (!losses || losses.epochs < 5 || !farEnough(evidence, 0.3)) return null;
  const training = latest(epochs, "training.accuracy");
  const validation = latest(epochs, "validation.accuracy");
  const bar = evidence.validationBaselineAccuracy;
  const noBetter = training !== null && training <= baseline.accuracy + same;
  if (!noBetter || (validation !== null && bar !== null && validation > bar + same)) return null;
  return {
    id: "class-imbalance",
    title: "Always the majority class",
    evidence: `${percent(training)} of the training rows are answered rightly, and always answering ${baseline.label} would be right for ${percent(baseline.accuracy)}.`,
    why: "Where one class has most of the rows, a loss that counts rows is low already when the others are given up; balanced weights count every class the same.",
    path: ["data", "target"],
    fixes: [
      { label: "Balance the classes", changes: [{ path: ["data", "classWeights"], value: "balanced" }] },
    ],
    page: "loss-functions",
  };
}
