import * as vscode from "vscode";
import { showError } from "./errors";
import type { RunSource } from "./runSource";

/** Opens a data file of a run at a line, counted from 1. */
export async function openRow(run: RunSource | null, file: string, line: number): Promise<void> {
  if (!run) return;
  try {
    const { resolveInWorkspace } = await import("./onDemand");
    const uri = vscode.Uri.file(run.configFile);
    const folder =
      vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? vscode.Uri.joinPath(uri, "..").fsPath;
    const path = await resolveInWorkspace(file, "data.file", run.configFile, folder);
    const place = new vscode.Range(line - 1, 0, line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.file(path), {
      selection: place,
      viewColumn: vscode.ViewColumn.One,
    });
  } catch (error) {
    showError(error, "open the data file");
  }
}
