/** The drift of a noisy curve, drawn over its single values. */
import type { Points } from "./series";

/** Below this the single values are few enough to be read themselves. */
const FEWEST = 5;

/** How many steps are averaged: the largest of 1, 2, 5, 10 … within a fortieth of the axis; null for a short run. */
export function meanWindow(lastStep: number): number | null {
  const most = lastStep / 40;
  if (!(most >= FEWEST)) return null;
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  const unit = most / power + 1e-9;
  return (unit >= 5 ? 5 : unit >= 2 ? 2 : 1) * power;
}

/**
 * The mean of the points of the last `steps` steps. It starts when the first window is half full, so that its
 * beginning is not as noisy as the curve; a gap (NaN) stays a gap and starts it anew.
 */
export function runningMean({ x, y }: Points, steps: number): Points {
  const at: number[] = [];
  const mean: number[] = [];
  let start = 0;
  let begin = x[0];
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i])) {
      at.push(x[i]);
      mean.push(NaN);
      start = i + 1;
      begin = x[i + 1];
      sum = 0;
      continue;
    }
    sum += y[i];
    let left = 0;
    while (x[start] <= x[i] - steps) {
      left = Math.max(left, Math.abs(y[start]));
      sum -= y[start++];
    }
    // A spike that leaves the window takes the digits of the small values with it: add them up again.
    if (!(Math.abs(sum) > 1e-6 * left)) {
      sum = 0;
      for (let j = start; j <= i; j++) sum += y[j];
    }
    if (x[i] - begin + 1 < steps / 2) continue;
    at.push(x[i]);
    mean.push(sum / (i - start + 1));
  }
  return { x: Float64Array.from(at), y: Float64Array.from(mean) };
}
