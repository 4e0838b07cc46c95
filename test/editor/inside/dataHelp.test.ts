/** A user writes a run config: the data file's columns are offered, explained, and missed where they do not exist. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { show, until, workspaceFile } from "./workspace";

interface Language {
  name: string;
  extension: string;
  text: (target: string) => string;
}

const languages: Language[] = [
  {
    name: "JSON",
    extension: "json",
    text: (target) => `{\n  "data": { "file": "iris.csv", "target": "${target}" }\n}\n`,
  },
  { name: "YAML", extension: "yaml", text: (target) => `data:\n  file: iris.csv\n  target: ${target}\n` },
];

function problemsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Downhill");
}

async function completionsAt(
  document: vscode.TextDocument,
  offset: number,
): Promise<vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    document.uri,
    document.positionAt(offset),
  );
  return items;
}

const labelOf = ({ label }: vscode.CompletionItem): string =>
  typeof label === "string" ? label : label.label;

for (const { name, extension, text } of languages)
  describe(`The data's columns in ${name}`, () => {
    it("show what they hold on hover", async () => {
      const { document } = await show(`column-hover.train.${extension}`, text("species"));
      const at = document.positionAt(document.getText().indexOf("species") + 2);
      const shown = await until("a hover", async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          "vscode.executeHoverProvider",
          document.uri,
          at,
        );
        const contents = hovers.flatMap((hover) => hover.contents);
        const texts = contents.map((content) =>
          content instanceof vscode.MarkdownString ? content.value : "",
        );
        return texts.find((content) => content.includes("**species**"));
      });
      assert.match(shown, /category, 3 values.*\n\nsetosa 50/);
    });

    it("are offered, the likeliest target first", async () => {
      const { document } = await show(`column-offer.train.${extension}`, text("x"));
      const offset = document.getText().indexOf("target") + (extension === "json" ? 11 : 9);
      const items = await until("the columns", async () => {
        const found = await completionsAt(document, offset);
        return found.some((item) => labelOf(item) === "petal_width") && found;
      });
      const columns = items.filter(({ detail }) => /number|category/.test(detail ?? "")).map(labelOf);
      assert.deepEqual([...columns].sort(), [
        "petal_length",
        "petal_width",
        "sepal_length",
        "sepal_width",
        "species",
      ]);
      assert.equal(columns[0], "species");
    });

    it("are missed where they do not exist, and put right by the quick fix", async () => {
      const { document } = await show(`column-fix.train.${extension}`, text("speces"));
      const [problem] = await until("a problem", () => {
        const found = problemsOf(document.uri);
        return found.length === 1 && found;
      });
      assert.match(problem.message, /^iris\.csv has no column "speces"; did you mean "species"\?$/);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        problem.range,
      );
      const fix = actions.find(({ title }) => title === "Replace with species");
      assert.ok(fix?.edit, actions.map(({ title }) => title).join());
      await vscode.workspace.applyEdit(fix.edit);
      assert.equal(document.getText(), text("species"));
      await until("no problem", () => problemsOf(document.uri).length === 0);
    });

    it("have their files offered", async () => {
      const { document } = await show(`file-offer.train.${extension}`, text("species"));
      const offset = document.getText().indexOf("iris.csv") + 2;
      const items = await until("files", async () => {
        const found = await completionsAt(document, offset);
        return found.some((item) => labelOf(item) === "penguins.csv") && found;
      });
      assert.ok(items.some((item) => labelOf(item) === "iris.csv"));
    });
  });

describe("A data file", () => {
  it("that is not there is a problem until it comes", async () => {
    rmSync(workspaceFile("later.csv").fsPath, { force: true });
    const { document } = await show(
      "later-file.train.json",
      '{ "data": { "file": "later.csv", "target": "y" } }\n',
    );
    const [problem] = await until("a problem", () => {
      const found = problemsOf(document.uri);
      return found.length === 1 && found;
    });
    assert.match(problem.message, /later\.csv/);
    assert.equal(document.getText(problem.range), '"later.csv"');
    writeFileSync(workspaceFile("later.csv").fsPath, "x,y\n1,2\n2,3\n");
    await until("no problem", () => problemsOf(document.uri).length === 0);
  });

  it("that cannot be read is one problem, and none when its bad rows are skipped", async () => {
    writeFileSync(workspaceFile("bad.csv").fsPath, "x,y\n1,2\n3,4,5\n2,3\n");
    const config = (more: string): string => `{ "data": { "file": "bad.csv", "target": "y"${more} } }\n`;
    const { document } = await show("bad-file.train.json", config(""));
    const [problem] = await until("a problem", () => {
      const found = problemsOf(document.uri);
      return found.length === 1 && found;
    });
    assert.match(problem.message, /^1 row of bad\.csv .*"badRows" to "skip"\.$/);
    assert.equal(document.getText(problem.range), '"bad.csv"');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(
      document.uri,
      document.positionAt(document.getText().indexOf('"y"') + 3),
      ', "badRows": "skip"',
    );
    await vscode.workspace.applyEdit(edit);
    await until("no problem", () => problemsOf(document.uri).length === 0);
    rmSync(workspaceFile("bad.csv").fsPath);
  });
});
