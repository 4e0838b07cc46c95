/** A user writes a run config in YAML: keys are offered, left out values are hinted at, mistakes repaired, and there is an outline. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { show, until } from "./workspace";

const text =
  "data:\n  file: iris.csv\n  target: species\nnetwork:\n  hidden: [16]\noptimizer:\n  type: sgd\nbatchSize: 32\n";

describe("Writing a run config", () => {
  it("has an outline in YAML", async () => {
    const { document } = await show("outline.train.yaml", text);
    const symbols = await until("symbols", async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
      );
      return found?.length === 4 ? found : null;
    });
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, ...children.map((child) => child.name)]),
      [["data", "file", "target"], ["network", "hidden"], ["optimizer", "type"], ["batchSize"]],
    );
  });

  it("hints at what is inferred", async () => {
    const { document } = await show("hints.train.yaml", text);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await until("hints", async () => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        whole,
      );
      return found.length > 3 ? found : null;
    });
    const labels = hints.map(({ label, position }) => [position.line, label]);
    assert.deepEqual(
      labels.sort((a, b) => Number(a[0]) - Number(b[0])),
      [
        [2, "3 classes · categorical-cross-entropy"],
        [4, "4 → 16 → 3 · 131 parameters"],
        [6, "learningRate 0.1"],
        [7, "= 4 steps an epoch"],
      ],
    );
  });

  it("offers the keys that belong where it stands", async () => {
    const { document } = await show(
      "keys.train.yaml",
      text.replace("  type: sgd\n", "  type: momentum\n  \n"),
    );
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      new vscode.Position(7, 2),
    );
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    for (const key of ["learningRate", "momentum", "weightDecay"])
      assert.ok(labels.includes(key), labels.join());
    assert.ok(!labels.includes("beta1"));
  });

  it("repairs a key that stands in the wrong section", async () => {
    const { document } = await show("moved.train.yaml", `${text}dropout: 0.2\n`);
    await until("the problem", () => vscode.languages.getDiagnostics(document.uri).length === 1);
    const [action] = await until("a repair", async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        new vscode.Range(8, 0, 8, 7),
        vscode.CodeActionKind.QuickFix.value,
      );
      return found.length > 0 ? found : null;
    });
    assert.equal(action.title, 'Move "dropout" into "network"');
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.match(document.getText(), /hidden: .*\n {2}dropout: 0\.2\n/);
    await until("no problem", () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });
});
