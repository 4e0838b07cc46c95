import path from "node:path";
import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import type { AdviceFix, ApplyAdvice } from "../protocol/advice";
import { rangeOf } from "./configProblems";
import type { CurrentRun } from "./currentRun";
import { openDocument, showDocument } from "./documents";
import { showError, UserError } from "./errors";
import type { LiveRuns, LiveSource } from "./liveRuns";
import type { Panels } from "./panels";
import { isFinished } from "./runSource";
import type { TrainNetwork } from "./trainNetwork";
import { walkedCommand } from "./walkthrough";

/** Called by a panel; no user command, as it has no sense without the advice that is shown there. */
export const applyAdviceCommand = "_downhill.applyAdvice";

export interface AdviceServices {
  current: CurrentRun;
  train: TrainNetwork;
  panels: Panels;
  liveRuns: LiveRuns;
}

/** Writes what an advice says into the run config, and trains again from the same start where that is wanted. */
export function registerApplyAdvice(services: AdviceServices): vscode.Disposable {
  return vscode.commands.registerCommand(applyAdviceCommand, async (message: ApplyAdvice) => {
    try {
      await apply(message, services);
    } catch (error) {
      showError(error, "change the run config");
    }
  });
}

async function apply(
  { run: runId, id, fix: place, action }: ApplyAdvice,
  { current, train, panels, liveRuns }: AdviceServices,
): Promise<void> {
  const run = await current.byId(runId);
  const advice = (await run?.load())?.advice?.find((item) => item.id === id);
  const fix = advice?.fixes.at(place);
  if (!run || !fix)
    throw new UserError("What this advice was drawn from is no longer there; train the run config again.");
  const document = await openDocument(run.configFile);
  const edit = await editFor(document, fix);
  if (edit) await vscode.workspace.applyEdit(edit);
  if (action === "apply") {
    await showDocument(document, changedRange(document, edit));
    return;
  }
  await train.restart(run.configFile);
  const next = liveRuns.ofConfig(run.configFile);
  if (!next || next.id === run.id) return;
  panels.showBeside(next, run);
  if (id === "learning-rate-too-large") tickOff(next);
}

/** A run that was mended and reaches its end is a step of the walkthrough. */
function tickOff(run: LiveSource): void {
  const look = () => {
    if (!isFinished(run)) return;
    stop();
    if (run.status === "completed" || run.status === "early-stopped")
      void vscode.commands.executeCommand(walkedCommand, { step: "repaired" });
  };
  const stop = run.onDelta(look);
}

/** The edit that makes a fix in a run config's text; null where the text says so already. */
export async function editFor(
  document: vscode.TextDocument,
  fix: AdviceFix,
): Promise<vscode.WorkspaceEdit | null> {
  const { changeValues, difference, readRunConfig } = await import("./onDemand");
  const text = document.getText();
  const language = runConfigLanguage(document.fileName) ?? "json";
  const name = path.basename(document.fileName);
  if (readRunConfig(text, language).problems.some(({ severity }) => severity === "error"))
    throw new UserError(`${name} has a problem of its own; mend it first, then apply the advice.`);
  const changed = changeValues(text, language, fix.changes);
  if (changed === text) return null;
  if (readRunConfig(changed, language).problems.some(({ severity }) => severity === "error"))
    throw new UserError(`${name} has changed so much that this advice no longer fits; train it again.`);
  const { start, end, text: replacement } = difference(text, changed);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, { start, end }), replacement);
  return edit;
}

/** What an edit has written, to be selected. */
function changedRange(
  document: vscode.TextDocument,
  edit: vscode.WorkspaceEdit | null,
): vscode.Range | undefined {
  const [change] = edit?.get(document.uri) ?? [];
  if (!(change instanceof vscode.TextEdit)) return undefined;
  const start = document.offsetAt(change.range.start);
  return rangeOf(document, { start, end: start + change.newText.length });
}
