/** A user opens iris.train.json, presses F1, types "Train Network", and watches it learn in the panel beside. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench, type ChartsView } from "./workbench";

describe("Train Network on a run config", () => {
  const workbench = useWorkbench();
  let panel: ChartsView;

  it("opens a panel beside the editor", async () => {
    await workbench().openFile("iris.train.json");
    // Until the extension is there: a person sees the link before thinking of the palette.
    await workbench().lenses.first().waitFor();
    await workbench().runCommand("Downhill: Train Network");
    const commanded = performance.now();
    await workbench()
      .tabs.filter({ hasText: /^iris$/ })
      .waitFor();
    console.log(`      the panel opened after ${Math.round(performance.now() - commanded)} ms`);
    panel = await workbench().panel();
    assert.equal(await workbench().tabs.count(), 2, "the config stays open");
  });

  it("shows the run's name and trains it to its end", async () => {
    await until("the run's name", async () => (await panel.runName.innerText()) === "iris");
    await panel.untilStatus("Completed");
    assert.equal(await panel.step(), 800);
    assert.match(await panel.fact("Epoch"), /^100 ?\/ ?100$/);
    assert.match(await panel.fact("Speed"), /samples\/s/);
  });

  it("reaches an accuracy above 0.9, beside the baseline to beat", async () => {
    const accuracy = Number.parseFloat(await panel.figure("accuracy", "validation")) / 100;
    assert.ok(accuracy > 0.9 && accuracy <= 1, `accuracy ${accuracy}`);
    const tile = panel.main.locator('.tile[data-metric="accuracy"]');
    assert.match(await tile.innerText(), /beats 33\.3\s?%/i);
  });

  it("says what it reached in one sentence", async () => {
    const sentence = await until("a sentence", () => panel.main.locator(".outcome p").innerText());
    assert.match(sentence, /100 epochs.*accuracy.*33\.3\s?%/);
    assert.doesNotMatch(sentence, /\n/);
  });

  it("draws loss, gradient norm and trajectory, all in view", async () => {
    const canvases = await until("three drawn canvases", async () => {
      const found = (await panel.canvases()).slice(0, 3);
      return found.length === 3 && found.every(({ colours }) => colours > 3) ? found : null;
    });
    for (const canvas of canvases) {
      assert.ok(canvas.width > 150 && canvas.height > 100, JSON.stringify(canvas));
      assert.ok(canvas.painted > 500, JSON.stringify(canvas));
      assert.ok(canvas.inView, JSON.stringify(canvas));
    }
    const overflow = await panel.main.evaluate(() => {
      const page = document.scrollingElement ?? document.body;
      return { down: page.scrollHeight - page.clientHeight, right: page.scrollWidth - page.clientWidth };
    });
    assert.deepEqual(overflow, { down: 0, right: 0 }, "nothing to scroll to");
  });

  it("changes what is drawn with the log-scale switch", async () => {
    const before = (await panel.canvases())[0];
    await panel.main.getByText("Log scale").first().click();
    await until("another picture of the loss", async () => {
      const now = (await panel.canvases())[0];
      return now.painted !== before.painted || now.colours !== before.colours;
    });
  });

  it("shows the result in the status bar", async () => {
    assert.match(await workbench().statusBar.innerText(), /iris · accuracy \d+(\.\d)?\s%/);
  });

  it("keeps the run in the workspace", () => {
    const runs = path.join(workbench().folder, ".downhill/runs");
    const folders = readdirSync(runs).filter((name) => !name.startsWith("."));
    assert.equal(folders.length, 1);
    const run = JSON.parse(readFileSync(path.join(runs, folders[0], "run.json"), "utf8")) as {
      status: string;
      result: { steps: number; validation: { accuracy: number } };
    };
    assert.equal(run.status, "completed");
    assert.equal(run.result.steps, 800);
    assert.ok(run.result.validation.accuracy > 0.9);
  });

  it("saves an unsaved config first, and trains what it says", async () => {
    await workbench().tabs.filter({ hasText: "iris.train.json" }).click();
    await workbench().replaceText('{ "data": { "file": "iris.csv", "target": "species" }, "epochs": 7 }');
    await workbench().runCommand("Downhill: Train Network");
    await until("seven epochs", async () => /^7 ?\/ ?7$/.test(await panel.fact("Epoch")));
    assert.match(readFileSync(path.join(workbench().folder, "iris.train.json"), "utf8"), /"epochs": 7/);
    assert.equal(await workbench().tabs.count(), 2, "the panel was used again");
  });
});
