/** The loss around a run's parameters, as a page asks for it and as it comes: a surface over a plane, or a slice between two runs. */
import type {
  EvaluationPart,
  EvaluationRequest,
  ImportancePart,
  ImportanceRequest,
  NetworkPart,
  PredictPart,
  PredictRequest,
} from "./evaluation";
import type { Trajectory } from "./run";

/** A rectangle of a plane, in its coordinates. */
export interface Region {
  a: [low: number, high: number];
  b: [low: number, high: number];
}

/** Which plane of parameters. */
export type PlaneChoice =
  | {
      type: "path";
      /** The part to look at; absent: all of the path, in a plot of this width ÷ height. */
      region?: Region;
      aspect: number;
    }
  /** Filter-normalised random directions around where the run stands (Li et al. 2018). */
  | { type: "random"; seed: number; region: Region };

export interface SurfaceRequest {
  plane: PlaneChoice;
  /** Points along either side, of the finest grid: a power of two. */
  size: number;
}

/** One state of a surface that becomes finer. */
export interface SurfacePart {
  region: Region;
  /** Points along either side of the finest grid; so far only every `stride`-th is known, along both sides. */
  size: number;
  stride: number;
  /**
   * The mean loss at the points that are known, row by row from the lowest b, (size ÷ stride)² of them: point (i, j) lies (stride·i + ½) and
   * (stride·j + ½) cells of the finest grid from the corner. Not finite where the loss is not.
   */
  losses: Float64Array;
  /** Training rows that the losses are means of, and how many there are. */
  rows: number;
  allRows: number;
  /** The step at which the run stood. */
  step: number;
  /** The path that the plane belongs to. */
  trajectory?: Trajectory;
  /** The mean loss of the same rows at each point of the path itself, which lies off the plane; NaN where it is not known. */
  pathLosses?: Float64Array;
}

/** The loss along the straight line from this run's parameters (α = 0) to another's (α = 1). */
export interface SlicePart {
  alpha: Float64Array;
  /** Mean losses of training rows, and of validation rows where there are any. */
  training: Float64Array;
  validation: Float64Array | null;
  /** Training rows that the losses are means of. */
  rows: number;
  /** The step at which this run stood. */
  step: number;
}

/** A kept run that another can be compared with. */
export interface OtherRun {
  id: string;
  label: string;
}

/** Webview → host. */
export type LabQuestion =
  | { kind: "surface"; surface: SurfaceRequest }
  | { kind: "slice"; other: string }
  | { kind: "evaluate"; evaluate: EvaluationRequest }
  | { kind: "importance"; importance: ImportanceRequest }
  | { kind: "predict"; predict: PredictRequest }
  | { kind: "network" }
  /** The runs that a slice could lead to. */
  | { kind: "others" };

export type AskLab =
  | { type: "askLab"; run: string; id: number; question: LabQuestion }
  /** The answer is not wanted any more. */
  | { type: "leaveLab"; id: number };

/** Host → webview: parts as they come, then "done" or a sentence that says why there are no more. */
export type LabAnswer =
  | { type: "lab"; id: number; surface: SurfacePart }
  | { type: "lab"; id: number; slice: SlicePart }
  | { type: "lab"; id: number; evaluation: EvaluationPart }
  | { type: "lab"; id: number; importances: ImportancePart }
  | { type: "lab"; id: number; prediction: PredictPart }
  | { type: "lab"; id: number; network: NetworkPart }
  | { type: "lab"; id: number; others: OtherRun[] }
  | { type: "lab"; id: number; done: true }
  | { type: "lab"; id: number; failed: string };
