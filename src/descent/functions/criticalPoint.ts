import { jacobiEigenpairs } from "../eigenvectors";
import type { DifferentiableFunction } from "./differentiable";

export type CriticalPointKind = "minimum" | "maximum" | "saddle" | "degenerate" | "not-critical";

export interface CriticalPoint {
  readonly kind: CriticalPointKind;
  /** Of the Hessian, smallest first; not finite where the Hessian is not. */
  readonly eigenvalues: Float64Array;
}

/** At most such a gradient norm counts as none. */
const SMALLEST_TOLERANCE = 1e-6;

/** An eigenvalue is zero below this share of the largest in size. */
const ZERO_SHARE = 1e-8;

/**
 * What a point is, by the gradient norm and the eigenvalues of the Hessian there. With eigenvalues of both signs it is
 * a saddle whatever the others are; else, with one that is zero, the second derivatives do not tell: degenerate.
 */
export function classify(
  f: DifferentiableFunction,
  point: ArrayLike<number>,
  gradientNorm: number,
  gradientTolerance: number,
): CriticalPoint {
  const eigenvalues = hessianEigenvalues(f, point);
  if (!(gradientNorm <= Math.max(gradientTolerance, SMALLEST_TOLERANCE))) {
    return { kind: "not-critical", eigenvalues };
  }
  return { kind: kindOf(eigenvalues), eigenvalues };
}

function kindOf(eigenvalues: Float64Array): CriticalPointKind {
  if (!eigenvalues.every(Number.isFinite)) return "degenerate";
  const largest = Math.max(...eigenvalues.map(Math.abs));
  const isZero = (value: number): boolean => Math.abs(value) <= ZERO_SHARE * largest;
  const some = (sign: number): boolean =>
    eigenvalues.some((value) => !isZero(value) && Math.sign(value) === sign);
  if (some(1) && some(-1)) return "saddle";
  if (eigenvalues.some(isZero)) return "degenerate";
  return some(1) ? "minimum" : "maximum";
}

function hessianEigenvalues(f: DifferentiableFunction, point: ArrayLike<number>): Float64Array {
  const n = f.variables.length;
  const hessian = f.hessian(point);
  if (!hessian.every(Number.isFinite)) return new Float64Array(n).fill(NaN);
  // Rounding makes the two halves differ in their last bits.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      hessian[i * n + j] = hessian[j * n + i] = (hessian[i * n + j] + hessian[j * n + i]) / 2;
    }
  }
  return jacobiEigenpairs(hessian, n).values.reverse();
}
