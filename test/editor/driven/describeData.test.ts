/** A user wants to know what is in a data file: Describe Data shows it, says what is odd, and starts a run config. */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { until, useWorkbench } from "./workbench";

const rows = Array.from(
  { length: 60 },
  (_, row) =>
    `${row + 1},${row % 4 === 0 ? "" : 20 + ((row * 7) % 30)},${row % 5 === 0 ? "no" : "yes"},Person ${row}`,
);

describe("Describe Data", () => {
  const workbench = useWorkbench({
    files: {
      "people.csv": `id,age,member,name\n${rows.join("\n")}\n`,
      "broken.csv": 'a,b\n1,2\n3,"4\n',
    },
  });

  it("shows every column with its type, what is missing and what is odd", async () => {
    await workbench().openFile("people.csv");
    await workbench().runCommand("Downhill: Describe Data");
    const page = await workbench().dataPage();
    await page.locator("h1", { hasText: "people.csv" }).waitFor();
    await page.getByText("60 rows × 4 columns").waitFor();
    const cards = page.locator("li.column");
    const texts = await until("four cards", async () => {
      const seen = await cards.allInnerTexts();
      return seen.length === 4 && seen.map((text) => text.replaceAll(/\s+/g, " "));
    });
    assert.match(texts[0], /^id Number .*Nothing missing.*Consecutive/);
    assert.match(texts[1], /^age Number .*15 missing · 25.0 %/);
    assert.match(texts[2], /^member Boolean Target yes 48 · 80.0 % no 12 · 20.0 %/);
    assert.match(texts[3], /^name Text Person 0.*Left out/);
    assert.ok((await cards.nth(1).locator("svg.bars").boundingBox())!.height > 20, "a histogram");
  });

  it("finds columns, and says when there are none", async () => {
    const page = await workbench().dataPage();
    const filter = page.getByRole("searchbox", { name: "Filter columns" });
    await filter.fill("na");
    await until("one card", async () => (await page.locator("li.column").count()) === 1);
    await filter.fill("nothing like it");
    await page.getByText("No column matches").waitFor();
    await filter.fill("");
    await page.getByLabel("Sort by").selectOption({ label: "Most missing" });
    await until("age first", async () => /^age/.test(await page.locator("li.column").first().innerText()));
  });

  it("says what predicting another column would be", async () => {
    const page = await workbench().dataPage();
    await page.getByText("Classification · 2 classes").waitFor();
    await page.getByLabel("Column to predict").selectOption("age");
    await page.getByText("Regression · 20 to 49 · 15 rows without a value left out").waitFor();
  });

  it("shows the file as it is after a change on disk", async () => {
    const page = await workbench().dataPage();
    appendFileSync(path.join(workbench().folder, "people.csv"), "61,33,no,Person 60\n");
    await page.getByText("61 rows × 4 columns").waitFor();
    assert.equal(await page.getByLabel("Column to predict").inputValue(), "age", "the choice stays");
  });

  it("writes a run config for the column and opens it", async () => {
    const page = await workbench().dataPage();
    await page.getByLabel("Column to predict").selectOption("member");
    await page.getByRole("button", { name: "Create Run Config" }).click();
    await workbench().page.locator('.tab.active[data-resource-name="people.train.json"]').waitFor();
    const file = path.join(workbench().folder, "people.train.json");
    assert.ok(existsSync(file));
    assert.match(readFileSync(file, "utf8"), /"file": "people\.csv",[^]*"target": "member"/);
  });

  it("says in a sentence why a file cannot be read", async () => {
    await workbench().runCommand("View: Close All Editors");
    await workbench().openFile("broken.csv");
    await workbench().runCommand("Downhill: Describe Data");
    const page = await workbench().dataPage();
    const message = page.getByRole("alert");
    await message.waitFor();
    assert.match(await message.innerText(), /^The quote .* in line 3 of broken\.csv never closes/);
  });
});
