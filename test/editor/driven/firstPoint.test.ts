/** How long a user waits from clicking Train Network to the first point of the loss: printed, not judged, as it depends on the machine. */
import assert from "node:assert/strict";
import { useWorkbench } from "./workbench";

/** When the first line is seen on a panel's charts, in milliseconds since 1970. Axes and their numbers are grey, and lines are not. */
function firstLine(): Promise<number> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const shown = [...document.querySelectorAll<HTMLCanvasElement>("main.panel canvas")];
      const canvas = shown.find((element) => element.getClientRects().length > 0);
      const context = canvas && canvas.width > 0 && canvas.height > 0 ? canvas.getContext("2d") : null;
      if (!canvas || !context) return;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        const colour = [data[i], data[i + 1], data[i + 2]];
        if (data[i + 3] < 128 || Math.max(...colour) - Math.min(...colour) < 60) continue;
        clearInterval(timer);
        resolve(Date.now());
        return;
      }
    }, 5);
  });
}

describe("The first point of a run's loss", () => {
  const workbench = useWorkbench();

  it("is drawn soon after the click", async () => {
    await workbench().openFile("iris.train.json");
    await workbench().lenses.first().waitFor();
    const waits: number[] = [];
    for (let round = 0; round < 4; round++) {
      const lens = workbench().lenses.filter({ hasText: "Train Network" }).first();
      await lens.hover();
      const clicked = Date.now();
      await lens.click();
      const panel = await workbench().panel();
      const drawn = await panel.frame.evaluate(firstLine);
      waits.push(drawn - clicked);
      await panel.untilStatus("Completed");
      await workbench().closeTab(/^iris$/);
    }
    console.log(`      the first point was drawn ${waits.join(", ")} ms after the click`);
    assert.ok(waits.every((wait) => wait > 0));
  });
});
