/** What advice is drawn from: what a run tells of itself anyway, column by column, and nothing that must be computed for it. */
import type { LossName, RunConfig } from "../config/runConfig";
import type { HealthFacts } from "./health";
import type { InputFacts } from "./inputFacts";

/** Steps in ascending order, perhaps thinned; all columns have the same length. */
export interface StepSeries {
  readonly step: ArrayLike<number>;
  /** Of each step's batch, before the update. */
  readonly loss: ArrayLike<number>;
  readonly gradientNorm: ArrayLike<number>;
  readonly learningRate: ArrayLike<number>;
}

/** Evaluations at the ends of epochs; epoch 0 is the start. */
export interface EpochSeries {
  readonly epoch: ArrayLike<number>;
  readonly step: ArrayLike<number>;
  /** Keyed "training.loss", "validation.accuracy" … */
  readonly metrics: Readonly<Record<string, ArrayLike<number>>>;
}

/** A network's run, going on or ended. */
export interface Evidence {
  readonly config: RunConfig;
  readonly task: "classification" | "regression";
  readonly loss: LossName;
  /** Classification only. */
  readonly classes: readonly string[] | null;
  /** Rows of a batch, and of the training set. */
  readonly batchSize: number;
  readonly trainingRows: number;
  readonly validationRows: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Of the best constant answer, on the training rows. `label` is the majority class. */
  readonly baseline: {
    readonly label: string;
    readonly loss: number | null;
    readonly accuracy: number | null;
  };
  /** The same accuracy on the validation rows. */
  readonly validationBaselineAccuracy: number | null;
  readonly steps: StepSeries;
  readonly epochs: EpochSeries;
  readonly status: "running" | "ended" | "diverged";
  /** The step that diverged. */
  readonly divergedAt: number | null;
  /** How large the encoded inputs are. */
  readonly inputs: InputFacts | null;
  /** What the probes of the run's steps tell, where it made some. */
  readonly health: HealthFacts | null;
}
