/** A user opens a run config and sees links above its first line. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { show, until } from "./workspace";

async function lensesOf(uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 10);
}

describe("CodeLens", () => {
  for (const name of ["breast-cancer.train.json", "penguins.train.yaml"]) {
    it(`stands above the first line of ${name}`, async () => {
      const { document } = await show(name);
      const lenses = await until("links", async () => {
        const found = (await lensesOf(document.uri)).filter(({ command }) =>
          command?.command.startsWith("downhill."),
        );
        return found.length > 0 ? found : null;
      });
      assert.deepEqual(
        lenses.map(({ command }) => [command?.title, command?.command]),
        [["▷ Train Network", "downhill.trainNetwork"]],
      );
      assert.equal(lenses[0].range.start.line, 0);
      assert.deepEqual(String(lenses[0].command?.arguments?.[0]), document.uri.toString());
    });
  }

  it("stands above no other JSON file", async () => {
    const { document } = await show("package.json", "{}\n");
    const lenses = await lensesOf(document.uri);
    assert.deepEqual(
      lenses.filter(({ command }) => command?.command.startsWith("downhill.")),
      [],
    );
  });
});
