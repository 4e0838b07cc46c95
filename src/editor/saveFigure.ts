import path from "node:path";
import * as vscode from "vscode";
import type { SaveMessage } from "../protocol/save";
import { showError } from "./errors";

const formats: Record<SaveMessage["format"], string> = {
  png: "PNG image",
  svg: "SVG image",
  csv: "CSV table",
};

/** Asks where, and writes a figure of a page there. */
export async function saveFigure({ name, format, data }: SaveMessage): Promise<void> {
  try {
    if (!Object.hasOwn(formats, format)) return;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = `${name.replaceAll(/[^\w.-]+/g, "-").slice(0, 80)}.${format}`;
    const target = await vscode.window.showSaveDialog({
      defaultUri: folder && vscode.Uri.joinPath(folder, file),
      filters: { [formats[format]]: [format] },
      title: "Save Chart",
    });
    if (!target) return;
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await vscode.workspace.fs.writeFile(target, bytes);
    vscode.window.setStatusBarMessage(`Saved ${path.basename(target.fsPath)}`, 5000);
  } catch (error) {
    showError(error, "save the chart");
  }
}
