/**
 * The engine's interface, coarse on purpose: a fast kernel may fuse everything that happens within one call.
 * The reference implementation is in `reference.ts`; others are checked against it.
 */

export type FloatArray = Float32Array | Float64Array;

export type Activation =
  "identity" | "relu" | "leaky-relu" | "elu" | "tanh" | "sigmoid" | "softplus" | "silu" | "gelu";

export type Loss = "mse" | "mae" | "binary-cross-entropy" | "categorical-cross-entropy";

export type Initializer = "auto" | "he-normal" | "he-uniform" | "glorot-normal" | "glorot-uniform" | "zeros";

export type Optimizer =
  | { type: "sgd"; learningRate: number; weightDecay: number }
  | { type: "momentum" | "nesterov"; learningRate: number; momentum: number; weightDecay: number }
  | { type: "rmsprop"; learningRate: number; decay: number; epsilon: number; weightDecay: number }
  | {
      type: "adam" | "adamw";
      learningRate: number;
      beta1: number;
      beta2: number;
      epsilon: number;
      weightDecay: number;
    }
  | { type: "adagrad"; learningRate: number; epsilon: number; weightDecay: number };

export interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Probability that a unit of this layer's output is dropped while training (inverted dropout). */
  readonly dropout: number;
}

/** Layers from the inputs to the outputs; the last one's activation is identity (logits, or scaled values). */
export interface Network {
  readonly layers: readonly Layer[];
}

/** Rows as the engine reads them; see the matching type in `data/samples.ts` for the meaning of targets. */
export interface Samples {
  readonly count: number;
  /** count × inputs of the first layer, row-major. */
  readonly inputs: FloatArray;
  /** count × outputs; for categorical cross-entropy count × 1, the index of the class. */
  readonly targets: FloatArray;
}

export interface EngineSettings {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Rows of a step; the last batch of an epoch may be shorter. */
  readonly batchSize: number;
  /** Global L2 norm to which the gradient is clipped, before weight decay. Absent: no clipping. */
  readonly gradientClipNorm?: number;
  /**
   * How much a sample of each class counts in the loss, one positive number per class: two for binary cross-entropy, one per output
   * for categorical; not for the others. The loss of a batch is PyTorch's: with `CrossEntropyLoss(weight=w)` Σ w_y·l / Σ w_y over its
   * rows, with `BCEWithLogitsLoss(weight=w[y])` Σ w_y·l / n. Absent: every class counts alike.
   */
  readonly classWeights?: ArrayLike<number>;
  /** Seeds the dropout stream. */
  readonly seed: number;
  /** The rows that `order` and `rows` index. */
  readonly training: Samples;
  /** float64 is for checks: the same code, other arrays. Default "float32". */
  readonly precision?: "float32" | "float64";
}

/** What `runSteps` did. Each array holds one number per *completed* step. */
export interface StepsReport {
  readonly completed: number;
  /** Batch loss before the update, with dropout as it was. */
  readonly losses: Float64Array;
  /** Global L2 norm of the gradient of the batch loss, before weight decay and clipping. */
  readonly gradientNorms: Float64Array;
  /**
   * Set when the step after the completed ones met a non-finite loss or gradient, or when its update would
   * have made a parameter non-finite: then both of these numbers may be finite. The parameters are those of
   * the last good step.
   */
  readonly nonFinite?: { readonly loss: number; readonly gradientNorm: number };
}

/** Sums over rows, so that blocks can be evaluated apart and added. */
export interface Evaluation {
  readonly count: number;
  /** Sum over rows of the per-sample loss (mean over outputs for mse and mae), times the weight of the row's class. */
  readonly lossSum: number;
  /** What the sum of the losses is divided by to be the mean loss: `count`, or the sum of the weights where the loss divides by it. */
  readonly weightSum: number;
  /** count × outputs: logits, or scaled values. */
  readonly outputs: FloatArray;
}

/**
 * A plane of parameters, θ = center + a·u + b·v, as the rows that are to be evaluated there see it: the first layer's z is affine
 * in θ, and so z = z₀ + a·z₁ + b·z₂.
 */
export interface ParameterPlane {
  readonly center: FloatArray;
  readonly u: FloatArray;
  readonly v: FloatArray;
  /** `firstPreActivations` of center, u and v, for the same rows. */
  readonly preActivations: readonly [FloatArray, FloatArray, FloatArray];
}

export interface Snapshot {
  /** Steps taken so far. */
  readonly step: number;
  readonly parameters: FloatArray;
  /** One array per optimiser slot (velocity; mean of squares; first and second moment …), possibly none. */
  readonly slots: readonly FloatArray[];
}

export interface Engine {
  /** Recorded in run.json: results are bit-identical for equal names. */
  readonly kernel: string;
  readonly network: Network;
  /** How many rows `evaluate` is best given at once; absent: any number will do. */
  readonly evaluationRows?: number;
  /**
   * All parameters, flat: layer by layer, weight [units × inputs] row-major, then bias [units].
   * A live view: copy it to keep it.
   */
  readonly parameters: FloatArray;
  /** Steps taken since the start of the run. */
  readonly step: number;

  /**
   * Makes one optimiser step per learning rate. `order` lists training rows; step i takes the rows
   * [i·batchSize, (i+1)·batchSize) of it, the last one what is left. A call never spans two epochs.
   * When `interrupt[0]` (shared memory) becomes non-zero, the step in progress is abandoned without a
   * trace and the report holds the completed ones.
   */
  runSteps(order: Uint32Array, learningRates: Float64Array, interrupt?: Int32Array): StepsReport;

  /** Loss and gradient of the mean loss over training rows at any θ, without dropout. Changes nothing. */
  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray };

  /**
   * As `gradientAt`, with the dropout masks of a step: what that step's loss and gradient are, or would be, at any θ. Changes nothing.
   *
   * @param rows the step's rows in their order, which the masks follow
   * @param step counts from 1
   * @returns null when `interrupt[0]` (shared memory) became non-zero meanwhile
   */
  stepGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    step: number,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null;

  /** Forward pass over rows [from, to) of any samples at any θ, without dropout. Changes nothing. */
  evaluate(parameters: FloatArray, samples: Samples, from?: number, to?: number): Evaluation;

  /**
   * The first layer's z = W·x + b for rows [from, to) of any samples at any θ: rows × units. It is affine in θ, so that along
   * a plane of parameters it follows from three of them.
   */
  firstPreActivations(parameters: FloatArray, samples: Samples, from?: number, to?: number): FloatArray;

  /**
   * As `evaluate`, from the first layer's z of those rows. Neither their inputs nor the first layer's parameters are read. Changes
   * nothing.
   */
  evaluateFrom(
    preActivations: FloatArray,
    parameters: FloatArray,
    samples: Samples,
    from?: number,
    to?: number,
  ): Evaluation;

  /**
   * The sum of the losses of rows [from, to) at each point (a[i], b[i]) of a plane, in the order of the points: `evaluate`'s lossSum there, but
   * for rounding. Its weightSum is the same everywhere. Neither inputs nor the first layer's parameters are read. Changes nothing.
   *
   * @throws RangeError if sizes do not fit together
   */
  lossesOnPlane(
    plane: ParameterPlane,
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
    from?: number,
    to?: number,
  ): Float64Array;

  /** Hessian of the mean loss over training rows times v, exact (Pearlmutter 1994). Changes nothing. */
  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray;

  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}
