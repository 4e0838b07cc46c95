import path from "node:path";
import * as vscode from "vscode";
import { commandIds } from "./contributed";
import type { ConfigProblems } from "./configProblems";
import { ask, showError, type Remedy } from "./errors";
import type { LiveRuns, LiveSource } from "./liveRuns";
import type { Panels } from "./panels";
import { pythonRemedies } from "./pythonRemedies";

/** Reading that takes longer than this shows its progress. */
const patience = 2000;

/** Tells of runs what the user should know and may not see: long reading, an end behind other editors, a failure. */
export function announceRuns(
  liveRuns: LiveRuns,
  panels: Panels,
  problems: ConfigProblems,
): vscode.Disposable {
  return vscode.Disposable.from(
    liveRuns.onDidStart((run) => showLoading(run, panels)),
    liveRuns.onDidEnd((run) => {
      announceEnd(run, panels.isVisible(run));
      const { result } = run;
      if (result?.cause === "config" || result?.cause === "data")
        problems
          .showRunFailure(run.configFile, result.message)
          .catch((error: unknown) => showError(error, "show where the run config is wrong"));
    }),
  );
}

/** The panel shows how far reading is and has a Stop button: only where it is not to be seen a notification has to. */
function showLoading(run: LiveSource, panels: Panels): void {
  setTimeout(() => {
    if (run.status !== "loading") return;
    if (panels.isVisible(run)) return showLoading(run, panels);
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
