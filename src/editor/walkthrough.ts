import * as vscode from "vscode";
import { walkthroughKeys } from "./contributed";
import type { LiveRuns, LiveSource } from "./liveRuns";

/** Called by what has seen a step of the walkthrough being made. */
export const walkedCommand = "_downhill.walked";

type Step = keyof typeof walkthroughKeys;

/** Charts that were looked at in this session. */
const chartsToRead = ["loss", "gradient"];

/** Ticks off the steps of the walkthrough as the user really makes them, by whatever way. */
export function followWalkthrough(liveRuns: LiveRuns): vscode.Disposable {
  const done = new Set<Step>();
  const read = new Set<string>();
  const finish = (step: Step) => {
    if (done.has(step)) return;
    done.add(step);
    void vscode.commands.executeCommand("setContext", walkthroughKeys[step], true);
  };
  return vscode.Disposable.from(
    liveRuns.onDidEnd((run) => {
      for (const step of stepsOf(run)) finish(step);
      if (liveRuns.startedWith(run).filter(hasReachedEnd).length >= runsOfRace) finish("raced");
    }),
    vscode.commands.registerCommand(walkedCommand, (what: { chart?: unknown; step?: unknown }) => {
      if (typeof what.step === "string" && Object.hasOwn(walkthroughKeys, what.step))
        finish(what.step as Step);
      if (typeof what.chart === "string") read.add(what.chart);
      if (chartsToRead.every((chart) => read.has(chart))) finish("read");
    }),
  );
}

/** So many runs that were started together have to reach their ends. */
const runsOfRace = 4;

function hasReachedEnd({ status }: LiveSource): boolean {
  return status === "completed" || status === "early-stopped";
}

/** What a run that has ended shows to have been done. */
function stepsOf(run: LiveSource): Step[] {
  const { result, description, comparison } = run;
  // One of several has its own step.
  if (!result || !hasReachedEnd(run) || comparison) return [];
  if (description?.function) return result.function?.criticalPoint === "minimum" ? ["minimum"] : [];
  return ["trained"];
}
