import assert from "node:assert/strict";
import { documentationOf } from "../../../src/config/documentation";
import { parseRunConfig } from "../../../src/config/parse";
import type { RunConfig } from "../../../src/config/runConfig";
import type { RunVariant } from "../../../src/config/variants";

const data = '"data": { "file": "a.csv", "target": "b" }';

function variants(keys: string, language: "json" | "yaml" = "json"): RunVariant[] {
  const text = language === "json" ? `{ ${data}, ${keys} }` : keys;
  const { variants: found, problems } = parseRunConfig(text, language);
  assert.deepEqual(problems, [], text);
  assert.ok(found, text);
  return found;
}

/** The config of each variant, read as a run reads it: a text of its own, in the language of the file's name. */
function configs(keys: string, language: "json" | "yaml" = "json"): Record<string, RunConfig> {
  return Object.fromEntries(
    variants(keys, language).map(({ name, text }) => {
      for (const read of ["json", "yaml"] as const) {
        const { config, variants: inner, problems } = parseRunConfig(text, read);
        assert.deepEqual([problems, inner], [[], null], text);
        if (read === language) return [name, config as RunConfig];
      }
      throw new Error("no language");
    }),
  );
}

function problemsOf(keys: string): { at: string; message: string; path: unknown }[] {
  const text = `{ ${data}, ${keys} }`;
  const { config, variants: none, problems } = parseRunConfig(text, "json");
  assert.deepEqual([config, none], [null, null]);
  return problems.map(({ start, end, message, path }) => ({ at: text.slice(start, end), message, path }));
}

describe("A run config that stands for several runs", () => {
  it("lays each entry of compare over the rest", () => {
    const all = configs(
      `"network": { "hidden": [8], "activation": "tanh" }, "optimizer": { "type": "momentum", "momentum": 0.5, "learningRate": 0.2 },
       "earlyStopping": { "patience": 3 }, "seed": 7,
       "compare": [
         { "name": "as it is" },
         { "name": "slower", "optimizer": { "learningRate": 0.01 } },
         { "name": "other", "optimizer": { "type": "adam" }, "batchSize": "full" },
         { "name": "wide", "network": { "hidden": [32, 16] }, "earlyStopping": null, "data": { "standardize": false } }
       ]`,
    );
    assert.deepEqual(Object.keys(all), ["as it is", "slower", "other", "wide"]);
    const alone = parseRunConfig(
      `{ ${data}, "network": { "hidden": [8], "activation": "tanh" }, "optimizer": { "type": "momentum", "momentum": 0.5, "learningRate": 0.2 },
         "earlyStopping": { "patience": 3 }, "seed": 7 }`,
      "json",
    ).config;
    assert.deepEqual(all["as it is"], alone);
    assert.deepEqual(all.slower, {
      ...alone,
      optimizer: { type: "momentum", momentum: 0.5, learningRate: 0.01, weightDecay: 0 },
    });
    // Another type takes nothing over.
    assert.deepEqual(all.other.optimizer, {
      type: "adam",
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 0,
    });
    assert.equal(all.other.batchSize, "full");
    assert.deepEqual(
      all.wide.network.hidden.map(({ units, activation }) => `${units} ${activation}`),
      ["32 tanh", "16 tanh"],
    );
    assert.equal(all.wide.earlyStopping, undefined);
    assert.deepEqual([all.wide.data.standardize, all.wide.data.file], [false, "a.csv"]);
  });

  it("gives starts the seeds after its own, and the first its own", () => {
    const starts = configs('"seed": 4294967295, "starts": 3');
    assert.deepEqual(
      Object.entries(starts).map(([name, { startSeed, seed }]) => [name, startSeed, seed]),
      [
        ["start 1", 4294967295, 4294967295],
        ["start 2", 0, 4294967295],
        ["start 3", 1, 4294967295],
      ],
    );
    const both = configs('"starts": 2, "compare": [{ "name": "a", "startSeed": 9 }, { "name": "b" }]');
    assert.deepEqual(
      Object.entries(both).map(([name, { startSeed }]) => [name, startSeed]),
      [
        ["a, start 1", 9],
        ["a, start 2", 10],
        ["b, start 1", 1],
        ["b, start 2", 2],
      ],
    );
  });

  it("is one run without compare, and with one start", () => {
    for (const keys of ["", ', "starts": 1'])
      assert.equal(parseRunConfig(`{ ${data}${keys} }`, "json").variants, null);
  });

  it("names entries by what they change where they have no name", () => {
    const names = variants(
      `"compare": [{ "optimizer": { "type": "sgd", "learningRate": 0.1 } }, { "network": { "hidden": [32, 16] } }, { "earlyStopping": null },
                   {}, { "batchSize": 8 }, { "batchSize": 8 }]`,
    ).map(({ name }) => name);
    assert.deepEqual(names, [
      "optimizer sgd, learningRate 0.1",
      "hidden 32-16",
      "no earlyStopping",
      "unchanged",
      "batchSize 8",
      "batchSize 8 (2)",
    ]);
  });

  it("knows where each entry stands", () => {
    const text = `{ ${data}, "compare": [{ "name": "a" }, { "name": "b", "epochs": 3 }] }`;
    const found = parseRunConfig(text, "json").variants ?? [];
    assert.deepEqual(
      found.map(({ range }) => range && text.slice(range.start, range.end)),
      ['{ "name": "a" }', '{ "name": "b", "epochs": 3 }'],
    );
  });

  it("is read from YAML", () => {
    const text =
      "data: { file: a.csv, target: b }\ncompare:\n  - name: slow\n    optimizer: { learningRate: 1e-7 }\n  - epochs: 3\n";
    const all = configs(text, "yaml");
    assert.equal(all.slow.optimizer.learningRate, 1e-7);
    assert.equal(all["epochs 3"].epochs, 3);
  });

  it("reports what is wrong in an entry there", () => {
    assert.deepEqual(problemsOf('"compare": [{ "optimizer": { "type": "sgd", "momentum": 0.9 } }]'), [
      {
        at: '"momentum"',
        message:
          '"momentum" is a parameter of "momentum" and "nesterov", not of "sgd"; leave it out or change the type.',
        path: ["compare", 0, "optimizer", "momentum"],
      },
    ]);
    const [{ at, message }] = problemsOf('"compare": [{ "name": "x", "learningRate": 0.1 }]');
    assert.equal(at, '"learningRate"');
    assert.match(
      message,
      /^Unknown key "learningRate" in "compare\[0\]": did you mean "learningRate" in "optimizer"\?$/,
    );
    assert.match(problemsOf('"compare": [{ "starts": 3 }]')[0].message, /cannot stand in "compare\[0\]"/);
    assert.match(
      problemsOf('"compare": [3]')[0].message,
      /must be an object with keys of the run config, not 3/,
    );
    assert.match(problemsOf('"compare": []')[0].message, /is an empty list/);
    assert.match(problemsOf('"compare": [{ "name": "" }]')[0].message, /is empty/);
  });

  it("reports what an entry makes wrong elsewhere at the entry, and what is wrong with all once", () => {
    assert.deepEqual(
      problemsOf('"loss": "mse", "compare": [{ "name": "c", "task": "classification" }, {}]'),
      [
        {
          at: '"c"',
          message:
            'With "c": The loss "mse" is for regression, but the task is classification; use a cross-entropy or change the task.',
          path: ["compare", 0],
        },
      ],
    );
    assert.equal(problemsOf('"epochs": 0, "compare": [{}, { "batchSize": 3 }]').length, 1);
  });

  it("refuses equal names and too many runs", () => {
    const [problem] = problemsOf('"compare": [{ "name": "a" }, { "name": "a", "epochs": 3 }]');
    assert.match(problem.message, /^"a" names two entries of "compare"; give each its own name\.$/);
    assert.deepEqual(problem.path, ["compare", 1, "name"]);
    const [many] = problemsOf('"starts": 60, "compare": [{ "name": "a" }, { "name": "b" }]');
    assert.match(many.message, /make 120 runs together, more than 100/);
  });

  it("refuses starts that would all be the same", () => {
    const [weights] = problemsOf('"starts": 3, "network": { "initialWeights": "w.safetensors" }');
    assert.match(weights.message, /All "starts" would be the same/);
    const fixed = parseRunConfig(
      '{ "function": { "expression": "x^2", "start": { "x": 1 } }, "starts": 3 }',
      "json",
    );
    assert.match(fixed.problems[0].message, /must be another point; write "random"/);
  });

  it("never throws, whatever stands in compare", () => {
    for (const value of [
      "null",
      "{}",
      "[null]",
      "[[]]",
      '[{ "optimizer": 3 }]',
      '[{ "optimizer": null }]',
      '[{ "data": null }]',
      '[{ "compare": [] }]',
      "[{",
    ])
      parseRunConfig(`{ ${data}, "compare": ${value} }`, "json");
  });

  it("is documented down to the keys of entries", () => {
    assert.match(documentationOf(["compare", 0, "optimizer", "learningRate"]) ?? "", /step size/);
    assert.match(documentationOf(["compare", 0, "name"]) ?? "", /called/);
    assert.equal(documentationOf(["compare", 0, "compare"]), null);
  });
});
