import * as vscode from "vscode";
import { change, type Fix } from "../config/fix";
import { runConfigLanguage } from "../config/files";
import type { Problem } from "../config/problem";
import { rangeOf, type ConfigProblems } from "./configProblems";
import { runConfigPattern } from "./contributed";
import { dataAccess } from "./dataAccess";
import type { DataDescriptions } from "./dataDescriptions";

/** So many names are offered for a key that is missing. */
const mostNames = 3;

/** Repairs for the problems of run configs. */
export function registerQuickFixes(
  problems: ConfigProblems,
  descriptions: DataDescriptions,
): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    { scheme: "file", pattern: runConfigPattern },
    {
      async provideCodeActions(document, range, context) {
        const actions: vscode.CodeAction[] = [];
        for (const problem of problems.knownProblems(document)) {
          const problemRange = rangeOf(document, problem);
          if (!problemRange.intersection(range)) continue;
          const diagnostics = context.diagnostics.filter(
            ({ range: at, message }) => at.isEqual(problemRange) && message === problem.message,
          );
          const found = await actionsFor(document, problem, descriptions);
          for (const action of found) action.diagnostics = diagnostics;
          actions.push(...found);
        }
        return actions;
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

async function actionsFor(
  document: vscode.TextDocument,
  problem: Problem,
  descriptions: DataDescriptions,
): Promise<vscode.CodeAction[]> {
  const { replacement } = problem;
  if (replacement) {
    const { text } = replacement;
    return [action(document, `Replace with ${text}`, rangeOf(document, replacement), text, true)];
  }
  const language = runConfigLanguage(document.fileName);
  if (language === null) return [];
  const { difference, fixed, messageFixes } = await import("./onDemand");
  const before = document.getText();
  const own = problem.fixes ?? messageFixes(problem.message, before, language);
  const fixes = [...own, ...(await fixesForMissing(document, problem, descriptions))];
  return fixes.flatMap((fix) => {
    const after = fixed(before, language, fix);
    if (after === null) return [];
    const { text, ...place } = difference(before, after);
    return [action(document, fix.title, rangeOf(document, place), text, fixes.length === 1)];
  });
}

function action(
  document: vscode.TextDocument,
  title: string,
  range: vscode.Range,
  text: string,
  isPreferred: boolean,
): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.edit = new vscode.WorkspaceEdit();
  made.edit.replace(document.uri, range, text);
  made.isPreferred = isPreferred;
  return made;
}

/** A data file or a target that could be meant, from what is really there. */
async function fixesForMissing(
  document: vscode.TextDocument,
  { missing, path }: Problem,
  descriptions: DataDescriptions,
): Promise<Fix[]> {
  const language = runConfigLanguage(document.fileName);
  if (language === null) return [];
  const access = dataAccess(document.fileName, descriptions);
  if (missing === "data" && path.length === 0) {
    const files = await access.files();
    return files.slice(0, mostNames).map((file) => change(["data"], { file }));
  }
  if (path.join(".") !== "data") return [];
  if (missing === "file") {
    const files = await access.files();
    return files.slice(0, mostNames).map((file) => change(["data", "file"], file));
  }
  if (missing !== "target") return [];
  const { dataReferences } = await import("./onDemand");
  const { file, reading } = dataReferences(document.getText(), language);
  const description = file === null ? null : await access.description(file, reading);
  const targets = (description?.targets ?? []).slice(0, mostNames);
  return targets.map((target) => change(["data", "target"], target));
}
