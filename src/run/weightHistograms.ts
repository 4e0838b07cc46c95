/** How the weights are distributed, layer by layer, for the journal: often at first, then rarely. */
import type { FloatArray, Network } from "../engine/engine";
import { parameterViews } from "../engine/network";
import type { Histogram } from "../formats/tensorboard";

const buckets = 30;

/** Milliseconds between two looks at the weights, at the least. */
const shortestInterval = 1000;

/** A look waits for a hundredth of the run's time so far, so that a run of a day has a thousand of them … */
const shareOfTime = 1 / 100;

/** … and may take a five-hundredth of it. */
const restAfterLook = 500;

/** Decides when the weights are looked at. Times are in milliseconds. */
export class HistogramPace {
  private next = -Infinity;

  constructor(private readonly startedAt: number) {}

  due(now: number): boolean {
    return now >= this.next;
  }

  /** @param took milliseconds that the look took */
  looked(now: number, took: number): void {
    const wait = Math.max(shortestInterval, shareOfTime * (now - this.startedAt), restAfterLook * took);
    this.next = now + wait;
  }
}

/** Histograms of the weights and the biases of each layer, in equal buckets from the smallest to the largest value. */
export function weightHistograms(network: Network, parameters: FloatArray): Histogram[] {
  return parameterViews(network, parameters).map(({ name, values }) =>
    histogramOf(`weights/${name}`, values),
  );
}

function histogramOf(tag: string, values: FloatArray): Histogram {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let sumOfSquares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumOfSquares += value * value;
  }
  // Values that are all the same (biases at the start) need no more than one.
  const size = max > min ? buckets : 1;
  const counts = new Float64Array(size);
  const scale = max > min ? size / (max - min) : 0;
  for (let i = 0; i < values.length; i++) {
    counts[Math.min(size - 1, Math.floor((values[i] - min) * scale))]++;
  }
  const limits = Float64Array.from({ length: size }, (_, i) =>
    i === size - 1 ? max : min + ((i + 1) * (max - min)) / size,
  );
  return { tag, min, max, count: values.length, sum, sumOfSquares, limits, counts };
}
