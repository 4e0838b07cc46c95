import assert from "node:assert/strict";
import { parseRunConfig } from "../../../src/config/parse";
import {
  copyOfRunConfig,
  newRunConfigFile,
  newRunConfigText,
  targetItems,
} from "../../../src/editor/newRunConfig";

describe("A new run config for a data file", () => {
  it("is a valid run config, also for names with quotes and backslashes", () => {
    for (const [file, target] of [
      ["iris.csv", "species"],
      ['odd "name".csv', 'the "target"\\\t'],
    ]) {
      const { config, problems } = parseRunConfig(newRunConfigText(file, target), "json");
      assert.deepEqual(problems, []);
      assert.equal(config?.data.file, file);
      assert.deepEqual(config.data.target, [target]);
    }
  });

  it("lies beside the data file and writes over nothing", () => {
    const taken = new Set<string>();
    const next = () => newRunConfigFile("/w/data/iris.csv", (file) => taken.has(file));
    assert.equal(next(), "/w/data/iris.train.json");
    taken.add("/w/data/iris.train.yaml");
    assert.equal(next(), "/w/data/iris-2.train.json");
    taken.add("/w/data/iris-2.train.json").add("/w/data/iris-3.train.yml");
    assert.equal(next(), "/w/data/iris-4.train.json");
  });

  it("is copied beside itself, in its own language, and the copy of a copy counts on", () => {
    const taken = new Set(["/w/a.train.json", "/w/a-2.train.json"]);
    const exists = (file: string): boolean => taken.has(file);
    assert.equal(copyOfRunConfig("/w/a.train.json", exists), "/w/a-3.train.json");
    assert.equal(copyOfRunConfig("/w/a-2.train.json", exists), "/w/a-3.train.json");
    assert.equal(
      copyOfRunConfig("/w/b.train.yaml", () => false),
      "/w/b.train.yaml",
    );
    assert.equal(copyOfRunConfig("/w/a.train.yaml", exists), "/w/a-3.train.yaml");
  });

  it("keeps dots within a data file's name", () => {
    assert.equal(
      newRunConfigFile("/w/a.b.csv", () => false),
      "/w/a.b.train.json",
    );
  });

  it("offers the columns with the best guess first and what tells them apart", () => {
    const items = targetItems(
      ["species", "width", "gone"],
      [
        { name: "width", type: "number", examples: ["1", "2", "3", "4"], distinct: 40, task: "regression" },
        { name: "species", type: "category", examples: ["a", "b"], distinct: 2, task: "classification" },
      ],
    );
    assert.deepEqual(items, [
      { label: "species", description: "best guess · classification", detail: "a, b" },
      { label: "width", description: "regression", detail: "1, 2, 3, 4, …" },
      { label: "gone", description: "", detail: "" },
    ]);
  });
});
