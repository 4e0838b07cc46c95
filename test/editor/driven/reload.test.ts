/** A user reloads the window with charts open: they come back, and a run that was cut off is listed as interrupted. */
import assert from "node:assert/strict";
import { slowRun } from "./slowRun";
import { until, useWorkbench } from "./workbench";

describe("A reload of the window", () => {
  const workbench = useWorkbench({ files: slowRun });

  it("brings back the charts of a finished run, with the cards as they were arranged", async () => {
    await workbench().openFile("iris.train.json");
    await workbench().clickLens("Train Network");
    const before = await workbench().panel();
    await before.untilStatus("Completed");
    const accuracy = await before.figure("accuracy", "validation");
    const sentence = await until("a sentence", () => before.main.locator(".outcome p").innerText());

    await before.button("More of Gradient norm").click();
    await before.frame.getByRole("menuitem", { name: "Hide card" }).click();
    await before.main.locator(".gradient-card").waitFor({ state: "hidden" });

    await workbench().reload();

    const after = await workbench().panel();
    await after.untilStatus("Completed");
    assert.equal(await after.runName.innerText(), "iris");
    assert.equal(await after.figure("accuracy", "validation"), accuracy);
    assert.equal(await until("the sentence", () => after.main.locator(".outcome p").innerText()), sentence);
    await until("drawn canvases, the hidden one not among them", async () => {
      const found = await after.canvases();
      return found.length >= 2 && found.slice(0, 2).every(({ colours }) => colours > 3);
    });
    assert.ok(await after.main.locator(".gradient-card").isHidden());
    await after.button("Cards").click();
    await after.frame.getByRole("menuitemcheckbox", { name: "Gradient norm" }).click();
    await after.main.locator(".gradient-card").waitFor();
  });

  it("interrupts a run that is going on, keeps its charts, and offers to go on with it", async () => {
    await workbench().openFile("slow.train.json");
    await workbench().clickLens("Train Network");
    const before = await until("the new run", async () => {
      const panel = await workbench().panel();
      return (await panel.runName.innerText()) === "slow" ? panel : null;
    });
    await until("some steps", async () => (await before.step()) > 2000);
    const reached = await before.step();
    await workbench().page.waitForTimeout(3000); // a checkpoint is taken every two seconds

    await workbench().reload();

    const offer = workbench().notifications.filter({ hasText: "The run slow was cut off" });
    await until("an offer to resume it", async () => (await offer.count()) === 1);

    await workbench().openSideBar();
    await until("an interrupted run in the list", async () =>
      (await workbench().runs.allInnerTexts()).some((text) => /^interrupted/.test(text.trim())),
    );
    await workbench().runs.filter({ hasText: "interrupted" }).click();
    const after = await until("its panel", async () => {
      const panel = await workbench().panel();
      return (await panel.runName.innerText()) === "slow" ? panel : null;
    });
    await after.untilStatus("Interrupted");
    await until("three drawn canvases", async () => {
      const found = await after.canvases();
      return found.length >= 3 && found.slice(0, 3).every(({ colours }) => colours > 3);
    });
    assert.ok(Number.parseFloat(await after.figure("accuracy", "training")) > 0);

    await workbench().notificationButton("Resume").click();
    await after.untilStatus("Running");
    await until("further steps", async () => (await after.step()) > reached);
    await after.button("Stop").click();
    await after.untilStatus("Stopped");
    const stopped = await after.step();
    // The button in the panel does the same.
    await after.button("Resume").click();
    await until("still further steps", async () => (await after.step()) > stopped);
    await after.button("Stop").click();
    await after.untilStatus("Stopped");
  });
});
