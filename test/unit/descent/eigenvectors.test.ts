import assert from "node:assert/strict";
import fc from "fast-check";
import { jacobiEigenpairs, leadingEigenpairs } from "../../../src/descent/eigenvectors";

/** Σ λ v vᵀ */
function matrixOf(size: number, pairs: [number, (i: number) => number][]): Float64Array {
  const matrix = new Float64Array(size * size);
  for (const [value, entry] of pairs) {
    const v = Array.from({ length: size }, (_, i) => entry(i));
    const squared = v.reduce((sum, x) => sum + x * x, 0);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) matrix[i * size + j] += (value * v[i] * v[j]) / squared;
    }
  }
  return matrix;
}

const wave = (size: number, k: number) => (i: number) => Math.cos((Math.PI * k * (i + 0.5)) / size);

function assertEigenpair(
  matrix: Float64Array,
  size: number,
  value: number,
  vector: Float64Array,
  tolerance: number,
) {
  for (let i = 0; i < size; i++) {
    let image = 0;
    for (let j = 0; j < size; j++) image += matrix[i * size + j] * vector[j];
    assert.ok(Math.abs(image - value * vector[i]) <= tolerance, `entry ${i}`);
  }
}

describe("the leading eigenvectors", () => {
  it("are found even when they are at right angles to every smooth curve", () => {
    const size = 64;
    const matrix = matrixOf(size, [
      [1, wave(size, 1)],
      [9, wave(size, 20)],
      [4, wave(size, 33)],
    ]);
    const { values, vectors } = leadingEigenpairs(matrix, size, 2);
    assert.ok(Math.abs(values[0] - 9) < 1e-12 && Math.abs(values[1] - 4) < 1e-12);
    assertEigenpair(matrix, size, values[0], vectors[0], 1e-9);
    assertEigenpair(matrix, size, values[1], vectors[1], 1e-9);
  });

  it("are orthonormal, and sorted by their eigenvalues, for any sums of squares", () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const rows = fc
      .integer({ min: 1, max: 14 })
      .chain((size) =>
        fc.array(fc.array(number, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(rows, (vectors) => {
        const size = vectors[0].length;
        const matrix = matrixOf(
          size,
          vectors.filter((v) => v.some((x) => Math.abs(x) > 1e-3)).map((v) => [v[0] ** 2 + 1, (i) => v[i]]),
        );
        const leading = leadingEigenpairs(matrix, size, 2);
        const all = jacobiEigenpairs(matrix, size);
        const largest = Math.max(all.values[0], 1e-300);
        assert.equal(leading.values.length, Math.min(2, size));
        leading.values.forEach((value, k) => {
          assert.ok(Math.abs(value - all.values[k]) <= 1e-9 * largest);
          assertEigenpair(matrix, size, value, leading.vectors[k], 1e-8 * largest);
        });
      }),
    );
  });

  it("of the zero matrix have eigenvalues 0", () => {
    assert.deepEqual([...leadingEigenpairs(new Float64Array(100), 10, 2).values], [0, 0]);
  });

  it("of a matrix without rows are none", () => {
    assert.deepEqual(leadingEigenpairs(new Float64Array(0), 0, 2).vectors, []);
  });
});

describe("Jacobi's rotations", () => {
  it("solve a matrix with known eigenvalues", () => {
    // 2 on the diagonal, −1 beside it: 2 − 2 cos(kπ / (n + 1)).
    const size = 6;
    const matrix = new Float64Array(36);
    for (let i = 0; i < size; i++) {
      matrix[i * size + i] = 2;
      if (i > 0) matrix[i * size + i - 1] = matrix[(i - 1) * size + i] = -1;
    }
    const { values, vectors } = jacobiEigenpairs(matrix, size);
    values.forEach((value, i) => {
      assert.ok(Math.abs(value - (2 - 2 * Math.cos(((size - i) * Math.PI) / (size + 1)))) < 1e-14);
      assertEigenpair(matrix, size, value, vectors[i], 1e-14);
    });
  });
});
