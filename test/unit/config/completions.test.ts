import assert from "node:assert/strict";
import fc from "fast-check";
import { yamlCompletionsAt } from "../../../src/config/completions";

/** What is offered where | stands. */
function at(marked: string): string[] {
  return yamlCompletionsAt(marked.replace("|", ""), marked.indexOf("|")).map(({ label }) => label);
}

describe("Completions of a run config in YAML", () => {
  const data = "data:\n  file: a.csv\n  target: y\n";

  it("are the keys of the object that is written, less those that are there", () => {
    const keys = at(`${data}|\nepochs: 3\n`);
    assert(keys.includes("network") && keys.includes("batchSize"));
    assert(!keys.includes("data") && !keys.includes("epochs") && !keys.includes("folds"), keys.join());
    assert.deepEqual(at(`${data}  split:\n    va|`), [
      "validation",
      "test",
      "stratify",
      "groupBy",
      "orderBy",
    ]);
    assert(at("|").includes("data"));
    assert(at(`${data}network:\n  hidden:\n    - un|`).includes("activation"));
  });

  it("are the parameters of the optimizer that is written, also on one line", () => {
    assert.deepEqual(at(`${data}optimizer:\n  type: momentum\n  |`), [
      "learningRate",
      "momentum",
      "weightDecay",
    ]);
    assert.deepEqual(at(`${data}optimizer: { type: sgd, | }`), ["learningRate", "weightDecay"]);
    assert.deepEqual(at(`${data}optimizer:\n  |`).slice(0, 3), ["type", "learningRate", "beta1"]);
  });

  it("are the words that a key may have", () => {
    assert.deepEqual(at(`${data}optimizer:\n  type: |`).slice(0, 3), ["sgd", "momentum", "nesterov"]);
    assert.deepEqual(at(`${data}shuffle: |`), ["true", "false"]);
    assert.deepEqual(at(`${data}network:\n  activation: ta|`).slice(1, 3), ["relu", "leaky-relu"]);
    assert(at(`${data}batchSize: |`).includes("full"));
    assert(at(`${data}optimizer:\n  type: adam\n  learningRate: |`).includes("0.001"));
  });

  it("replace the word that is begun, and go on with what belongs below a key", () => {
    const text = `${data}optim`;
    const found = yamlCompletionsAt(text, text.length - 2).find(({ label }) => label === "optimizer");
    assert.deepEqual(found?.replace, { start: data.length, end: text.length });
    assert.equal(found.snippet, "optimizer:\n  $0");
    assert.match(found.documentation, /The rule that turns gradients into steps/);
  });

  it("are none in comments, in names of columns, and behind a key that has its colon", () => {
    for (const marked of [
      `# |`,
      `${data}# a |`,
      "data:\n  file: |",
      "data:\n  fi|le: a.csv",
      "data:\n  ignore: [|]",
    ])
      assert.deepEqual(at(marked), [], marked);
  });

  it("never fail, whatever is typed", () => {
    const text = `${data}optimizer: { type: sgd }\nnetwork:\n  hidden: [4, { units: 3 }]\n`;
    const typing = fc.tuple(
      fc.nat(text.length),
      fc.string({ maxLength: 8, unit: fc.constantFrom(...Array.from("a:-{}[],# \n'\"&*")) }),
    );
    fc.assert(
      fc.property(typing, ([place, inserted]) => {
        const typed = text.slice(0, place) + inserted + text.slice(place);
        yamlCompletionsAt(typed, place + inserted.length);
      }),
    );
  });
});
