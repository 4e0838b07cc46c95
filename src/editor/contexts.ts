import * as vscode from "vscode";
import { contextKeys } from "./contributed";
import type { CurrentRun } from "./currentRun";
import { openJsonTables } from "./jsonTables";
import type { LiveRuns } from "./liveRuns";
import type { Panels } from "./panels";
import type { StoredRuns } from "./storedRuns";

/** Keeps the context keys that package.json's `when` clauses read. */
export function followContexts(
  liveRuns: LiveRuns,
  storedRuns: StoredRuns,
  panels: Panels,
  current: CurrentRun,
): vscode.Disposable {
  const known = new Map<string, string>();
  const set = (key: string, value: boolean | string[]) => {
    const text = JSON.stringify(value);
    if (known.get(key) === text) return;
    known.set(key, text);
    void vscode.commands.executeCommand("setContext", key, value);
  };
  const update = () => {
    const run = current.run();
    set(contextKeys.running, liveRuns.unfinished.length > 0);
    set(contextKeys.paused, run?.status === "paused");
    set(contextKeys.hasRun, run !== null);
    set(contextKeys.noRuns, storedRuns.isRead && storedRuns.runs.length + liveRuns.all.length === 0);
    set(
      contextKeys.runningConfigs,
      liveRuns.unfinished.map((live) => live.configFile),
    );
    const configs = [...liveRuns.all, ...storedRuns.runs].map((any) => any.configFile);
    set(contextKeys.configsWithRuns, [...new Set(configs)]);
    set(contextKeys.jsonTables, openJsonTables());
  };
  update();
  return vscode.Disposable.from(
    liveRuns.onDidChange(update),
    storedRuns.onDidChange(update),
    panels.onDidChangeFocus(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.workspace.onDidSaveTextDocument(update),
  );
}
