/** How the points of a function of any number of variables come to lie on a picture. */
import type { DifferentiableFunction } from "../../src/descent/functions/differentiable";
import { onPlane, principalPlane } from "../../src/descent/functions/plane";
import { formatPercent } from "../format";

export interface Projection {
  /** A curve over one variable, or a map of two directions. */
  readonly kind: "curve" | "map";
  /** Names of the horizontal and the vertical axis. */
  readonly labels: readonly [string, string];
  /** Whether points lie on the map only as nearly as a plane can tell. */
  readonly approximate: boolean;
  /** Where points lie: coordinates along the two axes, one pair a point. */
  place(points: Float64Array, values: Float64Array): { a: Float64Array; b: Float64Array };
  /** The point of all variables that is so far away from another one. */
  moved(point: readonly number[], da: number, db: number): number[];
  /** f at a place of a map, or of a curve's horizontal axis. */
  valueAt(a: number, b: number): number;
  /** A direction in all variables as one on the picture. */
  direction(vector: Float64Array): [number, number];
}

/** @param path the points that decide on the plane of a function of more than two variables */
export function projectionOf(f: DifferentiableFunction, path: Float64Array): Projection {
  const { variables } = f;
  if (variables.length === 1) return curveOf(f);
  if (variables.length === 2) return mapOf(f);
  return planeOf(f, path);
}

function curveOf(f: DifferentiableFunction): Projection {
  const at = new Float64Array(1);
  return {
    kind: "curve",
    labels: [f.variables[0], "f"],
    approximate: false,
    place: (points, values) => ({ a: points, b: values }),
    moved: ([x], da) => [x + da],
    valueAt(a) {
      at[0] = a;
      return f.value(at);
    },
    direction: (vector) => [vector[0], 0],
  };
}

function mapOf(f: DifferentiableFunction): Projection {
  const at = new Float64Array(2);
  return {
    kind: "map",
    labels: [f.variables[0], f.variables[1]],
    approximate: false,
    place(points) {
      const count = points.length / 2;
      const a = new Float64Array(count);
      const b = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        a[i] = points[2 * i];
        b[i] = points[2 * i + 1];
      }
      return { a, b };
    },
    moved: ([x, y], da, db) => [x + da, y + db],
    valueAt(a, b) {
      at[0] = a;
      at[1] = b;
      return f.value(at);
    },
    direction: (vector) => [vector[0], vector[1]],
  };
}

function planeOf(f: DifferentiableFunction, path: Float64Array): Projection {
  const n = f.variables.length;
  const plane = principalPlane(path, n);
  const { centre, u, v, explained } = plane;
  const at = new Float64Array(n);
  const label = (axis: number, share: number): string =>
    `direction ${axis} · ${formatPercent(share)} of the path`;
  const along = (vector: Float64Array, direction: Float64Array): number => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += vector[k] * direction[k];
    return sum;
  };
  return {
    kind: "map",
    labels: [label(1, explained[0]), label(2, explained[1])],
    approximate: true,
    place: (points) => onPlane(points, plane),
    moved: (point, da, db) => point.map((value, k) => value + da * u[k] + db * v[k]),
    valueAt(a, b) {
      for (let k = 0; k < n; k++) at[k] = centre[k] + a * u[k] + b * v[k];
      return f.value(at);
    },
    direction: (vector) => [along(vector, u), along(vector, v)],
  };
}
