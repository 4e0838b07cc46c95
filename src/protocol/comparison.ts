/** Messages between the extension host and the view that compares runs. */
import type { SaveMessage } from "./save";
import type { RunSnapshot } from "./webview";

/** Which of the runs a run is that one run config stands for. */
export interface PartOfComparison {
  /** The same for runs that were started together. */
  id: string;
  /** Of the entry, or the start. */
  name: string;
  /** From 0, in the order of the run config. */
  index: number;
  count: number;
}

export interface ComparedRun {
  /** What the user calls the run, else its config's name and when it began. */
  label: string;
  /** One value for each of the comparison's keys; null where the run has no such setting. */
  settings: (string | null)[];
  snapshot: RunSnapshot;
}

export interface Comparison {
  /** Of the run config that stands for all of them; null where the user chose the runs. */
  name: string | null;
  /** The settings in which the runs differ, as dotted keys. */
  keys: string[];
  /** Oldest first. */
  runs: ComparedRun[];
}

/** Host → view: when its page has loaded, and again when a run that goes on has come further. */
export interface ToComparison {
  type: "comparison";
  version: number;
  comparison: Comparison;
}

/** View → host. */
export type FromComparison =
  | { type: "ready"; version: number }
  | { type: "open"; run: string }
  /** Stops those that go on. */
  | { type: "stop" }
  | SaveMessage;
