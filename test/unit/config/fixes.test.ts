import assert from "node:assert/strict";
import { stringify } from "yaml";
import { fixed } from "../../../src/config/fix";
import { parseRunConfig } from "../../../src/config/parse";

const data = { file: "a.csv", target: "y" };

describe("Fixes of a run config", () => {
  const wrong: [name: string, config: object, titles: string[]][] = [
    ["a key that is nowhere known", { data, zzzzzz: 1 }, ['Remove "zzzzzz"']],
    ["a key of another section", { data, dropout: 0.2 }, ['Move "dropout" into "network"']],
    ["a key of the top level", { data: { ...data, batchSize: 3 } }, ['Move "batchSize" to the top level']],
    ["a key that cannot be used yet", { data, folds: 3 }, ['Remove "folds"']],
    [
      "a parameter of another optimizer",
      { data, optimizer: { type: "sgd", momentum: 0.9 } },
      ['Set "optimizer.type" to "momentum"', 'Set "optimizer.type" to "nesterov"', 'Remove "momentum"'],
    ],
    ["a column twice", { data: { ...data, ignore: ["a", "b", "a"] } }, ['Remove "a"']],
    [
      "a loss of the other task",
      { data, task: "regression", loss: "binary-cross-entropy" },
      ['Remove "loss"', 'Set "task" to "classification"'],
    ],
    [
      "several targets of a classification",
      { data: { ...data, target: ["y", "z"] }, task: "classification" },
      ['Set "task" to "regression"', 'Set "data.target" to "y"'],
    ],
    [
      "class weights of a regression",
      { data: { ...data, classWeights: "balanced" }, task: "regression" },
      ['Remove "classWeights"'],
    ],
    ["the target as a feature", { data: { ...data, features: ["a", "y"] } }, ['Remove "y"']],
    ["the target ignored", { data: { ...data, ignore: ["y"] } }, ['Remove "y"']],
    [
      "a feature that is ignored",
      { data: { ...data, features: ["a", "b"], ignore: ["b"] } },
      ['Remove "b" from "features"', 'Remove "b" from "ignore"'],
    ],
    ["the target as a group", { data: { ...data, split: { groupBy: "y" } } }, ['Remove "groupBy"']],
    [
      "groups in an order",
      { data: { ...data, split: { groupBy: "g", orderBy: "d" } } },
      ['Remove "orderBy"', 'Remove "groupBy"'],
    ],
    [
      "an order in proportion",
      { data: { ...data, split: { orderBy: "d", stratify: true } } },
      ['Remove "stratify"', 'Remove "orderBy"'],
    ],
    [
      "two sources of validation",
      { data: { ...data, validationFile: "v.csv", split: { validation: 0.1 } } },
      ['Remove the share "validation"', 'Remove "validationFile"'],
    ],
    [
      "the data file for validation",
      { data: { ...data, validationFile: "a.csv" } },
      ['Remove "validationFile"'],
    ],
    [
      "a file of no format",
      { data: { ...data, file: "a.txt" } },
      ["csv", "tsv", "json", "jsonl", "parquet"].map((format) => `Set "data.format" to "${format}"`),
    ],
    ["epochs of a function", { function: { expression: "x^2" }, epochs: 3 }, ['Remove "epochs"']],
  ];
  for (const [name, config, titles] of wrong) {
    it(`repair ${name}, in JSON and in YAML, whichever is taken`, () => {
      for (const [language, text] of [
        ["json", JSON.stringify(config, null, 2)],
        ["yaml", stringify(config)],
      ] as const) {
        const [problem] = parseRunConfig(text, language).problems;
        assert.deepEqual(
          problem.fixes?.map(({ title }) => title),
          titles,
        );
        for (const fix of problem.fixes ?? []) {
          const repaired = fixed(text, language, fix);
          assert(repaired !== null, fix.title);
          const left = parseRunConfig(repaired, language).problems;
          assert(!left.some(({ message }) => message === problem.message), `${fix.title}: ${repaired}`);
        }
      }
    });
  }

  it("write over nothing", () => {
    const text =
      '{ "data": { "file": "a.csv", "target": "y" }, "dropout": 0.5, "network": { "dropout": 0.1 } }';
    const [{ fixes }] = parseRunConfig(text, "json").problems;
    assert.equal(fixes?.length, 1);
    assert.equal(fixed(text, "json", fixes[0]), null);
  });

  it("leave comments where they are", () => {
    const removed = (text: string) => {
      const [{ fixes }] = parseRunConfig(text, "json").problems;
      return fixes && fixed(text, "json", fixes[0]);
    };
    const data = '  // the data\n  "data": { "file": "a.csv", "target": "y" }';
    assert.equal(
      removed(`{\n${data}, // here\n  "folds": 3, // folds\n  "seed": 1\n}\n`),
      `{\n${data}, // here\n  // folds\n  "seed": 1\n}\n`,
    );
    assert.equal(removed(`{\n${data},\n  "folds": 3,\n  "seed": 1\n}\n`), `{\n${data},\n  "seed": 1\n}\n`);
    assert.equal(removed(`{\n${data},\n  "folds": 3\n}\n`), `{\n${data}\n}\n`);
    assert.equal(
      removed('{ "folds": 3, "data": { "file": "a.csv", "target": "y" } }'),
      '{ "data": { "file": "a.csv", "target": "y" } }',
    );
  });

  it("know which key is missing", () => {
    const missing = (text: string) => parseRunConfig(text, "json").problems.map((problem) => problem.missing);
    assert.deepEqual(missing('{ "data": { "file": "a.csv" } }'), ["target"]);
    assert.deepEqual(missing("{}"), ["data"]);
  });
});
