/** Messages between the extension host and a webview (the panel, the loss chart in the side bar). */
import type { OptimizerConfig } from "../config/runConfig";
import type { RunChange, SettingChange } from "./changes";
import type { HealthColumns } from "./health";
import type { LayoutMessage } from "./layout";
import type { SaveMessage } from "./save";
import type { AdviceItem, ApplyAdvice, ChartRead, OpenPage } from "./advice";
import type {
  EpochColumns,
  Progress,
  AnyDescription,
  RunResult,
  RunStatus,
  StepColumns,
  Trajectory,
} from "./run";
import type { AskLab } from "./surface";

/** All that a view needs to draw a run from nothing. */
export interface RunSnapshot {
  id: string;
  name: string;
  status: RunStatus;
  /** While loading. */
  loading: string | null;
  /** null until the data have been read. */
  description: AnyDescription | null;
  progress: Progress | null;
  steps: StepColumns;
  epochs: EpochColumns;
  /** Absent where no step was looked at. */
  health?: HealthColumns;
  /** Settings that were changed on the way; absent: none. */
  changes?: readonly RunChange[];
  trajectory: Trajectory | null;
  /** Absent where nobody has kept it; later it is told from progress. */
  clock?: Clock;
  result: RunResult | null;
  warnings: string[];
  /** Absent: none. */
  advice?: AdviceItem[];
  /** The run that this one is drawn beside: the same from the same start, before its config was changed. */
  beside?: RunSnapshot;
}

/** Seconds of training after some steps; both ascend. */
export interface Clock {
  step: Float64Array;
  seconds: Float64Array;
}

/** What has changed since the last message; absent parts have not. */
export interface RunDelta {
  id: string;
  status?: RunStatus;
  loading?: string | null;
  description?: AnyDescription;
  progress?: Progress;
  /** Appended. */
  steps?: StepColumns;
  epochs?: EpochColumns;
  health?: HealthColumns;
  /** Replaced. */
  changes?: readonly RunChange[];
  trajectory?: Trajectory;
  advice?: AdviceItem[];
  result?: RunResult;
  /** Appended. */
  warnings?: string[];
}

/** Host → webview, at most 20 times a second. */
export type ToWebview =
  { type: "snapshot"; version: number; run: RunSnapshot | null } | { type: "delta"; run: RunDelta };

/** Webview → host. */
export type FromWebview =
  /** Sent once when the page has loaded; answered with a snapshot. */
  | { type: "ready"; version: number }
  | { type: "command"; command: ViewCommand; run: string | null }
  | LayoutMessage
  /** A branch is to begin at a step of the run; the host asks what shall be different from there on. */
  | { type: "branch"; run: string; step: number }
  | SaveMessage
  /** Settings are to be changed while the run goes on. */
  | { type: "change"; run: string; changes: SettingChange[] }
  /** A data file, as the run config names it, is to be opened at a line, counted from 1. */
  | { type: "openRow"; run: string; file: string; line: number }
  /** A descent that was tried on a function's map is to be written into the run config, and perhaps run. */
  | { type: "explored"; run: string; action: "save" | "train"; change: FunctionChange }
  | ApplyAdvice
  | OpenPage
  | ChartRead
  | AskLab;

/** What was changed of a function's run; absent parts are as they were. */
export interface FunctionChange {
  /** Of every variable. */
  start?: Record<string, number>;
  learningRate?: number;
  optimizer?: OptimizerConfig["type"];
}

export type ViewCommand =
  | "pause"
  | "resume"
  | "step"
  | "stop"
  | "restart"
  /** Goes on with a run that was cut off or stopped. */
  | "resumeRun"
  /** Train Network, from the empty state. */
  | "train"
  /** From the side bar's chart: opens the panel. */
  | "showCharts"
  | "openConfig"
  | "openFolder"
  | "exportModel"
  | "predict"
  /** The host asks for the step. */
  | "branchRun";
