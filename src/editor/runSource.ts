import type { MessagePort } from "node:worker_threads";
import type { PartOfComparison } from "../protocol/comparison";
import type { RunCommand } from "../protocol/worker";
import { finishedStatuses, type BranchedFrom, type RunResult, type RunStatus } from "../protocol/run";
import type { RunDelta, RunSnapshot } from "../protocol/webview";
import type { Settings } from "../run/settings";

/** What every run is known by, going on or stored. */
export interface RunEntry {
  readonly id: string;
  /** The run config's file name without `.train.json`. */
  readonly name: string;
  readonly configFile: string;
  /** null when nothing of the run is kept. */
  readonly folder: string | null;
  readonly status: RunStatus;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly result: RunResult | null;
  /** The resolved settings, flat; absent while only the run itself knows them. */
  readonly settings?: Settings;
  /** What the user calls the run. */
  readonly title?: string;
  readonly pinned?: boolean;
  /** It was cut off or stopped, and can go on from its last checkpoint. */
  readonly resumable: boolean;
  /** Set of a branch. */
  readonly branchedFrom?: BranchedFrom;
  /** Which of the runs it is that its config stands for. */
  readonly comparison?: PartOfComparison | undefined;
}

/** A run that can be drawn. */
export interface RunSource extends RunEntry {
  load(): Promise<RunSnapshot> | RunSnapshot;
  /** Absent for a stored run. Returns what ends the listening. */
  readonly onDelta?: (listener: (delta: RunDelta) => void) => () => void;
  /** A port to its worker for a lab; absent for a stored run, null of one that has ended. */
  readonly connect?: () => MessagePort | null;
  /** Absent for a stored run. */
  readonly send?: (command: RunCommand) => void;
}

export function isFinished(run: { status: RunStatus }): boolean {
  return finishedStatuses.includes(run.status);
}

/** All runs, newest first; a run that is both live and stored is shown as it lives. */
export function mergeRuns<A extends RunEntry, B extends RunEntry>(
  live: readonly A[],
  stored: readonly B[],
): (A | B)[] {
  const ids = new Set(live.map((run) => run.id));
  return [...live, ...stored.filter((run) => !ids.has(run.id))].sort(
    (a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1),
  );
}
