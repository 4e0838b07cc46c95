/** Messages between the host (editor or command line) and the worker thread of one run. */
import type { RunChange, SettingChange } from "./changes";
import type { PartOfComparison } from "./comparison";
import type { HealthColumns } from "./health";
import type { EpochColumns, Progress, AnyDescription, RunResult, StepColumns, Trajectory } from "./run";

export interface StartRun {
  /** Chosen by the host; the run folder's name. */
  id: string;
  configFile: string;
  /** The config's text as the user sees it; the worker reads no config from disk. */
  configText: string;
  /** Files that the config names must lie in this folder. */
  workspaceFolder: string;
  /** Where the run's folder is made; null keeps nothing. */
  runsFolder: string | null;
  /** Which steps are reported: every n-th, or min–max thinned to what a chart can show. */
  steps: number | "thinned";
  /** Whether the descent trajectory is followed. */
  trajectory: boolean;
  /** Whether steps are looked at, to tell how healthy they are: as often as costs next to nothing, or all of them. */
  health?: boolean | "every-step";
  /** Absolute path of a safetensors file to which the final weights are written, beside the run's own checkpoint. */
  weightsFile?: string;
  /**
   * Goes on with the run `id` in `runsFolder` from its last checkpoint, by the config that it began with; `configText` must mean
   * the same. A run that has ended makes no step.
   */
  resume?: boolean;
  /**
   * Begins where another run stood after `step` steps, by a config that differs from that run's in how one trains only (see
   * branch.ts), and counts steps and epochs on from there. Not with `resume`: a branch is resumed as every run is.
   */
  branch?: BranchPoint;
  /** Changes of settings that were made on a way that is taken once more, and are made again; not with `resume`. */
  changes?: readonly RunChange[];
  /** Makes the steps up to this one only. */
  lastStep?: number;
  /**
   * A stopped run makes no further step, but may be evaluated where it stands: to the end or until it is stopped once
   * more, else for two seconds at most.
   */
  patientStop?: boolean;
  /** Makes the run's folder and what PyTorch needs to train it elsewhere, and no step. */
  prepare?: boolean;
  /**
   * Whether programs of this computer may be run for it, as PyTorch is: absent for a config that the user has not said to trust.
   * `known`: Python interpreters that the host knows of, the most wanted first.
   */
  python?: { known: string[] };
  /** Of a config that stands for several runs: which of them this is; `configText` is that one's own. */
  comparison?: PartOfComparison;
  /** The most threads the run may compute with, 0 for as many as are good; and whether that goes before what its config says. */
  threads?: { threads: number; beforeConfig: boolean };
}

/** A step of a kept run. */
export interface BranchPoint {
  /** Absolute path of that run's folder. */
  folder: string;
  /** 0 or more; at most the steps that the run made. */
  step: number;
}

/**
 * Host → worker, beside StartRun in workerData. Pause and stop also raise the shared interrupt flag, so that
 * a long step or evaluation is left at once.
 */
export type RunCommand =
  | { type: "pause" }
  | { type: "resume" }
  /** Makes one step and pauses. */
  | { type: "step" }
  | { type: "stop" }
  /** Changes settings before the next step. */
  | { type: "change"; changes: readonly SettingChange[] };

/** Where a run goes on or branches off, and what was kept of the history up to there. */
export interface ResumedFrom {
  step: number;
  epoch: number;
  steps: StepColumns;
  epochs: EpochColumns;
  health?: HealthColumns;
  trajectory: Trajectory | null;
}

/** Worker → host, at most 20 times a second. */
export type RunEvent =
  /** While reading and preparing: a sentence and a fraction done, if known. */
  | { type: "loading"; message: string; fraction: number | null }
  | { type: "start"; description: AnyDescription; resumed?: ResumedFrom }
  | {
      type: "report";
      progress: Progress;
      steps?: StepColumns;
      epochs?: EpochColumns;
      health?: HealthColumns;
      trajectory?: Trajectory;
    }
  /** Settings were changed: all changes so far, and the run as it is now. */
  | { type: "changed"; changes: readonly RunChange[]; description: AnyDescription }
  /** One sentence; the run goes on. */
  | { type: "warning"; message: string }
  /** The last event of every run. */
  | { type: "done"; result: RunResult };
