/** What the tests inside the editor share. */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

export const extensionId = "downhill.downhill";

/** The folder that is open: a copy of examples/. */
export function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("No folder is open.");
  return vscode.Uri.file(path.join(folder.uri.fsPath, name));
}

/** Opens a file of the workspace in an editor, written first if it has content. */
export async function show(name: string, content?: string): Promise<vscode.TextEditor> {
  const file = workspaceFile(name);
  if (content !== undefined) writeFileSync(file.fsPath, content);
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
}

export function remove(name: string): void {
  const file = workspaceFile(name).fsPath;
  if (existsSync(file)) rmSync(file, { recursive: true });
}

/** Asks again and again until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => T | null | false | undefined | Promise<T | null | false | undefined>,
  timeout = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false && answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${timeout / 1000} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
