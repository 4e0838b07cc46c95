import assert from "node:assert/strict";
import path from "node:path";
import { predictionsFile } from "../../../src/editor/predictionsFile";

describe("the file of predictions", () => {
  const inData = (name: string): string => path.join("data", name);

  it("lies beside the data file and is a CSV file whatever that is", () => {
    assert.equal(
      predictionsFile(inData("new.csv"), () => false),
      inData("new-predictions.csv"),
    );
    assert.equal(
      predictionsFile(inData("new.v2.tsv"), () => false),
      inData("new.v2-predictions.csv"),
    );
  });

  it("is never one that is there", () => {
    const there = new Set(["new-predictions.csv", "new-predictions-2.csv"].map(inData));
    assert.equal(
      predictionsFile(inData("new.csv"), (file) => there.has(file)),
      inData("new-predictions-3.csv"),
    );
  });
});
