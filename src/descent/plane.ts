/**
 * The plane in which most of a path happens: its principal plane (PCA).
 *
 * A path has T points (hundreds) in P dimensions (thousands or more). The P × P covariance matrix is never
 * needed: the T × T Gram matrix of the centred points, K_ij = (θ_i − θ̄)·(θ_j − θ̄), has the same leading
 * eigenvalues λ, and its eigenvectors e give the coordinates of the points at once: along a principal
 * direction, point i lies at √λ · e_i.
 */
import type { FloatArray } from "../engine/engine";
import { leadingEigenpairs } from "./eigenvectors";
import type { PathPoint, PathRecorder } from "./path";

/** A path on its principal plane, one entry per point. */
export interface PathOnPlane {
  readonly step: Float64Array;
  /** Coordinates along the two orthonormal directions, from the mean of the points. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly loss: Float64Array;
  /** Distance of each point from the plane. */
  readonly offPlane: Float64Array;
  /** Fractions of the variance along a and b, 0 … 1; both 0 when the points are all the same. */
  readonly explained: [number, number];
  readonly sketched: boolean;
}

/** Follows a path: what was computed for its points is kept from one refresh to the next. */
export class PrincipalPlane {
  private points: readonly PathPoint[] = [];
  /** (θ_i − θ_0)·(θ_j − θ_0) of `points`, size × size. */
  private gram = new Float64Array(0);

  /** @param last a plane of this path whose sides the next one keeps to */
  constructor(
    private readonly path: PathRecorder,
    private last: PathOnPlane | null = null,
  ) {}

  /** The plane of the path as it is now. Work: P·T for every point recorded since the last refresh. */
  refresh(): PathOnPlane {
    this.updateGram(this.path.points.slice());
    const plane = projected(this.points, this.gram, this.path.sketched);
    orient(plane.a, plane.step, this.last?.a, this.last?.step);
    orient(plane.b, plane.step, this.last?.b, this.last?.step);
    this.last = plane;
    return plane;
  }

  /** Does the work for the points recorded since the last time, so that a later refresh is short. */
  absorb(): void {
    this.updateGram(this.path.points.slice());
  }

  private updateGram(points: readonly PathPoint[]): void {
    const size = points.length;
    const known = new Map(this.points.map((point, index) => [point.values, { index, step: point.step }]));
    // An array is written again for a new point after its old one was dropped, so the step must be the same
    // too.
    const before = points.map(({ values, step }) => {
      const entry = points[0].values === this.points[0]?.values ? known.get(values) : undefined;
      return entry !== undefined && entry.step === step ? entry.index : -1;
    });
    const gram = new Float64Array(size * size);
    const oldSize = this.points.length;
    for (let i = 0; i < size; i++) {
      const isKnown = (j: number) => before[i] >= 0 && before[j] >= 0;
      const unknown: number[] = [];
      for (let j = 0; j <= i; j++) {
        if (isKnown(j)) gram[i * size + j] = this.gram[before[i] * oldSize + before[j]];
        else unknown.push(j);
      }
      productsFrom(points, i, unknown, gram.subarray(i * size, (i + 1) * size));
      for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j];
    }
    this.points = points;
    this.gram = gram;
  }
}

/**
 * row[j] ← (θ_i − θ_0)·(θ_j − θ_0) for the given j. From the start of the path, and not from 0, so that a
 * short path keeps its digits; four points at once, because this is where the time goes.
 */
function productsFrom(points: readonly PathPoint[], i: number, others: number[], row: Float64Array): void {
  if (others.length === 0) return;
  const origin = points[0].values;
  const { values } = points[i];
  const difference = new Float64Array(values.length);
  for (let k = 0; k < values.length; k++) difference[k] = values[k] - origin[k];
  const products = new Float64Array(4);
  fourProducts(difference, origin, origin, origin, origin, products);
  const offset = products[0];
  for (let start = 0; start < others.length; start += 4) {
    const at = (k: number) => points[others[Math.min(start + k, others.length - 1)]].values;
    fourProducts(difference, at(0), at(1), at(2), at(3), products);
    for (let k = 0; k < 4 && start + k < others.length; k++) row[others[start + k]] = products[k] - offset;
  }
}

function fourProducts(
  x: Float64Array,
  y0: FloatArray,
  y1: FloatArray,
  y2: FloatArray,
  y3: FloatArray,
  products: Float64Array,
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let k = 0; k < x.length; k++) {
    sum0 += x[k] * y0[k];
    sum1 += x[k] * y1[k];
    sum2 += x[k] * y2[k];
    sum3 += x[k] * y3[k];
  }
  products[0] = sum0;
  products[1] = sum1;
  products[2] = sum2;
  products[3] = sum3;
}

function projected(points: readonly PathPoint[], gram: Float64Array, sketched: boolean): PathOnPlane {
  const size = points.length;
  const centred = doubleCentred(gram, size);
  let variance = 0;
  for (let i = 0; i < size; i++) variance += centred[i * size + i];
  const { values, vectors } = leadingEigenpairs(centred, size, 2);

  /**
   * Coordinates along direction k; none where the path has no extent, but for rounding, in that direction.
   */
  const along = (k: number): { coordinates: Float64Array; fraction: number } => {
    const value = k < values.length && values[k] > 1e-13 * variance ? values[k] : 0;
    const stretch = Math.sqrt(value);
    return {
      coordinates: Float64Array.from({ length: size }, (_, i) => (value > 0 ? stretch * vectors[k][i] : 0)),
      fraction: value > 0 ? Math.min(1, value / variance) : 0,
    };
  };
  const { coordinates: a, fraction: first } = along(0);
  const { coordinates: b, fraction: second } = along(1);
  return {
    step: Float64Array.from(points, (point) => point.step),
    a,
    b,
    loss: Float64Array.from(points, (point) => point.loss),
    // By Pythagoras: what is left of the distance from the mean.
    offPlane: Float64Array.from({ length: size }, (_, i) =>
      Math.sqrt(Math.max(0, centred[i * size + i] - a[i] ** 2 - b[i] ** 2)),
    ),
    explained: [first, second],
    sketched,
  };
}

/**
 * From products of vectors to products of their differences from the mean: rows, then columns, lose their
 * means.
 */
function doubleCentred(gram: Float64Array, size: number): Float64Array {
  const means = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) means[i] += gram[i * size + j] / size;
    total += means[i] / size;
  }
  const centred = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) centred[i * size + j] = gram[i * size + j] - means[i] - means[j] + total;
  }
  return centred;
}

/**
 * An eigenvector's sign is arbitrary. The first time, the path is made to go to the positive side; after
 * that, each direction keeps to the side that it had, judged by the points that both planes have.
 */
function orient(
  coordinates: Float64Array,
  steps: Float64Array,
  before: Float64Array | undefined,
  stepsBefore: Float64Array | undefined,
): void {
  let agreement = 0;
  if (before !== undefined && stepsBefore !== undefined) {
    const old = new Map(Array.from(stepsBefore, (step, i) => [step, before[i]]));
    for (let i = 0; i < steps.length; i++) agreement += coordinates[i] * (old.get(steps[i]) ?? 0);
  }
  if (agreement === 0 && steps.length > 0) agreement = coordinates[steps.length - 1] - coordinates[0];
  if (agreement < 0) for (let i = 0; i < coordinates.length; i++) coordinates[i] = -coordinates[i];
}
