/** A user trains on a data file that cannot be used: one clear sentence says why, and nothing is lost. */
import assert from "node:assert/strict";
import { until, useWorkbench } from "./workbench";

function config(file: string, target: string): string {
  return `{ "data": { "file": "${file}", "target": "${target}" }, "epochs": 5 }\n`;
}

interface Case {
  name: string;
  message: RegExp;
}

const cases: Case[] = [
  { name: "ragged", message: /1 row of ragged\.csv.*line 3/i },
  { name: "no-target", message: /colour.*(sepal_length|petal_length).*species/i },
  { name: "binary", message: /binary\.csv/i },
  { name: "no-file", message: /nowhere\.csv/i },
  { name: "outside", message: /workspace/i },
  { name: "one-class", message: /class/i },
];

describe("Data that cannot be used", () => {
  const workbench = useWorkbench({
    files: {
      "ragged.csv": "a,b,label\n1,2,x\n3,4\n5,6,y\n7,8,x\n",
      "ragged.train.json": config("ragged.csv", "label"),
      "no-target.train.json": config("iris.csv", "colour"),
      "binary.csv": new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48]),
      "binary.train.json": config("binary.csv", "label"),
      "no-file.train.json": config("nowhere.csv", "label"),
      "outside.train.json": config("../../outside.csv", "label"),
      "one-class.csv": "a,b,label\n1,2,x\n3,4,x\n5,6,x\n7,8,x\n",
      "one-class.train.json": config("one-class.csv", "label"),
    },
  });

  for (const { name, message } of cases) {
    it(`${name}: one message`, async () => {
      await workbench().openFile(`${name}.train.json`);
      await workbench().clickLens("Train Network");
      const messages = () => workbench().notifications.filter({ hasText: `${name}: ` });
      await messages().first().waitFor();
      assert.equal(await messages().count(), 1, "one message");
      const text = await messages().innerText();
      assert.match(text, message);
      assert.match(text, /\.$/, "a sentence");
      assert.doesNotMatch(text, /\n|\bat .*:\d+:\d+|Error:|undefined|\[object/, "no stack, no jargon");
      await workbench().runCommand("Notifications: Clear All Notifications");
    });
  }

  it("leaves the extension working", async () => {
    await workbench().openFile("iris.train.json");
    await workbench().clickLens("Train Network");
    await until("a completed run", async () =>
      /iris · accuracy/.test(await workbench().statusBar.first().innerText()),
    );
  });
});
