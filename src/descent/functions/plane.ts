/** Where the points of a path lie when they have more than two coordinates: their principal plane, in float64. */
import { leadingEigenpairs } from "../eigenvectors";

export interface FunctionPlane {
  /** The mean of the points; the plane goes through it. */
  readonly centre: Float64Array;
  /** Orthonormal. The path goes towards their positive sides. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** Fractions of the variance along u and v, 0 … 1; both 0 when the points are all the same. */
  readonly explained: [number, number];
}

/** @param points coordinate by coordinate, point by point; at least one point of at least two coordinates */
export function principalPlane(points: Float64Array, variables: number): FunctionPlane {
  const n = variables;
  const count = points.length / n;
  const centre = new Float64Array(n);
  for (let i = 0; i < points.length; i++) centre[i % n] += points[i] / count;
  const covariance = new Float64Array(n * n);
  for (let at = 0; at < points.length; at += n) {
    for (let j = 0; j < n; j++) {
      const dj = points[at + j] - centre[j];
      for (let k = 0; k <= j; k++) covariance[j * n + k] += (dj * (points[at + k] - centre[k])) / count;
    }
  }
  let variance = 0;
  for (let j = 0; j < n; j++) {
    variance += covariance[j * n + j];
    for (let k = 0; k < j; k++) covariance[k * n + j] = covariance[j * n + k];
  }
  const { values, vectors } = leadingEigenpairs(covariance, n, 2);
  const u = variance > 0 && Number.isFinite(variance) ? vectors[0] : unit(n, 0);
  // A straight path has no second direction: any one that is at a right angle will do.
  const v = values[1] > 1e-13 * variance ? vectors[1] : perpendicular(u);
  for (const direction of [u, v]) {
    let forward = 0;
    for (let k = 0; k < n; k++) forward += direction[k] * (points[points.length - n + k] - points[k]);
    if (forward < 0) for (let k = 0; k < n; k++) direction[k] = -direction[k];
  }
  const share = (value: number): number => (variance > 0 ? Math.min(1, Math.max(0, value / variance)) : 0);
  return { centre, u, v, explained: [share(values[0]), share(values[1])] };
}

/** The coordinates of points on the plane. */
export function onPlane(
  points: Float64Array,
  { centre, u, v }: FunctionPlane,
): { a: Float64Array; b: Float64Array; offPlane: Float64Array } {
  const n = centre.length;
  const count = points.length / n;
  const a = new Float64Array(count);
  const b = new Float64Array(count);
  const offPlane = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let k = 0; k < n; k++) {
      const d = points[i * n + k] - centre[k];
      a[i] += d * u[k];
      b[i] += d * v[k];
      square += d * d;
    }
    offPlane[i] = Math.sqrt(Math.max(0, square - a[i] ** 2 - b[i] ** 2));
  }
  return { a, b, offPlane };
}

function unit(n: number, k: number): Float64Array {
  const vector = new Float64Array(n);
  vector[k] = 1;
  return vector;
}

/** A unit vector at a right angle to a unit vector of at least two coordinates. */
function perpendicular(u: Float64Array): Float64Array {
  // The axis that u is farthest from, less its part along u.
  let axis = 0;
  for (let k = 1; k < u.length; k++) if (Math.abs(u[k]) < Math.abs(u[axis])) axis = k;
  const v = unit(u.length, axis);
  const along = u[axis];
  let square = 0;
  for (let k = 0; k < u.length; k++) {
    v[k] -= along * u[k];
    square += v[k] ** 2;
  }
  for (let k = 0; k < u.length; k++) v[k] /= Math.sqrt(square);
  return v;
}
