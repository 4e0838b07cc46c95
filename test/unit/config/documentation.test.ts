import assert from "node:assert/strict";
import { documentationOf } from "../../../src/config/documentation";
import { keyAt } from "../../../src/config/locate";

describe("hover texts", () => {
  it("say what a key means, what it may be, its unit and its default", () => {
    assert.equal(
      documentationOf(["epochs"]),
      "How often the training rows are gone through.\n\nA whole number of at least 1. Unit: epochs.\n\nDefault: `100`.",
    );
    assert.match(
      documentationOf(["network", "dropout"]) ?? "",
      /A number of at least 0 and below 1\. Unit: probability\./,
    );
    assert.match(documentationOf(["data", "standardizeTarget"]) ?? "", /Default: as `standardize`\.$/);
    assert.match(documentationOf(["batchSize"]) ?? "", /- `full`: All training rows in every step\./);
  });

  it("list the words of a choice", () => {
    for (const path of [["optimizer"], ["optimizer", "type"]]) {
      assert.match(documentationOf(path) ?? "", /- `adagrad`: Divides by the root of the sum/);
    }
  });

  it("tell the defaults of a parameter that differ between optimizers", () => {
    assert.match(
      documentationOf(["optimizer", "learningRate"]) ?? "",
      /Default: `0\.1` with `sgd` and `adagrad`, `0\.05` with `momentum` and `nesterov`, `0\.01` with `rmsprop`, `adam` and `adamw`\.$/,
    );
    assert.match(documentationOf(["optimizer", "momentum"]) ?? "", /^With `momentum` and `nesterov`: /);
    assert.doesNotMatch(documentationOf(["optimizer", "weightDecay"]) ?? "", /^With/);
  });

  it("tell every meaning of a parameter that means different things", () => {
    const text = documentationOf(["schedule", "factor"]) ?? "";
    assert.equal(text.split("\n\n---\n\n").length, 3);
    assert.match(text, /With `exponential`: What the learning rate is multiplied by after every epoch/);
  });

  it("reach into lists", () => {
    assert.match(documentationOf(["network", "hidden", 0, "units"]) ?? "", /^Number of units\./);
    assert.match(
      documentationOf(["network", "hidden", 3, "activation"]) ?? "",
      /Default: the network's `activation`\./,
    );
  });

  it("say that a key is not available yet", () => {
    assert.match(documentationOf(["folds"]) ?? "", /not available yet/);
  });

  it("exist for no other key", () => {
    for (const path of [
      ["zzz"],
      ["data", "zzz"],
      ["epochs", "x"],
      ["network", 0],
      ["toString"],
      ["optimizer", "type", "x"],
    ]) {
      assert.equal(documentationOf(path), null, path.join("."));
    }
  });
});

describe("the key at an offset", () => {
  const at = (marked: string, language: "json" | "yaml") => {
    const text = marked.replace("|", "");
    const key = keyAt(text, language, marked.indexOf("|"));
    return key && [key.path.join("."), text.slice(key.start, key.end)];
  };

  it("is found in JSON and YAML", () => {
    assert.deepEqual(at('{ "net|work": { "hidden": [1, { "units": 5 }] } }', "json"), [
      "network",
      '"network"',
    ]);
    assert.deepEqual(at('{ "network": { "hidden": [1, { "|units": 5 }] } }', "json"), [
      "network.hidden.1.units",
      '"units"',
    ]);
    assert.deepEqual(at("network:\n  hidden:\n    - 1\n    - un|its: 5\n", "yaml"), [
      "network.hidden.1.units",
      "units",
    ]);
  });

  it("is found while the text is broken", () => {
    assert.deepEqual(at('{ "ep|ochs": 3, "loss": "ms', "json"), ["epochs", '"epochs"']);
  });

  it("is none on values and elsewhere", () => {
    assert.equal(at('{ "epochs": |30 }', "json"), null);
    assert.equal(at('{| "epochs": 30 }', "json"), null);
    assert.equal(at('{ "epochs"|: 30 }', "json"), null);
    assert.equal(at("|", "yaml"), null);
    assert.equal(at('{ "network": { "hidden": [1|, 2] } }', "json"), null);
  });
});
