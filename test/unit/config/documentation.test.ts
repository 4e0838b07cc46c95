import assert from "node:assert/strict";
import { documentationOf } from "../../../src/config/documentation";
import type { Field } from "../../../src/config/keys/field";
import { runConfigField } from "../../../src/config/keys/fields";
import { keyAt } from "../../../src/config/locate";

describe("hover texts", () => {
  it("say what a key means, what it may be, its unit and its default", () => {
    assert.equal(
      documentationOf(["epochs"]),
      "How often the training rows are gone through. After each the network is evaluated on all training and validation rows.\n\n`steps = epochs · ⌈rows / batchSize⌉`\n\nA whole number of at least 1. Unit: epochs.\n\nDefault: `100`.",
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
    assert.match(documentationOf(["network", "hidden", 0, "units"]) ?? "", /^Number of units\. Each has/);
    assert.match(
      documentationOf(["network", "hidden", 3, "activation"]) ?? "",
      /Default: the network's `activation`\./,
    );
  });

  it("say that a key is not available yet", () => {
    assert.match(documentationOf(["folds"]) ?? "", /not available yet/);
  });

  it("explain every key in two sentences", () => {
    const short: string[] = [];
    const walk = (field: Field, path: string): void => {
      const sentences = field.description.split(/[.:](?= |$)/).filter((part) => part.trim() !== "");
      if (field.kind !== "unavailable" && sentences.length < 2) short.push(path);
      if (field.kind === "object") walkAll(field.fields, path);
      else if (field.kind === "variants")
        for (const [type, { fields }] of Object.entries(field.variants)) walkAll(fields, `${path}(${type})`);
      else if (field.kind === "list" && field.item.kind === "either")
        for (const alternative of field.item.alternatives)
          if (alternative.kind === "object") walkAll(alternative.fields, path);
    };
    const walkAll = (fields: Readonly<Record<string, Field>>, path: string): void => {
      for (const [key, field] of Object.entries(fields)) walk(field, `${path}.${key}`);
    };
    walkAll(runConfigField.fields, "");
    assert.deepEqual(short, []);
  });

  it("give the formula of what has one", () => {
    for (const [path, formula] of [
      [["gradientClipNorm"], "`g ← g · min(1, c / ‖g‖)`"],
      [["data", "standardize"], "`z = (x − mean) / standard deviation`"],
      [["optimizer", "beta2"], "`v ← β₂v + (1 − β₂)g²`"],
      [["optimizer"], "θ ← θ − η·m̂/(√v̂ + ε)"],
      [["loss"], "log(1 + eᶻ) − zy"],
    ] as const)
      assert(documentationOf(path)?.includes(formula), path.join("."));
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
