/** Mean losses at many points of a plane of parameters, on a fixed set of rows, in slices of some ten milliseconds. */
import type { Samples } from "../../data/samples";
import type { PlaneOfParameters } from "../../descent/parameterPlane";
import type { Engine, ParameterPlane } from "../../engine/engine";

/** Rows that a surface is evaluated on, at the most. */
export const mostRows = 1000;

/** Milliseconds of work between two breaths. */
const sliceTime = 10;

/** So many points of a plane cost about as much as preparing it for a call. */
const fewestPoints = 16;

/**
 * At most `most` rows, evenly spread, always the same: neighbouring points of a surface differ by their parameters alone, and rows in
 * the order of a file that is sorted by class stand for every class.
 */
export function chosenRows(samples: Samples, most: number): Samples {
  const { count, inputs, targets } = samples;
  if (count <= most) return samples;
  const inputWidth = inputs.length / count;
  const targetWidth = targets.length / count;
  const chosen = {
    count: most,
    inputs: new Float32Array(most * inputWidth),
    targets: new Float32Array(most * targetWidth),
  };
  for (let i = 0; i < most; i++) {
    const row = Math.floor((i * count) / most);
    chosen.inputs.set(inputs.subarray(row * inputWidth, (row + 1) * inputWidth), i * inputWidth);
    chosen.targets.set(targets.subarray(row * targetWidth, (row + 1) * targetWidth), i * targetWidth);
  }
  return chosen;
}

export class PlaneLosses {
  private readonly plane: ParameterPlane;
  private readonly divisor: number;
  /** Points of the next slice. */
  private slice = fewestPoints;

  constructor(
    private readonly engine: Engine,
    plane: PlaneOfParameters,
    private readonly rows: Samples,
  ) {
    const { center, u, v } = plane;
    const z = (parameters: Float32Array) => engine.firstPreActivations(parameters, rows);
    this.plane = { center, u, v, preActivations: [z(center), z(u), z(v)] };
    this.divisor = engine.evaluate(center, rows).weightSum;
  }

  /** The mean loss at each point (a[i], b[i]), not finite where it is not. */
  async at(a: Float64Array, b: Float64Array, breathe: () => Promise<void>): Promise<Float64Array> {
    const losses = new Float64Array(a.length);
    for (let from = 0; from < a.length;) {
      const to = Math.min(a.length, from + this.slice);
      const started = performance.now();
      const sums = this.engine.lossesOnPlane(this.plane, a.slice(from, to), b.slice(from, to), this.rows);
      for (let i = from; i < to; i++) losses[i] = sums[i - from] / this.divisor;
      const took = performance.now() - started;
      const fitting = Math.floor(((to - from) * sliceTime) / Math.max(took, 0.1));
      this.slice = Math.max(fewestPoints, Math.min(2 * this.slice, fitting));
      from = to;
      await breathe();
    }
    return losses;
  }
}
