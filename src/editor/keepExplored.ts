import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import type { FromWebview } from "../protocol/webview";
import { rangeOf } from "./configProblems";
import type { CurrentRun } from "./currentRun";
import { openDocument, showDocument } from "./documents";
import { showError, UserError } from "./errors";
import type { TrainNetwork } from "./trainNetwork";

/** Called by a panel; no user command, as it has no sense without what was dragged there. */
export const keepExploredCommand = "_downhill.keepExplored";

type Explored = Extract<FromWebview, { type: "explored" }>;

/** Writes a start or a learning rate that was tried in a panel into the run config, as an edit that can be undone. */
export function registerKeepExplored(current: CurrentRun, train: TrainNetwork): vscode.Disposable {
  return vscode.commands.registerCommand(keepExploredCommand, async (explored: Explored) => {
    try {
      await keep(explored, current, train);
    } catch (error) {
      showError(error, "change the run config");
    }
  });
}

async function keep({ run: id, action, change }: Explored, current: CurrentRun, train: TrainNetwork) {
  const run = await current.byId(id);
  if (!run) throw new UserError("The run of this panel is no longer there; train its run config again.");
  const document = await openDocument(run.configFile);
  const { difference, withExplored } = await import("./onDemand");
  const language = runConfigLanguage(run.configFile) ?? "json";
  const text = document.getText();
  const variant = run.comparison?.name;
  const changed = withExplored(text, language, change, variant);
  if (changed === null) {
    throw new UserError(
      `${path.basename(run.configFile)} has changed and no longer describes this function; train it again to go on from there.`,
    );
  }
  if (changed !== text) {
    const edit = new vscode.WorkspaceEdit();
    const { start, end, text: replacement } = difference(text, changed);
    edit.replace(document.uri, rangeOf(document, { start, end }), replacement);
    await vscode.workspace.applyEdit(edit);
  }
  if (action === "train") await train.restart(run.configFile, variant);
  else await showDocument(document);
}
