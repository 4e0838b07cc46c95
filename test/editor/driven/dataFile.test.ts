/** A user has a data file and no run config: Train Network asks for the target, writes the config and trains. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench } from "./workbench";

describe("Train Network on a data file", () => {
  const workbench = useWorkbench({ files: { "iris.train.json": null, "iris-compare.train.json": null } });

  it("asks for the target column, the sensible one first", async () => {
    await workbench().openFile("iris.csv");
    await workbench().runCommand("Downhill: Train Network");
    const labels = await workbench().quickPickLabels();
    assert.equal(labels[0], "species");
    assert.deepEqual([...labels].sort(), [
      "petal_length",
      "petal_width",
      "sepal_length",
      "sepal_width",
      "species",
    ]);
  });

  it("writes nothing when the user leaves", async () => {
    await workbench().page.keyboard.press("Escape");
    await workbench().quickInput.waitFor({ state: "hidden" });
    await workbench().page.waitForTimeout(300);
    assert.ok(!existsSync(path.join(workbench().folder, "iris.train.json")));
  });

  it("writes iris.train.json beside it and trains", async () => {
    await workbench().runCommand("Downhill: Train Network");
    await workbench().chooseInQuickInput("species", "species");
    const panel = await workbench().panel();
    await panel.untilStatus("Completed");
    assert.equal(await panel.runName.innerText(), "iris");
    assert.match(
      readFileSync(path.join(workbench().folder, "iris.train.json"), "utf8"),
      /"file": "iris\.csv",[^]*"target": "species"/,
    );
    assert.ok(Number.parseFloat(await panel.figure("accuracy", "validation")) > 90);
  });

  it("offers the config that is there the next time", async () => {
    await workbench().openFile("iris.csv");
    await workbench().runCommand("Downhill: Train Network");
    const labels = await workbench().quickPickLabels();
    assert.deepEqual(labels, ["iris.train.json", "New Run Config…"]);
    await workbench().page.keyboard.press("Escape");
  });

  it("offers the run configs of the workspace when nothing is open", async () => {
    await workbench().runCommand("View: Close All Editors");
    await until("no editor", async () => (await workbench().tabs.count()) === 0);
    await workbench().runCommand("Downhill: Train Network");
    const labels = await workbench().quickPickLabels();
    for (const name of ["breast-cancer", "iris", "penguins"])
      assert.ok(
        labels.some((label) => label.startsWith(name)),
        `${name} is among ${labels.join(", ")}`,
      );
    await workbench().page.keyboard.press("Escape");
  });
});
