/** A user opens a run config: it is JSON with comments, or YAML, and not plain text. */
import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";

const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";

describe("Languages of run configs", () => {
  it("opens *.train.json as JSON with comments", async () => {
    const document = await vscode.workspace.openTextDocument(path.join(folder, "iris.train.json"));
    assert.equal(document.languageId, "jsonc");
  });

  it("opens *.train.yaml as YAML", async () => {
    const document = await vscode.workspace.openTextDocument(path.join(folder, "penguins.train.yaml"));
    assert.equal(document.languageId, "yaml");
  });
});
