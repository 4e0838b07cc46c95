/**
 * The largest eigenvalues of a symmetric matrix and their eigenvectors.
 *
 * Subspace iteration: multiplying a handful of vectors by the matrix again and again turns them towards its
 * leading eigenvectors, if they are kept orthonormal. After each multiplication the small problem within
 * their span is solved by Jacobi's rotations (the Rayleigh–Ritz method), which sorts them out: Golub and Van
 * Loan, "Matrix computations", 8.2.
 */
import { cosPi } from "../engine/elementary";
import { RandomStream } from "../engine/random";

export interface Eigenpairs {
  /** Largest first. */
  readonly values: Float64Array;
  /** One unit vector per value. */
  readonly vectors: readonly Float64Array[];
}

/**
 * More vectors than are wanted: the error shrinks by λ₉ / λ₂ each time, and not by λ₃ / λ₂, which may be near
 * 1.
 */
const BLOCK = 8;
const MOST_ITERATIONS = 500;
/** Of the residual ‖Kv − λv‖, relative to the largest eigenvalue. */
const TOLERANCE = 1e-10;

/**
 * @param matrix symmetric, without negative eigenvalues, size × size
 * @param count of wanted pairs, at most 8; if the matrix is smaller, there are fewer
 */
export function leadingEigenpairs(matrix: Float64Array, size: number, count: number): Eigenpairs {
  if (size <= BLOCK) {
    const { values, vectors } = jacobiEigenpairs(matrix, size);
    return { values: values.slice(0, count), vectors: vectors.slice(0, count) };
  }
  let basis = startingVectors(size);
  orthonormalize(basis);
  for (let iteration = 1; ; iteration++) {
    const images = basis.map((vector) => multiply(matrix, vector));
    const small = new Float64Array(BLOCK * BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      for (let j = 0; j < BLOCK; j++) small[i * BLOCK + j] = dot(basis[i], images[j]);
    }
    const { values, vectors } = jacobiEigenpairs(small, BLOCK);
    basis = vectors.map((weights) => combine(basis, weights));
    const turned = vectors.map((weights) => combine(images, weights));
    let residual = 0;
    for (let i = 0; i < count; i++) residual = Math.max(residual, distance(turned[i], basis[i], values[i]));
    if (residual <= TOLERANCE * values[0] || iteration === MOST_ITERATIONS) {
      return { values: values.slice(0, count), vectors: basis.slice(0, count) };
    }
    basis = turned;
    orthonormalize(basis);
  }
}

/**
 * Half the vectors are cosines, which is what the principal components of a path nearly are (Antognini and
 * Sohl-Dickstein, "PCA of high dimensional random walks", 2018); the others are random but always the same,
 * so that no eigenvector is missed for being at a right angle to every cosine.
 */
function startingVectors(size: number): Float64Array[] {
  const random = new RandomStream().startFromState([1, 2, 3, 4]);
  return Array.from({ length: BLOCK }, (_, j) =>
    Float64Array.from({ length: size }, (_, i) =>
      j < BLOCK / 2 ? cosine(((j + 1) * (i + 0.5)) / size) : 2 * random.next() - 1,
    ),
  );
}

/** cos(πt) for any t ≥ 0. */
function cosine(t: number): number {
  const rest = t % 2;
  return cosPi(rest > 1 ? 2 - rest : rest);
}

/**
 * Gram and Schmidt, twice for each vector, so that rounding does not spoil it. A vector that the others span
 * already becomes 0, and stays so without harm.
 */
function orthonormalize(vectors: readonly Float64Array[]): void {
  vectors.forEach((vector, index) => {
    const before = Math.sqrt(dot(vector, vector));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < index; j++) addMultiple(vector, -dot(vector, vectors[j]), vectors[j]);
    }
    const norm = Math.sqrt(dot(vector, vector));
    if (norm <= 1e-12 * before || norm === 0) vector.fill(0);
    else for (let i = 0; i < vector.length; i++) vector[i] /= norm;
  });
}

/**
 * All eigenpairs of a small symmetric matrix, largest first: rotations in the plane of two coordinates, each
 * of which makes one pair of off-diagonal entries 0, until all of them are.
 */
export function jacobiEigenpairs(matrix: Float64Array, size: number): Eigenpairs {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let offDiagonal = 0;
    let diagonal = 0;
    for (let i = 0; i < size; i++) {
      diagonal += a[i * size + i] ** 2;
      for (let j = 0; j < i; j++) offDiagonal += a[i * size + j] ** 2;
    }
    if (offDiagonal <= 1e-32 * diagonal) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i]);
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, row) => v[row * size + i])),
  };
}

/** The rotation that makes a[p][q] zero, applied to both sides of `a` and to the columns of `v`. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const akp = a[k * size + p];
    const akq = a[k * size + q];
    a[k * size + p] = c * akp - s * akq;
    a[k * size + q] = s * akp + c * akq;
  }
  for (let k = 0; k < size; k++) {
    const apk = a[p * size + k];
    const aqk = a[q * size + k];
    a[p * size + k] = c * apk - s * aqk;
    a[q * size + k] = s * apk + c * aqk;
    const vkp = v[k * size + p];
    const vkq = v[k * size + q];
    v[k * size + p] = c * vkp - s * vkq;
    v[k * size + q] = s * vkp + c * vkq;
  }
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  const result = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j] * vector[j];
    result[i] = sum;
  }
  return result;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

function addMultiple(x: Float64Array, factor: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] += factor * y[i];
}

function combine(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const result = new Float64Array(vectors[0].length);
  vectors.forEach((vector, index) => addMultiple(result, weights[index], vector));
  return result;
}

/** ‖x − factor · y‖ */
function distance(x: Float64Array, y: Float64Array, factor: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - factor * y[i]) ** 2;
  return Math.sqrt(sum);
}
