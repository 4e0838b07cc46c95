import path from "node:path";
import * as vscode from "vscode";
import { UserError } from "./errors";
import type { DocumentRef } from "./whatToTrain";

export function documentRef(uri: vscode.Uri, languageId?: string): DocumentRef {
  return { scheme: uri.scheme, path: uri.scheme === "file" ? uri.fsPath : uri.path, languageId };
}

/** The document of the active tab, also when an editor that is not a text editor shows it. */
export function activeDocument(): DocumentRef | undefined {
  const editor = vscode.window.activeTextEditor;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText) {
    const same = editor?.document.uri.toString() === input.uri.toString();
    return documentRef(input.uri, same ? editor.document.languageId : undefined);
  }
  if (input instanceof vscode.TabInputTextDiff) return documentRef(input.modified);
  if (input instanceof vscode.TabInputCustom) return documentRef(input.uri);
  // An output or debug console is an active text editor too, without being a tab.
  return undefined;
}

/** Opens a file's document; a missing one is explained. */
export async function openDocument(file: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.file(file);
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    if (await fileExists(file)) throw error;
    throw new UserError(`${path.basename(file)} is no longer there: it was moved or deleted.`);
  }
}

/** Saves a document with unsaved changes. */
export async function saveDocument(document: vscode.TextDocument): Promise<void> {
  if (!document.isDirty) return;
  if (!(await document.save()))
    throw new UserError(`${path.basename(document.fileName)} could not be saved; save it and train again.`);
}

export async function fileExists(file: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(vscode.Uri.file(file));
    return true;
  } catch {
    return false;
  }
}

/** Shows a document where it is open already; else beside charts that have the focus, never in their place. */
export async function showDocument(
  document: vscode.TextDocument,
  selection?: vscode.Range,
): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(document, { viewColumn: columnFor(document.uri), selection });
}

function columnFor(uri: vscode.Uri): vscode.ViewColumn {
  const groups = vscode.window.tabGroups;
  for (const group of groups.all)
    for (const { input } of group.tabs)
      if (input instanceof vscode.TabInputText && input.uri.toString() === uri.toString())
        return group.viewColumn;
  if (!(groups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview))
    return vscode.ViewColumn.Active;
  return groups.activeTabGroup.viewColumn === vscode.ViewColumn.One
    ? vscode.ViewColumn.Beside
    : vscode.ViewColumn.One;
}

/** A path as the user knows it: relative to the workspace, with the folder's name when there are several. */
export function relativePath(file: string): string {
  return vscode.workspace.asRelativePath(file);
}
