import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { rangeOf, type ConfigProblems } from "./configProblems";
import { runConfigPattern } from "./contributed";
import type { CurrentRun } from "./currentRun";
import { lensesFor } from "./lenses";
import type { LiveRuns } from "./liveRuns";
import type { StoredRuns } from "./storedRuns";
import { isFinished } from "./runSource";

const selector: vscode.DocumentSelector = { scheme: "file", pattern: runConfigPattern };
const yamlSelector: vscode.DocumentSelector = { scheme: "file", pattern: "**/*.train.{yaml,yml}" };

/** What a run config offers while it is edited: links to train, quick fixes, documentation. */
export function registerConfigFeatures(
  liveRuns: LiveRuns,
  storedRuns: StoredRuns,
  current: CurrentRun,
  problems: ConfigProblems,
): vscode.Disposable {
  const lensChanges = new vscode.EventEmitter<void>();
  const change = () => lensChanges.fire();
  return vscode.Disposable.from(
    lensChanges,
    liveRuns.onDidChange(change),
    storedRuns.onDidChange(change),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensChanges.event,
      async provideCodeLenses(document) {
        const live = liveRuns.ofConfig(document.uri.fsPath);
        const hasRun = (await current.named(document.uri)) !== undefined;
        const start = new vscode.Range(0, 0, 0, 0);
        return lensesFor({ running: live !== undefined && !isFinished(live), hasRun }).map(
          ({ command, title, tooltip }) =>
            new vscode.CodeLens(start, { command, title, tooltip, arguments: [document.uri] }),
        );
      },
    }),
    vscode.languages.registerCodeActionsProvider(
      selector,
      { provideCodeActions: (document, range, context) => quickFixes(document, range, context, problems) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    // JSON gets its hovers from the schema, which YAML has no reader for.
    vscode.languages.registerHoverProvider(yamlSelector, { provideHover }),
  );
}

function quickFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
  problems: ConfigProblems,
): vscode.CodeAction[] {
  const actions: vscode.CodeAction[] = [];
  for (const problem of problems.knownProblems(document)) {
    const { replacement } = problem;
    const problemRange = rangeOf(document, problem);
    if (!replacement || !problemRange.intersection(range)) continue;
    const action = new vscode.CodeAction(`Replace with ${replacement.text}`, vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, rangeOf(document, replacement), replacement.text);
    action.diagnostics = context.diagnostics.filter(
      ({ range: at, message }) => at.isEqual(problemRange) && message === problem.message,
    );
    action.isPreferred = true;
    actions.push(action);
  }
  return actions;
}

async function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const language = runConfigLanguage(document.fileName);
  if (language === null) return undefined;
  const { keyAt, documentationOf } = await import("./onDemand");
  const key = keyAt(document.getText(), language, document.offsetAt(position));
  const text = key && documentationOf(key.path);
  return text ? new vscode.Hover(new vscode.MarkdownString(text), rangeOf(document, key)) : undefined;
}
