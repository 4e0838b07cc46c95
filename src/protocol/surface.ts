/** The loss around a run's parameters, as it is asked for and as it comes: a surface over a plane, or a slice between two runs. */
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
