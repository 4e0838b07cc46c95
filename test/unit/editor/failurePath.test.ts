import assert from "node:assert/strict";
import { failurePath } from "../../../src/editor/failurePath";

describe("The key that a failure is about", () => {
  it("is the one that the message names", () => {
    assert.deepEqual(
      failurePath(
        "data.file is ../x.csv, which lies outside the workspace folder /w; copy the file into it.",
      ),
      ["data", "file"],
    );
    assert.deepEqual(failurePath("network.initialWeights is w.safetensors, but there is no file w."), [
      "network",
      "initialWeights",
    ]);
  });

  it("is the target where the message speaks of it, else the data file", () => {
    assert.deepEqual(failurePath('iris.csv has no target column called "specie".'), ["data", "target"]);
    assert.deepEqual(failurePath("iris.csv has no rows."), ["data", "file"]);
    // A file may be called like a key.
    assert.deepEqual(failurePath("data.csv is empty."), ["data", "file"]);
  });
});
