/** A user keeps order among runs: names one, compares settings, gets an old run config back, deletes and regrets it. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench } from "./workbench";

const config = (learningRate: number) => `{
  "data": { "file": "iris.csv", "target": "species" },
  "optimizer": { "type": "adam", "learningRate": ${learningRate} },
  "epochs": 5
}
`;

describe("The list of runs", () => {
  const workbench = useWorkbench({ files: { "short.train.json": config(0.01) } });
  const rows = async (): Promise<string[]> =>
    (await workbench().runs.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " ").trim());
  const menu = async (row: RegExp, entry: string): Promise<void> => {
    await workbench().runs.filter({ hasText: row }).first().click({ button: "right" });
    // A menu takes no click in the moment in which it opens.
    await workbench().page.locator(".context-view .action-label", { hasText: entry }).first().hover();
    await workbench().page.keyboard.press("Enter");
  };

  it("names under a run config the settings in which a run differs from the one before", async () => {
    await workbench().openSideBar();
    await workbench().openFile("short.train.json");
    await workbench().clickLens("Train Network");
    await (await workbench().panel()).untilStatus("Completed");
    await workbench().openFile("short.train.json");
    await workbench().replaceText(config(0.05));
    await workbench().runCommand("Downhill: Restart Training");
    const [group, newer, older] = await until("two finished runs", async () => {
      const texts = await rows();
      return texts.length === 3 && texts.slice(1).every((text) => /^accuracy/.test(text)) ? texts : null;
    });
    assert.match(group, /^short\s*2 runs/);
    assert.match(newer, /learningRate 0\.05/);
    assert.doesNotMatch(older, /learningRate/);
  });

  it("renames a run, which keeps its name", async () => {
    await menu(/learningRate 0\.05/, "Rename Run");
    await workbench().quickInput.locator("input").first().fill("the faster one");
    await workbench().page.keyboard.press("Enter");
    await until("the new name", async () =>
      (await rows()).some((text) => /^the faster one\s*accuracy/.test(text)),
    );
  });

  it("shows the run config as it was, and makes one of it again", async () => {
    await menu(/^(?!.*(runs|faster)).*accuracy/, "Open Run Config as It Was");
    const lines = workbench().page.locator(".editor-group-container.active .view-line");
    await until("the old text", async () =>
      (await lines.allInnerTexts()).some((line) => /0\.01(?!\d)/.test(line)),
    );
    await menu(/^(?!.*(runs|faster)).*accuracy/, "Copy as Run Config");
    const copy = path.join(workbench().folder, "short-2.train.json");
    await until("a new file", () => Promise.resolve(existsSync(copy)));
  });

  it("compares the selected runs", async () => {
    await workbench().runs.filter({ hasText: "accuracy" }).first().click();
    await workbench()
      .runs.filter({ hasText: "accuracy" })
      .last()
      .click({ modifiers: ["Shift"] });
    await menu(/the faster one/, "Compare Selected Runs");
    const frame = await workbench().frameWith("main.compare");
    await until("two rows", async () => (await frame.locator(".runs-table tbody tr").count()) === 2);
    assert.match(await frame.locator(".runs-table thead").innerText(), /optimizer\.learningRate/);
    assert.deepEqual(await frame.locator(".compared-metric-card .legend-label").allInnerTexts(), [
      "1 · learningRate 0.01",
      "2 · the faster one",
    ]);
    await workbench().screenshot("compared");
  });

  it("deletes a run, and brings it back", async () => {
    const runs = path.join(workbench().folder, ".downhill/runs");
    const stored = (): string[] => readdirSync(runs).filter((name) => !name.startsWith("."));
    // One click selects it alone.
    await workbench()
      .runs.filter({ hasText: /the faster one/ })
      .click();
    await menu(/the faster one/, "Delete Run");
    await until(
      "one run less",
      async () => stored().length === 1 && !(await rows()).some((row) => /faster/.test(row)),
    );
    await workbench().notificationButton("Undo").click();
    await until("the run again", async () => (await rows()).some((row) => /^the faster one/.test(row)));
    assert.equal(stored().length, 2);
  });
});
