/** What a run is and what it reports: the vocabulary shared by worker, host, command line and webview. */

import type { OptimizerConfig, ScheduleConfig } from "../config/runConfig";
import type { PartOfComparison } from "./comparison";

export const PROTOCOL_VERSION = 1;

export type RunStatus =
  | "loading"
  | "running"
  | "paused"
  | "completed"
  | "early-stopped"
  | "stopped"
  | "diverged"
  | "failed"
  /** Was running when its process ended. */
  | "interrupted";

export const finishedStatuses: readonly RunStatus[] = [
  "completed",
  "early-stopped",
  "stopped",
  "diverged",
  "failed",
  "interrupted",
];

/** mae, rmse and r2 are in the target's own units and averaged over outputs. Non-finite values are null. */
export interface Metrics {
  loss: number | null;
  accuracy?: number | null;
  mae?: number | null;
  rmse?: number | null;
  r2?: number | null;
}

/** What any model must beat: always the majority class, or always the training mean. */
export interface Baseline {
  kind: "majority-class" | "mean";
  /** The class, or the mean(s) in the target's units. */
  label: string;
  training: Metrics;
  validation?: Metrics;
}

/** What every run says of itself before step 1. */
interface RunBasics {
  /** The name of the run folder. */
  id: string;
  /** The config's file name without `.train.json`. */
  name: string;
  /** Absolute path. */
  configFile: string;
  folder: string | null;
  /** "adam", 0.01: for titles; the resolved config is in run.json. */
  optimizer: string;
  learningRate: number;
  totalSteps: number;
  seed: number;
  kernel: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Absent where the config stands for this run alone. */
  comparison?: PartOfComparison;
  /** Things the user should know before looking at figures: dropped rows, imputed values … one sentence each. */
  notes: string[];
  /** Where the run began, if not at step 0. */
  branchedFrom?: BranchedFrom;
}

/** A step of another run, where a run began. */
export interface BranchedFrom {
  /** The name of that run's folder. */
  run: string;
  /** Its steps up to there count as this run's own. */
  step: number;
}

/** Where batches of a size begin: after so many steps, in the midst of an epoch (from 0) at a row of its order. */
export interface BatchOrigin {
  step: number;
  epoch: number;
  row: number;
}

/** The inputs of the largest and of the smallest root mean square. */
export interface InputSizes {
  largest: { name: string; size: number };
  smallest: { name: string; size: number };
}

/** Everything known of a network's run once the data are read. */
export interface RunDescription extends RunBasics {
  function?: undefined;
  /** Absolute path. */
  dataFile: string;
  task: "classification" | "regression";
  loss: "mse" | "mae" | "binary-cross-entropy" | "categorical-cross-entropy";
  target: string[];
  /** Classification only. */
  classes: string[] | null;
  /** Units per layer, inputs first, outputs last. */
  layers: number[];
  parameters: number;
  rows: { training: number; validation: number; test: number };
  /** How large the inputs are as the network is fed them; absent in runs of the first release, null where none varies. */
  inputs?: InputSizes | null;
  /** Of optimisers that have one. */
  momentum?: number;
  /** Unless the learning rate stays as it is. */
  schedule?: ScheduleConfig["type"];
  batchSize: number;
  stepsPerEpoch: number;
  /** Set where the batches before were of another size: steps of whole epochs count from there. */
  batchOrigin?: BatchOrigin;
  epochs: number;
  baseline: Baseline;
}

/** Everything known of a run that minimises a function: enough to make its descent once more. */
export interface FunctionDescription extends RunBasics {
  function: FunctionFacts;
}

export interface FunctionFacts {
  expression: string;
  /** In the order of every point. */
  variables: string[];
  start: number[];
  /** Lowest and highest value of each variable, as the config gives them. */
  domain: ([low: number, high: number] | null)[];
  optimizer: OptimizerConfig;
  schedule: ScheduleConfig;
  gradientTolerance: number;
  gradientClipNorm?: number;
}

/** What a run tells of itself before step 1. */
export type AnyDescription = RunDescription | FunctionDescription;

/** Where a descent on a function stands. */
export interface FunctionState {
  point: number[];
  value: number;
  gradientNorm: number;
}

/** What a descent on a function came to. */
export interface FunctionOutcome extends FunctionState {
  criticalPoint: "minimum" | "maximum" | "saddle" | "degenerate" | "not-critical";
  /** Of the Hessian, smallest first; null where one is not finite. */
  eigenvalues: (number | null)[];
}

/** Steps, column by column; all arrays have the same length. NaN and ±Infinity are possible. */
export interface StepColumns {
  /** Counts from 1. */
  step: Float64Array;
  loss: Float64Array;
  gradientNorm: Float64Array;
  learningRate: Float64Array;
  /** Functions: each variable's value before the step. */
  point?: Float64Array[];
}

/** Evaluations at the ends of epochs, column by column. Epoch 0 is the start, before step 1. */
export interface EpochColumns {
  epoch: Float64Array;
  step: Float64Array;
  /** Keyed "training.loss", "validation.accuracy" …: a metric the run does not have is not there. */
  metrics: Record<string, Float64Array>;
}

/** The path of θ on its principal plane. Replaced as a whole: the plane moves as the run goes. */
export interface Trajectory {
  step: Float64Array;
  /** Coordinates along the two orthonormal directions, from the centre. */
  a: Float64Array;
  b: Float64Array;
  /** Loss at each point: of the training rows at epoch ends, else of the batch. */
  loss: Float64Array;
  /** Distance of each point from the plane. */
  offPlane: Float64Array;
  /** Fractions of the variance along a and b, 0 … 1. */
  explained: [number, number];
  /** True when distances come from a sketch because the network is too large to keep its snapshots. */
  sketched: boolean;
  /** Functions: the variables of each point, point by point; a and b are then two of them where there are only two. */
  points?: Float64Array;
}

/** Where a run is now. */
export interface Progress {
  status: RunStatus;
  /** Completed steps and epochs. */
  step: number;
  epoch: number;
  /** Seconds inside steps, without evaluation, loading or pauses. */
  trainingSeconds: number;
  samplesPerSecond: number | null;
  /** Estimate from now to the end, evaluation included; null while unknown. */
  secondsLeft: number | null;
  training: Metrics | null;
  validation: Metrics | null;
  /** Functions only, which have no metrics. */
  function?: FunctionState;
}

/** How a run ended. */
export interface RunResult {
  status: "completed" | "early-stopped" | "stopped" | "diverged" | "failed" | "interrupted";
  steps: number;
  epochs: number;
  trainingSeconds: number;
  samplesPerSecond: number | null;
  training: Metrics | null;
  validation: Metrics | null;
  test: Metrics | null;
  /** One plain sentence: what was reached, or what went wrong and what to try. */
  message: string;
  /** Functions only, unless the run failed before it began. */
  function?: FunctionOutcome;
  /** Epoch whose weights were kept, when early stopping restored them. */
  restoredEpoch?: number;
  /** Where the final weights were written, when that was asked for and worked. */
  weightsFile?: string;
  /** Of a failure: tells the command line's exit status. */
  cause?: "config" | "data" | "internal" | "python";
}
