/** A user opens rosenbrock.train.json, trains it, and drags the start on the map. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench, type ChartsView } from "./workbench";

describe("Train Network on a function", () => {
  const workbench = useWorkbench({ workspace: "examples/functions" });
  let panel: ChartsView;
  const facts = async (): Promise<string> =>
    (await panel.main.locator(".map-card .facts").textContent()) ?? "";

  it("draws the map and says what was found", async () => {
    await workbench().openFile("rosenbrock.train.json");
    await workbench().lenses.first().waitFor();
    await workbench().clickLens("Train Network");
    panel = await workbench().panel();
    await panel.untilStatus("Completed");
    // The status may be told a report before the result.
    const outcome = panel.main.locator(".outcome p");
    assert.match(
      await until("the outcome", () => outcome.innerText()),
      /^Made all 2.?000 steps without reaching a critical point: at x = 0\.\d+, y = /,
    );
    assert.match(await panel.fact("Step"), /^2.?000 ?\/ ?2.?000$/);
    const [ground] = await until("a map with many colours, and two charts", async () => {
      const found = await panel.canvases();
      // Cards further down are drawn when they come into view.
      const drawn = found.filter(({ colours }) => colours > 3);
      return drawn.length >= 4 && found[0].colours > 20 ? found : null;
    });
    assert.ok(ground.width > 200 && ground.height > 150);
    assert.match(
      (await panel.main.locator("#map-canvas").getAttribute("aria-label")) ?? "",
      /^Descent from x = −1\.2\d*, y = 1\.0\d*, f = 24\.2\d*, to x = 0\.\d+/,
    );
  });

  it("makes the descent again while the start is dragged", async () => {
    const before = await facts();
    assert.match(before, /Drag the start/);
    const canvas = panel.main.locator("#map-canvas");
    const box = await canvas.boundingBox();
    assert(box);
    // The start lies where the pointer turns into a hand.
    const start = await canvas.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      for (let y = 10; y < height; y += 8) {
        for (let x = 50; x < width; x += 8) {
          element.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x, clientY: top + y }));
          if (element.classList.contains("over-start")) return { x, y };
        }
      }
      return null;
    });
    assert(start, "the start is on the map");
    const { mouse } = workbench().page;
    await mouse.move(box.x + start.x, box.y + start.y);
    await mouse.down();
    await mouse.move(box.x + start.x + 60, box.y + start.y + 30, { steps: 8 });
    await until("another outcome", async () => /after 2.?000 steps/.test(await facts()));
    await mouse.up();
    assert.notEqual(await facts(), before);
  });

  it("makes it again with another learning rate", async () => {
    const slider = panel.main.locator("#learning-rate");
    await slider.focus();
    await slider.press("Home");
    await until("a smaller rate", async () => (await slider.getAttribute("aria-valuetext")) === "1e−5");
  });

  it("writes what was tried into the run config and runs it", async () => {
    await panel.button("Train from Here").click();
    const file = path.join(workbench().folder, "rosenbrock.train.json");
    await until("a run from the new start", () => {
      const text = readFileSync(file, "utf8");
      return Promise.resolve(text.includes('"learningRate": 0.00001') && !text.includes('"x": -1.2,'));
    });
    assert.match(readFileSync(file, "utf8"), /^\/\/ Rosenbrock's banana/);
    await until("its outcome", async () =>
      /learning.rate.1e−5/.test((await panel.main.locator(".about").textContent()) ?? ""),
    );
    await panel.untilStatus("Completed");
  });
});
