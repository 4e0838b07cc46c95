import assert from "node:assert/strict";
import { whatToTrain, type DocumentRef } from "../../../src/editor/whatToTrain";

const file = (path: string): DocumentRef => ({ scheme: "file", path });
const config = file("/w/iris.train.json");
const data = file("/w/iris.csv");

describe("What Train Network is about", () => {
  it("is the run config or the data file in the active editor", () => {
    assert.deepEqual(whatToTrain({ active: config }), { kind: "config", file: "/w/iris.train.json" });
    assert.deepEqual(whatToTrain({ active: file("/w/a.train.yml") }), {
      kind: "config",
      file: "/w/a.train.yml",
    });
    assert.deepEqual(whatToTrain({ active: data }), { kind: "data", file: "/w/iris.csv" });
    for (const name of ["IRIS.TSV", "iris.json", "a.jsonl", "a.ndjson", "a.parquet", "a.csv.gz"]) {
      assert.deepEqual(whatToTrain({ active: file(`/w/${name}`) }), { kind: "data", file: `/w/${name}` });
    }
  });

  it("is what the command was called on before what is open", () => {
    assert.deepEqual(whatToTrain({ argument: data, active: config, panelConfig: "/w/x.train.json" }), {
      kind: "data",
      file: "/w/iris.csv",
    });
  });

  it("is the config of the charts that have the focus", () => {
    assert.deepEqual(whatToTrain({ panelConfig: "/w/x.train.json", active: data }), {
      kind: "config",
      file: "/w/x.train.json",
    });
  });

  it("is asked when neither is open", () => {
    assert.deepEqual(whatToTrain({}), { kind: "ask" });
    assert.deepEqual(whatToTrain({ active: file("/w/README.md") }), { kind: "ask" });
    for (const name of ["package.json", "tsconfig.build.json", ".vscode/settings.json", ".prettierrc.json"])
      assert.deepEqual(whatToTrain({ active: file(`/w/${name}`) }), { kind: "ask" }, name);
    assert.deepEqual(whatToTrain({ active: { scheme: "git", path: "/w/iris.csv" } }), { kind: "ask" });
    assert.deepEqual(
      whatToTrain({ active: { scheme: "untitled", path: "Untitled-1", languageId: "plaintext" } }),
      {
        kind: "ask",
      },
    );
  });

  it("explains a run config that has never been saved", () => {
    const untitled = [
      { scheme: "untitled", path: "Untitled-1", languageId: "jsonc" },
      { scheme: "untitled", path: "Untitled-1", languageId: "yaml" },
      { scheme: "untitled", path: "/w/new.train.json" },
    ];
    for (const active of untitled) assert.deepEqual(whatToTrain({ active }), { kind: "untitled" });
  });

  it("refuses what it was called on and cannot train, rather than training something else", () => {
    const argument = file("/w/README.md");
    assert.deepEqual(whatToTrain({ argument, active: config }), { kind: "unsuitable", path: "/w/README.md" });
    assert.deepEqual(whatToTrain({ argument: { scheme: "git", path: "/w/a.csv" } }), {
      kind: "unsuitable",
      path: "/w/a.csv",
    });
  });
});
