/** The curves of a run as CSV, for spreadsheets and notebooks. */

/** Columns of equal length, as the run's history keeps them; NaN where there is no value. */
export interface Curves {
  steps: { step: Float64Array; loss: Float64Array; gradientNorm: Float64Array; learningRate: Float64Array };
  epochs: {
    epoch: Float64Array;
    step: Float64Array;
    /** Keyed "training.loss", "validation.accuracy" … */
    metrics: Readonly<Record<string, Float64Array>>;
  };
}

/**
 * One line per step that is known, in their order: the batch's loss, the gradient norm and the learning rate of the step,
 * and, where an epoch ended with it, the epoch's number and metrics. Step 0 is the start.
 */
export function toCurvesCsv({ steps, epochs }: Curves): string {
  const metrics = Object.keys(epochs.metrics);
  const header = ["step", "epoch", "loss", "gradient_norm", "learning_rate", ...metrics.map(columnName)];
  const lines = [header.join(",")];
  const [stepCount, epochCount] = [steps.step.length, epochs.step.length];
  const noStep = ["", "", ""];
  const noEpoch = metrics.map(() => "");
  for (let at = 0, epochAt = 0; at < stepCount || epochAt < epochCount;) {
    const step = Math.min(steps.step[at] ?? Infinity, epochs.step[epochAt] ?? Infinity);
    const atStep = at < stepCount && steps.step[at] === step;
    const atEpoch = epochAt < epochCount && epochs.step[epochAt] === step;
    const { loss, gradientNorm, learningRate } = steps;
    const cells = [
      String(step),
      atEpoch ? cell(epochs.epoch[epochAt]) : "",
      ...(atStep ? [loss, gradientNorm, learningRate].map((column) => cell(column[at])) : noStep),
      ...(atEpoch ? metrics.map((name) => cell(epochs.metrics[name][epochAt])) : noEpoch),
    ];
    lines.push(cells.join(","));
    if (atStep) at++;
    if (atEpoch) epochAt++;
    // Columns that are out of order or not numbers would never be passed.
    if (!atStep && !atEpoch) break;
  }
  return `${lines.join("\n")}\n`;
}

/** "validation.accuracy" → "validation_accuracy", like the other columns. */
function columnName(metric: string): string {
  return metric.replaceAll(".", "_");
}

/** The journal keeps float32: no more digits than tell one from the next. */
function cell(value: number): string {
  if (Number.isNaN(value)) return "";
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
