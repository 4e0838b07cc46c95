import assert from "node:assert/strict";
import { prepared } from "./support";

describe("nearly constant features", () => {
  const rows = Array.from({ length: 10_000 }, (_, row) => `${row === 77 ? 200 : 0},${row % 17},${row % 2}`);
  const text = `pixel,a,y\n${rows.join("\n")}\n`;

  it("are counted, with how far standardisation takes them", async () => {
    const { training, notes } = await prepared(text);
    const largest = training.inputs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.equal(Math.round(largest), 100);
    assert.deepEqual(notes, [
      '1 input nearly constant among the training rows has standardised values of up to 100 ("pixel"), which can upset training; leave it out with "ignore", or set "standardize" to false if all columns have the same unit.',
    ]);
    assert.deepEqual((await prepared(text, { standardize: false })).notes, []);
  });

  it("are those of the validation rows, too", async () => {
    const plain = Array.from({ length: 50 }, (_, row) => `0,${row % 17},${row % 2}`).join("\n");
    const { notes } = await prepared(`pixel,a,y\n${plain}\n`, {}, "pixel,a,y\n255,1,1\n");
    assert.match(notes.join(), /up to 260 \("pixel"\)/);
  });
});
