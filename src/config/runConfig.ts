/**
 * The run config with every default filled in: what the rest of Downhill reads.
 * The keys, their defaults and their documentation are described once, in `keys/fields.ts`.
 */

export type Task = "classification" | "regression";

export type LossName = "mse" | "mae" | "binary-cross-entropy" | "categorical-cross-entropy";

export type ActivationName =
  "identity" | "relu" | "leaky-relu" | "elu" | "tanh" | "sigmoid" | "softplus" | "silu" | "gelu";

export type InitializerName =
  "auto" | "he-normal" | "he-uniform" | "glorot-normal" | "glorot-uniform" | "zeros";

export type OptimizerConfig =
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

/** `warmupSteps` counts optimiser steps; `every` and `patience` count epochs. */
export type ScheduleConfig = { warmupSteps: number } & (
  | { type: "constant" }
  | { type: "step"; every: number; factor: number }
  | { type: "exponential"; factor: number }
  | { type: "cosine"; final: number }
  /** `peak` absent: the optimiser's learning rate is the peak. */
  | { type: "one-cycle"; peak?: number }
  | { type: "reduce-on-plateau"; factor: number; patience: number }
);

export type DataFormat = "csv" | "tsv" | "json" | "jsonl" | "parquet";

export interface SplitConfig {
  /** Fraction of the rows, 0 ≤ validation < 1. */
  validation: number;
  test: number;
  /** Classification only; ignored for regression. */
  stratify: boolean;
  /** A column whose equal values stay together in one part. */
  groupBy?: string;
  /** A column of numbers or dates: the last rows are tested on, those before them validated on. Never with `groupBy`. */
  orderBy?: string;
}

export interface DataConfig {
  /** As written: relative to the config file. */
  file: string;
  /** Absent: told by the file's extension. */
  format?: DataFormat;
  /** At least one name. Several only for regression. */
  target: string[];
  /** Absent: every column that is neither target nor ignored. */
  features?: string[];
  ignore: string[];
  split: SplitConfig;
  /** A file with the same columns, used for validation instead of a split. */
  validationFile?: string;
  /** A file with the same columns, used for the test instead of a split. */
  testFile?: string;
  standardize: boolean;
  standardizeTarget: boolean;
  missing: "impute" | "drop" | "error";
  /** Classification only: "balanced" weighs a row of class c by n / (K·n_c) in the loss. */
  classWeights: "none" | "balanced";
  /** Rows that cannot be read: refuse the file, or leave them out and count them. */
  badRows: "error" | "skip";
  /** At most so many rows are read of each file. */
  rows?: number;
}

export interface HiddenLayerConfig {
  units: number;
  activation: ActivationName;
}

export interface NetworkConfig {
  hidden: HiddenLayerConfig[];
  initializer: InitializerName;
  /** Probability that a hidden unit is dropped, 0 ≤ dropout < 1. */
  dropout: number;
  /** A safetensors file, relative to the config file. */
  initialWeights?: string;
}

export interface EarlyStoppingConfig {
  /** Epochs without an improvement before the run ends. */
  patience: number;
  /** What counts as an improvement of the watched loss. */
  minDelta: number;
  restoreBest: boolean;
}

export type EngineConfig = BuiltinEngineConfig | PyTorchEngineConfig;

export interface BuiltinEngineConfig {
  type: "builtin";
  /** Absent: as many as are good. */
  threads?: number;
}

export interface PyTorchEngineConfig {
  type: "pytorch";
  /** An interpreter: a command, or a path relative to the config file. Absent: found. */
  python?: string;
  device: "auto" | "cpu" | "cuda" | "mps";
  /** Of each machine. */
  processes: number;
  /** Machines. More than one: the run is prepared by `downhill cluster`. */
  nodes: number;
  /** Host and port where the machines meet. */
  rendezvous?: string;
  /** Of each process. Absent: as many as PyTorch takes. */
  threads?: number;
}

/** The config of a run that minimises a function. Whether its expression is right is not known yet. */
export interface FunctionRunConfig {
  function: {
    expression: string;
    start: "random" | Record<string, number>;
    /** Lowest and highest value of those variables that it names. */
    domain: Record<string, [low: number, high: number]>;
  };
  optimizer: OptimizerConfig;
  /** `every` and `patience` count steps here. */
  schedule: ScheduleConfig;
  steps: number;
  /** 0: all steps are made. */
  gradientTolerance: number;
  seed: number;
  /** Of the start alone; absent: `seed`. */
  startSeed?: number;
  gradientClipNorm?: number;
}

/** The config of a run that trains a network. */
export interface RunConfig {
  data: DataConfig;
  /** Absent: inferred from the target column and the loss. */
  task?: Task;
  network: NetworkConfig;
  /** Absent: inferred from the task and the number of classes. */
  loss?: LossName;
  optimizer: OptimizerConfig;
  schedule: ScheduleConfig;
  batchSize: number | "full";
  epochs: number;
  shuffle: boolean;
  seed: number;
  /** Of the start alone; absent: `seed`. */
  startSeed?: number;
  gradientClipNorm?: number;
  earlyStopping?: EarlyStoppingConfig;
  engine: EngineConfig;
}
