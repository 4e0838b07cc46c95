import * as vscode from "vscode";
import { runConfigLanguage } from "../config/files";
import { rangeOf } from "./configProblems";
import { commandIds } from "./contributed";
import { openDocument, saveDocument } from "./documents";
import type { Remedy } from "./errors";

/** What can be done about a run that PyTorch did not compute: the same run with the built-in engine, or the command that installs it. */
export function pythonRemedies(configFile: string, message: string): Remedy[] {
  const install = /install it with (.+? -m pip install torch)/.exec(message)?.[1];
  return [
    { label: "Use Built-in Engine", run: () => useBuiltinEngine(configFile) },
    ...(install === undefined
      ? []
      : [{ label: "Copy Install Command", run: () => vscode.env.clipboard.writeText(install) }]),
  ];
}

/** Changes the run config, as an edit that can be undone, and trains it. */
async function useBuiltinEngine(configFile: string): Promise<void> {
  const { changeValues, difference } = await import("./onDemand");
  const document = await openDocument(configFile);
  const text = document.getText();
  const language = runConfigLanguage(configFile) ?? "json";
  const changed = changeValues(text, language, [{ path: ["engine"], value: { type: "builtin" } }]);
  const { start, end, text: replacement } = difference(text, changed);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, { start, end }), replacement);
  await vscode.workspace.applyEdit(edit);
  await saveDocument(document);
  await vscode.commands.executeCommand(commandIds.trainNetwork, document.uri);
}
