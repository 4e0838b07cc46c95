import path from "node:path";
import * as vscode from "vscode";
import { commandIds } from "./contributed";
import type { ConfigProblems } from "./configProblems";
import { ask, showError, type Remedy } from "./errors";
import type { LiveRuns, LiveSource } from "./liveRuns";
import type { Comparisons } from "./comparisons";
import type { Panels } from "./panels";
import { pythonRemedies } from "./pythonRemedies";
import { isFinished } from "./runSource";

/** Reading that takes longer than this shows its progress. */
const patience = 2000;

/** Tells of runs what the user should know and may not see: long reading, an end behind other editors, a failure. */
export function announceRuns(
  liveRuns: LiveRuns,
  panels: Panels,
  problems: ConfigProblems,
  comparisons: Comparisons,
): vscode.Disposable {
  return vscode.Disposable.from(
    liveRuns.onDidStart((run) => {
      const isVisible = () => panels.isVisible(run) || comparisons.isVisible(run);
      // Of several runs that are started together the first one speaks.
      if (liveRuns.startedWith(run).length === 1) showLoading(run, isVisible);
    }),
    liveRuns.onDidEnd((run) => {
      const together = liveRuns.startedWith(run);
      if (together.length > 1) announceEndOfAll(run, together, comparisons.isVisible(run));
      else announceEnd(run, panels.isVisible(run));
      const { result } = run;
      if (result?.cause === "config" || result?.cause === "data")
        problems
          .showRunFailure(run.configFile, result.message)
          .catch((error: unknown) => showError(error, "show where the run config is wrong"));
    }),
  );
}

/** The panel shows how far reading is and has a Stop button: only where it is not to be seen a notification has to. */
function showLoading(run: LiveSource, isVisible: () => boolean): void {
  setTimeout(() => {
    if (run.status !== "loading") return;
    if (isVisible()) return showLoading(run, isVisible);
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Downhill: ${run.name}`,
      cancellable: true,
    };
    void vscode.window.withProgress(options, async (progress, cancelled) => {
      progress.report({ message: run.latest.loading ?? "Reading the data" });
      cancelled.onCancellationRequested(() => void run.end(1000));
      await new Promise<void>((resolve) => {
        const stop = run.onDelta((delta) => {
          if (delta.loading) progress.report({ message: delta.loading });
          if (run.status === "loading") return;
          stop();
          resolve();
        });
      });
    });
  }, patience);
}

/** Of runs that are compared: the first failure, and that all have ended where that is not to be seen. */
function announceEndOfAll(run: LiveSource, together: readonly LiveSource[], visible: boolean): void {
  const failed = together.filter(({ status }) => status === "failed");
  if (run.status === "failed" && failed.length === 1) return announceEnd(run, false);
  if (visible || failed.length > 0 || !together.every(isFinished)) return;
  if (together.some(({ status }) => status === "stopped")) return;
  const charts: Remedy = {
    label: "Show Comparison",
    run: () => vscode.commands.executeCommand(commandIds.showCharts, vscode.Uri.file(run.configFile)),
  };
  ask("information", `${path.basename(run.configFile)}: all ${together.length} runs have ended.`, [charts]);
}

function announceEnd(run: LiveSource, visible: boolean): void {
  const { result } = run;
  if (!result) return;
  const message = `${run.name}: ${result.message}`;
  const charts: Remedy = {
    label: "Show Charts",
    run: () => vscode.commands.executeCommand(commandIds.showCharts, run.id),
  };
  switch (result.status) {
    case "failed": {
      const open: Remedy = {
        label: `Open ${path.basename(run.configFile)}`,
        run: () => vscode.commands.executeCommand(commandIds.openRunConfig, run.id),
      };
      const remedies = result.cause === "python" ? pythonRemedies(run.configFile, result.message) : [open];
      return ask("error", message, result.steps > 0 ? [...remedies, charts] : remedies);
    }
    case "diverged":
      return visible ? undefined : ask("warning", message, [charts]);
    case "completed":
    case "early-stopped":
      return visible ? undefined : ask("information", message, [charts]);
    default:
      // Stopped by the user, who knows.
      return;
  }
}
