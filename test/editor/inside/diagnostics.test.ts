/** A user types a run config: mistakes are underlined where they are while typing, with a hint and a quick fix. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { show, until } from "./workspace";

const good = '{\n  "data": { "file": "iris.csv", "target": "species" },\n  "epochs": 10\n}\n';

async function problemsOf(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(`${count} problems`, () => {
    const found = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Downhill");
    return found.length === count ? found : null;
  });
}

function textOf(document: vscode.TextDocument, { range }: vscode.Diagnostic): string {
  return document.getText(range);
}

/** Types `text` over the first occurrence of `old`. */
async function retype(editor: vscode.TextEditor, old: string, text: string): Promise<void> {
  const start = editor.document.getText().indexOf(old);
  assert.ok(start >= 0);
  const range = new vscode.Range(
    editor.document.positionAt(start),
    editor.document.positionAt(start + old.length),
  );
  editor.selection = new vscode.Selection(range.start, range.end);
  await vscode.commands.executeCommand("type", { text });
}

describe("Problems of a run config", () => {
  it("come and go while typing, without saving", async () => {
    const editor = await show("typing.train.json", good);
    await problemsOf(editor.document.uri, 0);
    await retype(editor, "epochs", "epohcs");
    const [problem] = await problemsOf(editor.document.uri, 1);
    assert.match(problem.message, /did you mean .?epochs/i);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
    assert.match(textOf(editor.document, problem), /^"?epohcs"?$/);
    assert.ok(editor.document.isDirty);
    await retype(editor, "epohcs", "epochs");
    await problemsOf(editor.document.uri, 0);
  });

  it("stand at a wrong value, not at its key", async () => {
    const editor = await show("value.train.json", good.replace("10", "-3"));
    const [problem] = await problemsOf(editor.document.uri, 1);
    assert.equal(textOf(editor.document, problem), "-3");
    assert.equal(problem.range.start.line, 2);
  });

  it("offer what was meant as a quick fix", async () => {
    const editor = await show("fix.train.json", good.replace("epochs", "epoch"));
    const [problem] = await problemsOf(editor.document.uri, 1);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      editor.document.uri,
      problem.range,
    );
    const fix = actions.find(({ title }) => /epochs/.test(title));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(editor.document.getText(), good);
    await problemsOf(editor.document.uri, 0);
  });

  it("are reported once: the JSON schema does not complain as well", async () => {
    const editor = await show(
      "once.train.json",
      good.replace('"epochs": 10', '"epochs": "ten", "colour": 1'),
    );
    await problemsOf(editor.document.uri, 2);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the JSON language service takes its time
    assert.equal(vscode.languages.getDiagnostics(editor.document.uri).length, 2);
  });

  it("say of keys that are still to come that they are not available yet", async () => {
    const editor = await show("later.train.json", good.replace('"epochs": 10', '"folds": 5'));
    const [problem] = await problemsOf(editor.document.uri, 1);
    assert.match(problem.message, /not available yet/);
  });

  it("are found in YAML", async () => {
    const editor = await show(
      "bad.train.yaml",
      "data: { file: iris.csv, target: species }\nnetwork:\n  activation: rellu\n",
    );
    const [problem] = await problemsOf(editor.document.uri, 1);
    assert.equal(textOf(editor.document, problem), "rellu");
    assert.match(problem.message, /did you mean .?relu/i);
  });
});

describe("Help while writing a run config", () => {
  it("completes keys and values from the schema", async () => {
    const text =
      '{\n  "data": { "file": "iris.csv", "target": "species" },\n  "optimizer": { "type": "" }\n}\n';
    const editor = await show("complete.train.json", text);
    const at = editor.document.positionAt(text.indexOf('"" }') + 1);
    const labels = await until("completions", async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        editor.document.uri,
        at,
      );
      const found = items.map(({ label }) => (typeof label === "string" ? label : label.label));
      return found.some((label) => label.includes("adamw")) ? found : null;
    });
    for (const name of ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adagrad"])
      assert.ok(
        labels.some((label) => label.includes(name)),
        name,
      );
  });

  it("documents a key on hover, in JSON and in YAML", async () => {
    for (const [name, text] of [
      ["hover.train.json", '{\n  "batchSize": 32\n}\n'],
      ["hover.train.yaml", "batchSize: 32\n"],
    ]) {
      const { document } = await show(name, text);
      const at = document.positionAt(text.indexOf("batchSize") + 2);
      const shown = await until(`a hover in ${name}`, async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          document.uri,
          at,
        );
        const contents = hovers
          .flatMap((hover) => hover.contents)
          .map((content) => (content instanceof vscode.MarkdownString ? content.value : ""))
          .join("\n");
        return /full/.test(contents) ? contents : null;
      });
      assert.match(shown, /batch/i);
    }
  });
});
