import assert from "node:assert/strict";
import fc from "fast-check";
import { dataFormatOf, extensionOf, runConfigLanguage, runNameOf } from "../../../src/config/files";
import { positionAt } from "../../../src/config/position";
import { suggest } from "../../../src/config/suggest";

describe("file names", () => {
  it("tell whether a file is a run config, and in which language", () => {
    assert.equal(runConfigLanguage("/a/iris.train.json"), "json");
    assert.equal(runConfigLanguage("C:\\a\\Iris.TRAIN.JSON"), "json");
    assert.equal(runConfigLanguage("iris.train.yaml"), "yaml");
    assert.equal(runConfigLanguage("iris.train.yml"), "yaml");
    for (const other of [
      "iris.json",
      "train.json",
      ".train.json",
      "/a/.train.json",
      "iris.train.json5",
      "iris.train.jsonx/a",
      "",
    ]) {
      assert.equal(runConfigLanguage(other), null, other);
    }
  });

  it("give a run its name", () => {
    assert.equal(runNameOf("/a/iris.train.json"), "iris");
    assert.equal(runNameOf("C:\\runs\\my.iris.train.yml"), "my.iris");
    assert.equal(runNameOf("/a/iris.csv"), "iris");
    assert.equal(runNameOf("/a/noext"), "noext");
    assert.equal(runNameOf("/a/.hidden"), ".hidden");
    assert.equal(runNameOf("/a/.train.json"), ".train");
  });

  it("tell a data file's format", () => {
    assert.equal(dataFormatOf("/a/b.CSV"), "csv");
    assert.equal(dataFormatOf("b.tsv"), "tsv");
    assert.equal(dataFormatOf("b.tab"), "tsv");
    for (const [file, format] of [
      ["b.json", "json"],
      ["b.jsonl", "jsonl"],
      ["b.NDJSON", "jsonl"],
      ["b.parquet", "parquet"],
      ["b.csv.gz", "csv"],
      ["b.jsonl.GZ", "jsonl"],
    ])
      assert.equal(dataFormatOf(file), format, file);
    for (const other of ["b.xlsx", "b", ".csv", "a.csv/b", "b.gz", "csv.gz", "b.parquet.gz", ".csv.gz"])
      assert.equal(dataFormatOf(other), null, other);
    assert.equal(extensionOf("a.b\\c"), "");
  });
});

describe("a position", () => {
  it("counts lines and columns from 1, whatever ends a line", () => {
    const text = "ab\ncd\r\nef\rgh";
    assert.deepEqual(positionAt(text, 0), { line: 1, column: 1 });
    assert.deepEqual(positionAt(text, 2), { line: 1, column: 3 });
    assert.deepEqual(positionAt(text, 3), { line: 2, column: 1 });
    assert.deepEqual(positionAt(text, 6), { line: 2, column: 4 });
    assert.deepEqual(positionAt(text, 7), { line: 3, column: 1 });
    assert.deepEqual(positionAt(text, 10), { line: 4, column: 1 });
    assert.deepEqual(positionAt(text, 99), { line: 4, column: 3 });
    assert.deepEqual(positionAt(text, -1), { line: 1, column: 1 });
  });

  it("is that of splitting the text before it into lines", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "\n", "\r", "\r\n", "é")), fc.nat(20), (parts, pick) => {
        const text = parts.join("");
        const offset = Math.min(pick, text.length);
        // Between \r and \n a position is still on the line that they end.
        const before = text.slice(0, offset);
        const split = text[offset - 1] === "\r" && text[offset] === "\n";
        const lines = (split ? `${before.slice(0, -1)}x` : before).split(/\r\n|\r|\n/);
        assert.deepEqual(positionAt(text, offset), {
          line: lines.length,
          column: lines[lines.length - 1].length + 1,
        });
      }),
    );
  });
});

describe("did you mean", () => {
  const candidates = ["learningRate", "batchSize", "epochs", "mse", "mae", "validation"];

  it("knows other spellings of a word", () => {
    for (const word of [
      "learning_rate",
      "LearningRate",
      "learning-rate",
      "learning rate",
      "learningRat",
      "lerningRate",
    ]) {
      assert.equal(suggest(word, candidates), "learningRate", word);
    }
    assert.equal(suggest("val", candidates), "validation");
    assert.equal(suggest("eta", candidates, { eta: "learningRate" }), "learningRate");
    assert.equal(suggest("eta", ["epochs"], { eta: "learningRate" }), null);
  });

  it("suggests nothing where nothing is near", () => {
    for (const word of ["", "x", "colour", "momentum", "-", "a".repeat(100_000)]) {
      assert.equal(suggest(word, candidates), null, word.slice(0, 20));
    }
  });

  it("prefers the nearest", () => {
    assert.equal(suggest("msee", candidates), "mse");
    assert.equal(suggest("maee", candidates), "mae");
    for (const words of [
      ["validation", "validations"],
      ["validations", "validation"],
    ]) {
      assert.equal(suggest("validatiom", words), "validation");
    }
  });
});
