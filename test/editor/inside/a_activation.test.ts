/** A user opens VS Code on other work: Downhill sleeps until a run config is opened, and then wakes quickly. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extensionId, show, until } from "./workspace";

interface Manifest {
  contributes: { commands: { command: string }[] };
}

// The file's name puts it first: once awake, the extension stays awake.
describe("Activation", () => {
  const extension = vscode.extensions.getExtension(extensionId);

  it("has not happened at startup, nor for a data file", async () => {
    assert.ok(extension, "Downhill is installed");
    await show("iris.csv");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(extension.isActive, false);
  });

  it("happens when a run config opens", async () => {
    assert.ok(extension);
    const startedAt = performance.now();
    await show("iris.train.json");
    await until("activation", () => extension.isActive);
    console.log(`[test]    (active ${(performance.now() - startedAt).toFixed(0)} ms after opening)`);
  });

  it("registers every command that package.json contributes", async () => {
    assert.ok(extension);
    const registered = new Set(await vscode.commands.getCommands(true));
    const { commands } = (extension.packageJSON as Manifest).contributes;
    assert.ok(commands.length >= 10);
    assert.deepEqual(
      commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
