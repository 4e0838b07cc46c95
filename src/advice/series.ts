/** Reading columns: what a value was around a step, whether it fell, and by how much. */
import type { EpochSeries, Evidence, StepSeries } from "./evidence";

/** The last step that is known; 0 where there is none. */
export function lastStep({ step }: StepSeries): number {
  return step.length > 0 ? step[step.length - 1] : 0;
}

/** The mean of a column over the steps from < step ≤ to; NaN where there are none. */
export function meanBetween(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
): number {
  let sum = 0;
  let rows = 0;
  for (let i = firstAfter(steps, from); i < steps.length && steps[i] <= to; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i];
    rows++;
  }
  return rows > 0 ? sum / rows : NaN;
}

/** The values of a column over the steps from < step ≤ to, without those that are NaN. */
export function valuesBetween(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
): number[] {
  const found: number[] = [];
  for (let i = firstAfter(steps, from); i < steps.length && steps[i] <= to; i++) {
    if (!Number.isNaN(values[i])) found.push(values[i]);
  }
  return found;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The finite values of a metric at the ends of epochs, with the epochs; empty where the run does not have it. */
export function metricOf(
  { epoch, metrics }: EpochSeries,
  name: string,
): { readonly epoch: number[]; readonly value: number[] } {
  const column = name in metrics ? metrics[name] : [];
  const found = { epoch: [] as number[], value: [] as number[] };
  for (let i = 0; i < column.length; i++) {
    if (!Number.isFinite(column[i])) continue;
    found.epoch.push(epoch[i]);
    found.value.push(column[i]);
  }
  return found;
}

/** The latest value of a metric; null where there is none. */
export function latest(epochs: EpochSeries, name: string): number | null {
  return metricOf(epochs, name).value.at(-1) ?? null;
}

/** The training loss at the start and now, with fixed weights; null before the first epoch has ended. */
export function trainingLosses({ epochs }: Evidence): { start: number; now: number; epochs: number } | null {
  const { epoch, value } = metricOf(epochs, "training.loss");
  const passed = epoch.at(-1) ?? 0;
  return value.length > 1 && epoch[0] === 0
    ? { start: value[0], now: value[value.length - 1], epochs: passed }
    : null;
}

/** Whether so much of the run is over that what it has not done yet tells something. */
export function farEnough({ status, totalSteps, steps }: Evidence, fraction: number): boolean {
  return status !== "running" || lastStep(steps) >= fraction * totalSteps;
}

/** The place of the first of ascending values that is greater. */
function firstAfter(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] > step) high = middle;
    else low = middle + 1;
  }
  return low;
}
