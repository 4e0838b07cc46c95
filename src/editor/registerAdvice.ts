import * as vscode from "vscode";
import { AdviceProblems } from "./adviceProblems";
import { registerApplyAdvice, type AdviceServices } from "./applyAdvice";

/** Advice in the editor: at the lines of run configs, and what a panel's buttons do. */
export function registerAdvice(services: AdviceServices): vscode.Disposable {
  return vscode.Disposable.from(new AdviceProblems(services.liveRuns), registerApplyAdvice(services));
}
