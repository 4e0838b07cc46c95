/** Evidence of invented runs. */
import type { Evidence } from "../../../src/advice/evidence";
import { parseRunConfig } from "../../../src/config/parse";

export interface Invented {
  config?: object;
  /** Of each step; the gradient norm and the learning rate are constant unless given. */
  loss?: readonly number[];
  gradientNorm?: readonly number[];
  /** At the ends of epochs, the start first. */
  training?: readonly number[];
  validation?: readonly number[];
  accuracy?: readonly number[];
  more?: Partial<Evidence>;
}

/** A run of 10 steps an epoch on three classes, healthy unless something else is said. */
export function evidence({
  config,
  loss,
  gradientNorm,
  training,
  validation,
  accuracy,
  more,
}: Invented): Evidence {
  const fall = Array.from({ length: 31 }, (_, epoch) => 0.1 + Math.exp(-epoch / 4));
  const epochLosses = training ?? fall;
  const losses =
    loss ?? Array.from({ length: (epochLosses.length - 1) * 10 }, (_, i) => epochLosses[Math.floor(i / 10)]);
  const text = JSON.stringify({ data: { file: "a.csv", target: "b" }, ...config });
  const parsed = parseRunConfig(text, "json");
  if (!parsed.config) throw new Error(parsed.problems.map(({ message }) => message).join(" "));
  const column = (values: readonly number[]): Float64Array => Float64Array.from(values);
  return {
    config: parsed.config,
    task: "classification",
    loss: "categorical-cross-entropy",
    classes: ["a", "b", "c"],
    batchSize: 16,
    trainingRows: 160,
    validationRows: 40,
    stepsPerEpoch: 10,
    totalSteps: losses.length,
    baseline: { label: "a", loss: Math.log(3), accuracy: 1 / 3 },
    validationBaselineAccuracy: 1 / 3,
    steps: {
      step: column(losses.map((_, i) => i + 1)),
      loss: column(losses),
      gradientNorm: column(gradientNorm ?? losses.map(() => 0.5)),
      learningRate: column(losses.map(() => parsed.config?.optimizer.learningRate ?? 0)),
    },
    epochs: {
      epoch: column(epochLosses.map((_, i) => i)),
      step: column(epochLosses.map((_, i) => 10 * i)),
      metrics: {
        "training.loss": column(epochLosses),
        ...(validation && { "validation.loss": column(validation) }),
        ...(accuracy && { "training.accuracy": column(accuracy), "validation.accuracy": column(accuracy) }),
      },
    },
    status: "ended",
    divergedAt: null,
    inputs: null,
    health: null,
    ...more,
  };
}

/** A value for each step of a run. */
export function series(length: number, value: (i: number) => number): number[] {
  return Array.from({ length }, (_, i) => value(i));
}
