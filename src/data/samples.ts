/**
 * Encoded rows, ready for the engine. Row-major float32, backed by a SharedArrayBuffer where the host has
 * one, so that every worker of a run reads the same memory.
 */
export interface Samples {
  readonly count: number;
  /** count × inputSize. */
  readonly inputs: Float32Array;
  /**
   * Regression: count × outputs, scaled. Binary cross-entropy: count × 1, 1 for the second class.
   * Categorical cross-entropy: count × 1, the index of the class.
   */
  readonly targets: Float32Array;
}
