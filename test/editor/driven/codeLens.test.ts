/** A user clicks the links above a run config: Train Network, Stop while it trains, Show Charts once there is a run. */
import assert from "node:assert/strict";
import { slowRun } from "./slowRun";
import { until, useWorkbench } from "./workbench";

describe("Links above a run config", () => {
  const workbench = useWorkbench({ files: slowRun });

  async function titles(expected: string[]): Promise<void> {
    let seen: string[] = [];
    await until(
      () => `the links ${expected.join(", ")}; there are ${seen.join(", ")}`,
      async () => {
        seen = (await workbench().lenses.allInnerTexts()).map((title) => title.trim());
        return (
          seen.map((title) => title.replace(/ · last: stopped, .+ in [\d.]+ .*$/, " (last)")).join() ===
          expected.join()
        );
      },
    );
  }

  it("offer to train a config that has never been trained", async () => {
    await workbench().openFile("slow.train.json");
    await titles(["▷ Train Network"]);
  });

  it("train at a click, and then offer to stop", async () => {
    await workbench().clickLens("Train Network");
    const panel = await workbench().panel();
    await panel.untilStatus("Running");
    assert.equal(await panel.runName.innerText(), "slow");
    await titles(["▷ Train Network", "Stop", "Show Charts"]);
  });

  it("stop at a click", async () => {
    await workbench().clickLens("Stop");
    await (await workbench().panel()).untilStatus("Stopped", 5000);
    await titles(["▷ Train Network (last)", "Show Charts"]);
  });

  it("bring back charts that were closed", async () => {
    await workbench().closeTab(/^slow$/);
    await workbench().clickLens("Show Charts");
    const panel = await workbench().panel();
    await panel.untilStatus("Stopped");
    await until("charts", async () => (await panel.canvases()).length >= 3);
  });
});
