/** A user mistypes a key: it is underlined with a hint, and training is refused with the first problem. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench } from "./workbench";

describe("A run config with mistakes", () => {
  const workbench = useWorkbench({
    files: {
      "typo.train.json": '{\n  "data": { "file": "iris.csv", "target": "species" },\n  "epoch": 10\n}\n',
      "unknown-optimizer.train.yaml":
        "data: { file: iris.csv, target: species }\noptimizer: { type: adamm, learningRate: 0.1 }\n",
    },
  });

  it("has each mistake in the Problems panel, with what was meant", async () => {
    await workbench().openFile("typo.train.json");
    await workbench().lenses.first().waitFor();
    await workbench().problem(/^typo\.train\.json/);
    await workbench().problem(/"epoch".*did you mean.*"epochs".*Ln 3, Col 3/i);
  });

  it("is refused with that problem, and no panel opens", async () => {
    await workbench().page.locator(".tab", { hasText: "typo.train.json" }).click();
    await workbench().runCommand("Downhill: Train Network");
    const message = workbench().notifications.first();
    await message.waitFor();
    assert.match(await message.innerText(), /^typo\.train\.json, line 3: .*epochs/);
    assert.equal(await workbench().notifications.count(), 1);
    assert.equal(await workbench().tabs.count(), 1);
    assert.ok(!existsSync(path.join(workbench().folder, ".downhill")), "no run was begun");
    await workbench().runCommand("Notifications: Clear All Notifications");
  });

  it("is mended by the quick fix", async () => {
    // The refusal has put the cursor at the problem.
    await workbench().page.keyboard.press("Control+.");
    await workbench().page.locator(".action-widget").getByText("Replace with epochs").waitFor();
    await workbench().page.keyboard.press("Enter");
    await until("a mended config", async () =>
      (await workbench().page.locator(".view-lines").innerText())
        .replaceAll(/\s/g, "")
        .includes('"epochs":10'),
    );
    await workbench().runCommand("Downhill: Train Network");
    await (await workbench().panel()).untilStatus("Completed");
  });

  it("has them in YAML too", async () => {
    await workbench().openFile("unknown-optimizer.train.yaml");
    await workbench().problem(/adamm.*did you mean.*adam.*Ln 2/i);
  });
});
