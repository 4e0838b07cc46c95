/** Runs that differ in their seed alone, as one line with a band. */
import type { Comparison } from "../../src/protocol/comparison";
import type { Points } from "../series";
import { indexAt } from "../thin";

/** For each group of runs that only the seed tells apart, their places in the comparison; a run alone is a group too. */
export function seedGroups({ keys, runs }: Comparison): number[][] {
  const groups = new Map<string, number[]>();
  runs.forEach(({ settings, snapshot }, place) => {
    const others = settings.filter((_, i) => keys[i] !== "seed");
    const key = JSON.stringify([snapshot.name, others]);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  });
  return [...groups.values()];
}

/** What is known of several curves at each place where all have a value: their mean, and how far they lie apart. */
export interface MeanCurve {
  points: Points;
  band: { low: Float64Array; high: Float64Array };
}

/**
 * The mean of curves at the places of the one with the fewest points, with one standard deviation (of the sample, n − 1)
 * to either side. A place that one of them has not reached is left out.
 */
export function meanCurve(curves: readonly Points[]): MeanCurve {
  const grid = curves.reduce((least, curve) => (curve.x.length < least.x.length ? curve : least));
  const x: number[] = [];
  const mean: number[] = [];
  const deviation: number[] = [];
  for (const at of grid.x) {
    const values = curves.map((curve) => {
      const index = indexAt(curve, at);
      return index < 0 || at > curve.x[curve.x.length - 1] ? NaN : curve.y[index];
    });
    if (!values.every(Number.isFinite)) continue;
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    x.push(at);
    mean.push(centre);
    deviation.push(values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0);
  }
  return {
    points: { x: Float64Array.from(x), y: Float64Array.from(mean) },
    band: {
      low: Float64Array.from(mean, (value, i) => value - deviation[i]),
      high: Float64Array.from(mean, (value, i) => value + deviation[i]),
    },
  };
}
