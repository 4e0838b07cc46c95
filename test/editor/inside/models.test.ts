/** Export Model and Predict with This Model, called with arguments as a task or a key binding does. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { remove, show, until, workspaceFile } from "./workspace";

/** The id of the newest finished run of iris. */
function finishedRun(): string | undefined {
  const folder = workspaceFile(".downhill/runs").fsPath;
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder).find((id) => {
    const file = `${folder}/${id}/run.json`;
    if (!id.endsWith("-iris") || !existsSync(file)) return false;
    return (JSON.parse(readFileSync(file, "utf8")) as { status: string }).status === "completed";
  });
}

describe("A trained model", () => {
  let run: string;
  before(async () => {
    remove(".downhill");
    await show("iris.train.json");
    await vscode.commands.executeCommand("downhill.trainNetwork");
    run = await until("the end of iris", finishedRun);
  });

  it("is exported where a caller says", async () => {
    for (const [format, name, wanted] of [
      ["onnx", "iris.onnx", "sepal_length"],
      ["javascript", "iris.mjs", "export function predict"],
      ["pytorch", "iris.py", "class Model"],
    ]) {
      const file = workspaceFile(name).fsPath;
      await vscode.commands.executeCommand("downhill.exportModel", run, { format, file });
      assert.ok(readFileSync(file, "latin1").includes(wanted), name);
    }
    assert.ok(existsSync(workspaceFile("iris.safetensors").fsPath), "the weights of the PyTorch module");
  });

  it("predicts the rows of a file into a new one beside it, and shows it", async () => {
    const lines = readFileSync(workspaceFile("iris.csv").fsPath, "utf8").trimEnd().split("\n");
    writeFileSync(workspaceFile("few.csv").fsPath, [lines[0], lines[1], lines[149]].join("\n"));
    await vscode.commands.executeCommand("downhill.predict", run, workspaceFile("few.csv"));
    const predicted = readFileSync(workspaceFile("few-predictions.csv").fsPath, "utf8").trimEnd().split("\n");
    assert.match(predicted[0], /,predicted_species,probability_setosa,/);
    assert.ok(predicted[1].startsWith(lines[1]));
    assert.equal(predicted.length, 3);
    await until("the file in an editor", () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputText && input.uri.path.endsWith("few-predictions.csv");
    });
  });
});
