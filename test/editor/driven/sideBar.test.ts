/** A user opens Downhill in the Activity Bar: the loss of the active run, and the list of runs. */
import assert from "node:assert/strict";
import { slowRun } from "./slowRun";
import { until, useWorkbench } from "./workbench";

describe("Side bar and status bar", () => {
  const workbench = useWorkbench({ files: slowRun });

  it("say what to do while there is no run", async () => {
    await workbench().openSideBar();
    const side = await workbench().sideChart();
    await until("an invitation", async () => /No run yet/.test(await side.main.innerText()));
    await workbench()
      .page.locator(".sidebar .welcome-view-content")
      .getByText("Train Network")
      .first()
      .waitFor();
  });

  it("draw the loss of the run that is going on", async () => {
    await workbench().openFile("slow.train.json");
    await workbench().clickLens("Train Network");
    const side = await workbench().sideChart();
    await side.untilStatus("Running");
    assert.equal(await side.runName.innerText(), "slow");
    const [canvas] = await until("a drawn chart", async () => {
      const found = await side.canvases();
      return found.length === 1 && found[0].colours > 3 && found[0].painted > 200 ? found : null;
    });
    assert.ok(canvas.inView);
  });

  it("show the progress of the run, which brings the panel back", async () => {
    await until("progress in the status bar", async () =>
      /slow \d+\s% · accuracy \d/.test(await workbench().statusBar.innerText()),
    );
    await workbench().closeTab(/^slow$/);
    await workbench().page.waitForTimeout(500); // no person is quicker
    await workbench().statusBar.locator("a").first().click();
    await workbench()
      .tabs.filter({ hasText: /^slow$/ })
      .waitFor();
    await (await workbench().panel()).untilStatus("Running");
  });

  it("list runs, newest first, each with what it reached", async () => {
    await workbench().openFile("iris.train.json");
    await workbench().clickLens("Train Network");
    const rows = await until("two runs under their run configs, one of them done", async () => {
      const texts = await workbench().runs.allInnerTexts();
      return texts.length === 4 && /accuracy 9|accuracy 100/.test(texts[1]) ? texts : null;
    });
    assert.match(rows[0], /^iris\s*1 run$/);
    assert.match(rows[2], /^slow\s*1 run$/);
    assert.match(rows[3], /epoch \d+\/\d+/);
    const side = await workbench().sideChart();
    await until("the newest run", async () => (await side.runName.innerText()) === "iris");
  });

  it("open a run of the list", async () => {
    const side = await workbench().sideChart();
    await until("the chosen run", async () => {
      // The list is drawn anew each second while a run goes on, and a click in that moment is lost.
      await workbench()
        .runs.filter({ hasText: /epoch \d+\/1000000/ })
        .click();
      await workbench().page.waitForTimeout(1000);
      return (await side.runName.innerText()) === "slow";
    });
    await workbench()
      .tabs.and(workbench().page.locator(".active"))
      .filter({ hasText: /^slow$/ })
      .waitFor();
    await workbench().runCommand("Downhill: Stop Training");
    await side.untilStatus("Stopped");
  });
});
