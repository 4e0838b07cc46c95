import assert from "node:assert/strict";
import { differences, flattenSettings, shortKey, varyingKeys } from "../../../src/run/settings";
import { parseRunConfig } from "../../../src/config/parse";

const settingsOf = (text: string) => {
  const { config } = parseRunConfig(text, "json");
  assert.ok(config);
  return flattenSettings(config);
};
const before = settingsOf(`{"data": {"file": "a.csv", "target": "y"}, "network": {"hidden": [16, 8]}}`);

describe("The settings of a run", () => {
  it("are flat, defaults included, and lists are one value", () => {
    assert.equal(before["data.file"], "a.csv");
    assert.equal(before["data.target"], "y");
    assert.equal(before["data.ignore"], "none");
    assert.equal(before["network.hidden"], "16 relu, 8 relu");
    assert.equal(before["optimizer.type"], "adam");
    assert.ok(Object.values(before).every((value) => !value.includes("[object")));
  });

  it("differ where their values do, also by a key that one of them has not", () => {
    const after = settingsOf(
      `{"data": {"file": "a.csv", "target": "y"}, "network": {"hidden": [16]},
        "optimizer": {"type": "sgd", "learningRate": 0.5}}`,
    );
    const found = Object.fromEntries(differences(before, after).map((one) => [one.key, one]));
    assert.deepEqual(found["network.hidden"], {
      key: "network.hidden",
      before: "16 relu, 8 relu",
      after: "16 relu",
    });
    assert.equal(found["optimizer.type"].after, "sgd");
    assert.equal(found["optimizer.beta1"].after, null);
    assert.ok(!("data.file" in found));
    assert.deepEqual(differences(after, after), []);
  });

  it("vary over several runs by key", () => {
    assert.deepEqual(
      varyingKeys([
        { a: "1", b: "2" },
        { a: "1", b: "3" },
        { a: "1", b: "2", c: "4" },
      ]),
      ["b", "c"],
    );
    assert.deepEqual(varyingKeys([{ a: "1" }]), []);
  });

  it("are known by the last part of their key", () => {
    assert.equal(shortKey("optimizer.learningRate"), "learningRate");
    assert.equal(shortKey("optimizer.type"), "optimizer");
    assert.equal(shortKey("epochs"), "epochs");
  });
});
