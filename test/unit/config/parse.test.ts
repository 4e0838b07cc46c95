import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parseRunConfig } from "../../../src/config/parse";
import type { RunConfig } from "../../../src/config/runConfig";

function valid(text: string, language: "json" | "yaml" = "json"): RunConfig {
  const { config, problems } = parseRunConfig(text, language);
  assert.deepEqual(problems, []);
  assert.ok(config);
  return config;
}

const data = '"data": { "file": "iris.csv", "target": "species" }';
const withKeys = (keys: string) => valid(`{ ${data}, ${keys} }`);

describe("a valid run config", () => {
  it("needs no more than a file and a target: everything else has a default", () => {
    assert.deepEqual(valid(`{ ${data} }`), {
      data: {
        file: "iris.csv",
        target: ["species"],
        ignore: [],
        split: { validation: 0.2, test: 0, stratify: true },
        standardize: true,
        standardizeTarget: true,
        missing: "impute",
        classWeights: "none",
        badRows: "error",
      },
      network: { hidden: [{ units: 16, activation: "relu" }], initializer: "auto", dropout: 0 },
      optimizer: {
        type: "adam",
        learningRate: 0.01,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0,
      },
      schedule: { type: "constant", warmupSteps: 0 },
      batchSize: 32,
      epochs: 100,
      shuffle: true,
      seed: 1,
      engine: { type: "builtin" },
    });
  });

  it("fills in what one key makes of another", () => {
    const split = (data: string) =>
      valid(`{ "data": { "file": "a.csv", "target": "b", ${data} } }`).data.split;
    assert.deepEqual(split('"split": { "orderBy": "day" }'), {
      validation: 0.2,
      test: 0,
      stratify: false,
      orderBy: "day",
    });
    assert.deepEqual(split('"split": { "groupBy": "house", "test": 0.1 }, "validationFile": "v.csv"'), {
      validation: 0,
      test: 0.1,
      stratify: true,
      groupBy: "house",
    });
    assert.deepEqual(split('"split": { "validation": 0.3 }, "testFile": "t.csv"'), {
      validation: 0.3,
      test: 0,
      stratify: true,
    });
  });

  it("says everything that it says", () => {
    const text = `{
      // comments and trailing commas are welcome
      "$schema": "./run-config.schema.json",
      "data": {
        "file": "data/cars.tsv", "format": "tsv", "target": ["mpg", "price"], "features": ["weight", "year"], "ignore": ["name"],
        "split": { "validation": 0.1, "test": 0.3, "stratify": false }, "standardize": true, "standardizeTarget": false,
        "missing": "drop", "rows": 10000,
      },
      "task": "regression",
      "network": {
        "hidden": [8, { "units": 4, "activation": "tanh" }, { "units": 3 }], "activation": "gelu", "initializer": "he-uniform",
        "dropout": 0.5, "initialWeights": "start.safetensors",
      },
      "loss": "mae",
      "optimizer": { "type": "nesterov", "learningRate": 0.3, "momentum": 0.8, "weightDecay": 0.01 },
      "schedule": { "type": "step", "every": 3, "factor": 0.5, "warmupSteps": 7 },
      "batchSize": "full", "epochs": 7, "shuffle": false, "seed": 4294967295, "gradientClipNorm": 1.5,
      "earlyStopping": { "patience": 3, "minDelta": 0.001, "restoreBest": false },
      "engine": { "type": "builtin", "threads": 2 },
    }`;
    assert.deepEqual(valid(text), {
      data: {
        file: "data/cars.tsv",
        format: "tsv",
        target: ["mpg", "price"],
        features: ["weight", "year"],
        ignore: ["name"],
        split: { validation: 0.1, test: 0.3, stratify: false },
        standardize: true,
        standardizeTarget: false,
        missing: "drop",
        classWeights: "none",
        badRows: "error",
        rows: 10000,
      },
      task: "regression",
      network: {
        hidden: [
          { units: 8, activation: "gelu" },
          { units: 4, activation: "tanh" },
          { units: 3, activation: "gelu" },
        ],
        initializer: "he-uniform",
        dropout: 0.5,
        initialWeights: "start.safetensors",
      },
      loss: "mae",
      optimizer: { type: "nesterov", learningRate: 0.3, momentum: 0.8, weightDecay: 0.01 },
      schedule: { type: "step", every: 3, factor: 0.5, warmupSteps: 7 },
      batchSize: "full",
      epochs: 7,
      shuffle: false,
      seed: 4294967295,
      gradientClipNorm: 1.5,
      earlyStopping: { patience: 3, minDelta: 0.001, restoreBest: false },
      engine: { type: "builtin", threads: 2 },
    });
  });

  it("gives every optimizer its own parameters", () => {
    const optimizer = (type: string) => withKeys(`"optimizer": { "type": "${type}" }`).optimizer;
    const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    assert.deepEqual(optimizer("sgd"), { type: "sgd", learningRate: 0.1, weightDecay: 0 });
    for (const type of ["momentum", "nesterov"] as const) {
      assert.deepEqual(optimizer(type), { type, learningRate: 0.05, momentum: 0.9, weightDecay: 0 });
    }
    assert.deepEqual(optimizer("rmsprop"), {
      type: "rmsprop",
      learningRate: 0.01,
      decay: 0.99,
      epsilon: 1e-8,
      weightDecay: 0,
    });
    assert.deepEqual(optimizer("adam"), { type: "adam", ...adam });
    assert.deepEqual(optimizer("adamw"), { type: "adamw", ...adam });
    assert.deepEqual(optimizer("adagrad"), {
      type: "adagrad",
      learningRate: 0.1,
      epsilon: 1e-10,
      weightDecay: 0,
    });
  });

  it("gives every schedule its own parameters", () => {
    const schedule = (type: string) => withKeys(`"schedule": { "type": "${type}" }`).schedule;
    assert.deepEqual(schedule("constant"), { type: "constant", warmupSteps: 0 });
    assert.deepEqual(schedule("step"), { type: "step", every: 10, factor: 0.1, warmupSteps: 0 });
    assert.deepEqual(schedule("exponential"), { type: "exponential", factor: 0.95, warmupSteps: 0 });
    assert.deepEqual(schedule("cosine"), { type: "cosine", final: 0, warmupSteps: 0 });
    assert.deepEqual(schedule("one-cycle"), { type: "one-cycle", warmupSteps: 0 });
    assert.deepEqual(schedule("reduce-on-plateau"), {
      type: "reduce-on-plateau",
      factor: 0.1,
      patience: 10,
      warmupSteps: 0,
    });
  });

  it("fills in early stopping when it is asked for, and only then", () => {
    assert.deepEqual(withKeys('"earlyStopping": {}').earlyStopping, {
      patience: 10,
      minDelta: 0,
      restoreBest: true,
    });
    assert.ok(!("earlyStopping" in valid(`{ ${data} }`)));
  });

  it("scales the target as it scales the features, unless told otherwise", () => {
    const scaling = (keys: string) => {
      const { standardize, standardizeTarget } = valid(
        `{ "data": { "file": "a.csv", "target": "b"${keys} } }`,
      ).data;
      return [standardize, standardizeTarget];
    };
    assert.deepEqual(scaling(""), [true, true]);
    assert.deepEqual(scaling(', "standardize": false'), [false, false]);
    assert.deepEqual(scaling(', "standardize": false, "standardizeTarget": true'), [false, true]);
    assert.deepEqual(scaling(', "standardizeTarget": false'), [true, false]);
  });

  it("splits nothing off for validation when there is a validation file", () => {
    const config = (split: string) =>
      valid(`{ "data": { "file": "a.csv", "target": "b", "validationFile": "v.csv", "split": {${split}} } }`)
        .data;
    assert.deepEqual(config("").split, { validation: 0, test: 0, stratify: true });
    assert.equal(config("").validationFile, "v.csv");
    assert.deepEqual(config('"validation": 0, "test": 0.5').split, {
      validation: 0,
      test: 0.5,
      stratify: true,
    });
  });

  it("may have no hidden layer", () => {
    assert.deepEqual(withKeys('"network": { "hidden": [] }').network.hidden, []);
  });

  it("takes the ends of its ranges that belong to them", () => {
    withKeys('"network": { "dropout": 0 }, "seed": 0, "epochs": 1, "batchSize": 1');
    withKeys('"network": { "dropout": 0.999999 }, "optimizer": { "learningRate": 1e-300, "beta1": 0 }');
    withKeys('"schedule": { "type": "reduce-on-plateau", "patience": 0 }, "epochs": 1e3');
    valid('{ "data": { "file": "A.CSV", "target": "b", "split": { "validation": 0.5, "test": 0.499 } } }');
    valid('{ "data": { "file": "a.txt", "format": "tsv", "target": "b" } }');
  });

  it("knows only one zero", () => {
    assert.ok(Object.is(withKeys('"seed": -0').seed, 0));
    assert.ok(Object.is(valid("data: { file: a.csv, target: b }\nseed: -0\n", "yaml").seed, 0));
  });

  it("is the same in YAML", () => {
    const yaml = `
# the same run
data:
  file: iris.csv
  target: species
  ignore: [id]
network:
  hidden:
    - 8
    - units: 4
      activation: tanh
batchSize: full
optimizer: { type: sgd, learningRate: 1e-1 }
`;
    const json = `{
      "data": { "file": "iris.csv", "target": "species", "ignore": ["id"] },
      "network": { "hidden": [8, { "units": 4, "activation": "tanh" }] },
      "batchSize": "full", "optimizer": { "type": "sgd", "learningRate": 0.1 } }`;
    assert.deepEqual(valid(yaml, "yaml"), valid(json));
  });

  it("may use YAML's aliases, but no merge keys", () => {
    const base = "data: { file: a.csv, target: b }\nnetwork:\n  hidden: [&layer { units: 3 }, *layer]\n";
    assert.equal(valid(base, "yaml").network.hidden.length, 2);
    assert.match(
      parseRunConfig(`${base}<<: { epochs: 3 }\n`, "yaml").problems[0].message,
      /Unknown key "<<"/,
    );
  });

  it("may start with a byte order mark and have Windows line ends", () => {
    valid(`\uFEFF{\r\n${data}\r\n}`);
    valid("\uFEFFdata:\r\n  file: a.csv\r\n  target: b\r\n", "yaml");
  });

  it("has its keys in one order, whatever the order of the text", () => {
    const one = withKeys('"seed": 2, "epochs": 3');
    const other = valid(`{ "epochs": 3, "seed": 2, ${data} }`);
    assert.equal(JSON.stringify(one), JSON.stringify(other));
  });

  it("does not share its defaults with the next one", () => {
    valid(`{ ${data} }`).data.ignore.push("changed");
    assert.deepEqual(valid(`{ ${data} }`).data.ignore, []);
  });

  it("is what each reference run has", () => {
    const folder = path.join(DOWNHILL_ROOT, "test/reference");
    const runs = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.ok(runs.length >= 6);
    for (const { name } of runs) valid(readFileSync(path.join(folder, name, "run.train.json"), "utf8"));
  });
});

describe("the section engine", () => {
  const engineOf = (engine: object) =>
    parseRunConfig(JSON.stringify({ data: { file: "a.csv", target: "y" }, engine }), "json");

  it("has the keys of PyTorch with their defaults", () => {
    assert.deepEqual(engineOf({ type: "pytorch" }).config?.engine, {
      type: "pytorch",
      device: "auto",
      processes: 1,
      nodes: 1,
    });
    const all = {
      type: "pytorch",
      python: "py",
      device: "cpu",
      processes: 3,
      nodes: 2,
      rendezvous: "a:1",
      threads: 2,
    };
    assert.deepEqual(engineOf(all).config?.engine, all);
  });

  it("tells which engine a key belongs to, and what a wrong value should be", () => {
    const messages = (engine: object) => engineOf(engine).problems.map(({ message }) => message);
    assert.match(messages({ processes: 2 })[0], /"processes" is a parameter of "pytorch", not of "builtin"/);
    assert.match(messages({ type: "torch" })[0], /did you mean "pytorch"/i);
    assert.match(messages({ type: "pytorch", processes: 0 })[0], /a whole number of at least 1/);
    assert.match(messages({ type: "pytorch", device: "gpu" })[0], /did you mean "cuda"/i);
    assert.match(messages({ type: "pytorch", python: 3 })[0], /a command or a path of a Python interpreter/);
  });
});
