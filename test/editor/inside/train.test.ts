/** Another extension, a key binding or a task calls Downhill's commands: they do what the links do. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { remove, show, until, workspaceFile } from "./workspace";

interface RunFile {
  name: string;
  status: string;
  result: { steps: number; message: string; validation: Record<string, number> } | null;
}

function runs(): RunFile[] {
  try {
    const folder = workspaceFile(".downhill/runs").fsPath;
    return readdirSync(folder)
      .filter((name) => !name.startsWith("."))
      .map((name) => JSON.parse(readFileSync(path.join(folder, name, "run.json"), "utf8")) as RunFile);
  } catch {
    return []; // none yet
  }
}

/** Bytes of history that the latest run of a config has written. */
function journalSize(name: string): number {
  const folder = workspaceFile(".downhill/runs").fsPath;
  const journals = readdirSync(folder)
    .filter((run) => run.endsWith(`-${name}`))
    .flatMap((run) => readdirSync(path.join(folder, run)).map((file) => path.join(folder, run, file)))
    .filter((file) => path.basename(file).startsWith("events.out.tfevents"));
  return Math.max(0, ...journals.map((file) => statSync(file).size));
}

async function finished(name: string): Promise<RunFile> {
  return until(`the end of ${name}`, () =>
    runs().find((run) => run.name === name && run.status !== "running" && run.status !== "loading"),
  );
}

function panels(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)
    .map(({ label }) => label);
}

describe("Train Network, called as a command", () => {
  before(() => remove(".downhill"));

  it("trains the run config in the active editor to its end", async () => {
    await show("iris.train.json");
    await vscode.commands.executeCommand("downhill.trainNetwork");
    const run = await finished("iris");
    assert.equal(run.status, "completed");
    assert.ok((run.result?.validation.accuracy ?? 0) > 0.9, JSON.stringify(run.result));
    await until("the panel", () => panels().join() === "iris");
  });

  it("trains a file that it is given: a regression in YAML's neighbour JSON", async () => {
    await vscode.commands.executeCommand("downhill.trainNetwork", workspaceFile("penguin-mass.train.json"));
    const run = await finished("penguin-mass");
    assert.equal(run.status, "completed");
    assert.ok((run.result?.validation.r2 ?? 0) > 0.5, JSON.stringify(run.result));
  });

  it("trains a YAML config", async () => {
    await vscode.commands.executeCommand("downhill.trainNetwork", workspaceFile("penguins.train.yaml"));
    const run = await finished("penguins");
    assert.match(run.status, /^(completed|early-stopped)$/);
    assert.ok((run.result?.validation.accuracy ?? 0) > 0.9, JSON.stringify(run.result));
  });

  it("ends a diverging run with the step and what to try", async () => {
    await vscode.commands.executeCommand("downhill.trainNetwork", workspaceFile("too-fast.train.json"));
    const run = await finished("too-fast");
    assert.equal(run.status, "diverged");
    assert.match(run.result?.message ?? "", /step \d+.*learning rate/i);
  });

  it("obeys Stop", async () => {
    await show(
      "long.train.json",
      '{ "data": { "file": "breast-cancer.csv", "target": "diagnosis" }, "epochs": 1000000 }\n',
    );
    await vscode.commands.executeCommand("downhill.trainNetwork");
    await until("a running run", () =>
      runs().some(({ name, status }) => name === "long" && status === "running"),
    );
    await until("some steps in its journal", () => journalSize("long") > 2000);
    await vscode.commands.executeCommand("downhill.stop");
    const run = await finished("long");
    assert.equal(run.status, "stopped");
    assert.ok((run.result?.steps ?? 0) > 0);
  });

  it("gives a config with runs the link Show Charts", async () => {
    const { document } = await show("iris.train.json");
    await until("the link", async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        10,
      );
      return lenses.some(({ command }) => command?.title === "Show Charts");
    });
  });
});
