/** A user pauses a run, goes on step by step, resumes, stops and restarts it, with the panel's buttons and with keys. */
import assert from "node:assert/strict";
import { slowRun } from "./slowRun";
import { until, useWorkbench, type ChartsView } from "./workbench";

describe("Controls of a run", () => {
  const workbench = useWorkbench({ files: slowRun });
  let panel: ChartsView;

  before(async () => {
    await workbench().openFile("slow.train.json");
    await workbench().clickLens("Train Network");
    panel = await workbench().panel();
    await panel.untilStatus("Running");
  });

  const untilStepIs = (what: string, wanted: (step: number) => boolean) =>
    until(what, async () => wanted(await panel.step()));

  it("counts on while it runs", async () => {
    const first = await panel.step();
    await untilStepIs("more steps", (step) => step > first + 100);
  });

  it("Pause halts it", async () => {
    await panel.button("Pause").click();
    await panel.untilStatus("Paused", 2000);
    const paused = await panel.step();
    await workbench().page.waitForTimeout(500);
    assert.equal(await panel.step(), paused);
  });

  it("Step makes one step", async () => {
    const paused = await panel.step();
    for (let clicks = 1; clicks <= 3; clicks++) {
      await panel.button("Step").click();
      await untilStepIs(`step ${paused + clicks}`, (step) => step === paused + clicks);
      await panel.untilStatus("Paused");
    }
  });

  it("Resume goes on", async () => {
    const paused = await panel.step();
    await panel.button("Resume").click();
    await panel.untilStatus("Running", 2000);
    await untilStepIs("more steps", (step) => step > paused + 100);
  });

  it("Alt+D P pauses and resumes from the keyboard", async () => {
    for (const status of ["Paused", "Running"]) {
      await workbench().page.keyboard.press("Alt+d");
      await workbench().page.keyboard.press("p");
      await panel.untilStatus(status, 5000);
    }
  });

  it("Restart begins again", async () => {
    await untilStepIs("many steps", (step) => step > 1000);
    await panel.button("Pause").click();
    await panel.untilStatus("Paused");
    const far = await panel.step();
    await panel.button("Restart").click();
    await panel.untilStatus("Running");
    await panel.button("Pause").click();
    await panel.untilStatus("Paused");
    assert.ok((await panel.step()) < far, "the new run is younger");
  });

  it("Stop ends it, also while it is paused, and keeps what it has learned", async () => {
    await panel.button("Stop").click();
    // What has been learned is evaluated for up to two seconds.
    await panel.untilStatus("Stopped", 10_000);
    await until("a sentence", async () =>
      /stopped/i.test(await panel.main.locator(".outcome p").innerText()),
    );
    for (const name of ["Step", "Stop"])
      assert.ok(await panel.button(name).isDisabled(), `${name} is disabled`);
    assert.ok(await panel.button("Resume").isEnabled(), "it can go on");
  });
});
