import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dataFormatOf } from "../../../src/config/files";
import { readHead, type Head } from "../../../src/data/head";
import { suggestTargets } from "../../../src/data/target";
import { bytesOf, datasetFile, exampleFile, refuses, sourceOf } from "./support";

function headOf(data: string | Uint8Array, most?: number): Promise<Head> {
  const source = sourceOf(typeof data === "string" ? bytesOf(data) : data);
  return readHead(source, { format: "csv", file: "data.csv", most });
}

function headOfFile(file: string): Promise<Head> {
  const format = dataFormatOf(file);
  assert(format);
  return readHead(sourceOf(readFileSync(file), 1 << 16), { format, file });
}

describe("the head of a data file", () => {
  it("describes the columns", async () => {
    const head = await headOf(
      `id,day,name,size,kind,none\n${Array.from({ length: 30 }, (_, i) => `${i},2012-01-01,n${i},${i / 4},${"ab"[i % 2]},\n`).join("")}`,
    );
    assert.equal(head.rows, 30);
    assert.deepEqual(
      head.columns.map(({ name, type, distinct, task }) => [name, type, distinct, task]),
      [
        ["id", "number", 30, "regression"],
        ["day", "date", 1, "regression"],
        ["name", "text", 30, "classification"],
        ["size", "number", 30, "regression"],
        ["kind", "category", 2, "classification"],
        ["none", "empty", 0, "classification"],
      ],
    );
    assert.deepEqual(head.columns[3].examples, ["0", "0.25", "0.5", "0.75"]);
  });

  it("leaves out a last line that is cut off, unless the text is complete", async () => {
    const text = "a,b\n1,x\n2,y";
    assert.equal((await headOf(text)).rows, 2);
    assert.equal((await headOf(text, text.length)).rows, 2);
    assert.equal((await headOf(`${text}y`, text.length)).rows, 1);
    assert.equal((await headOf('a,b\n1,x\n2,"y\n"', 11)).rows, 1);
    const cut = bytesOf("a,b\n1,x\n2,é");
    assert.equal((await headOf(cut, cut.length - 1)).rows, 1);
  });

  it("knows the names of a header longer than the head", async () => {
    const head = await headOf("alpha,beta,gamma", 14);
    assert.deepEqual(
      head.columns.map(({ name }) => name),
      ["alpha", "beta"],
    );
  });

  it("refuses what is no table", async () => {
    await refuses(() => headOf(""), "data.csv is empty");
    await refuses(() => headOf("a,b\n"), "no rows");
    await refuses(() => headOf(Uint8Array.of(0x50, 0x4b, 3, 4)), "ZIP");
  });
});

describe("the suggested target", () => {
  const suggested = async (header: string, row: string, count = 10): Promise<string[]> =>
    suggestTargets(
      await headOf(
        `${header}\n${Array.from({ length: count }, (_, i) => row.replaceAll("#", String(i))).join("\n")}\n`,
      ),
    );

  it("is a column that is called so", async () => {
    const names: [header: string, row: string, first: string][] = [
      ["Target,a,b", "1,2,3", "Target"],
      ["a,class,label,b", "1,x,y,3", "label"],
      ["a,SalePrice,b", "1,2,3", "SalePrice"],
      ["y,x", "1,2", "y"],
      ["x,y,species", "1,2,a", "species"],
      ["a,diagnosis,b", "1,M,2", "diagnosis"],
      ["a,outcome_30d,b", "1,0,2", "outcome_30d"],
    ];
    for (const [header, row, first] of names) assert.equal((await suggested(header, row))[0], first, header);
  });

  it("else is the last column", async () => {
    assert.deepEqual(await suggested("a,b,c", "1,2,3"), ["c", "b", "a"]);
  });

  it("never is an id or a date while there is another", async () => {
    assert.deepEqual((await suggested("a,b,id", "1,2,#"))[0], "b");
    assert.deepEqual(await suggested("a,PassengerId", "1,#"), ["a", "PassengerId"]);
    assert.deepEqual(await suggested("a,when", "1,2020-01-01"), ["a", "when"]);
    assert.deepEqual((await suggested("class_id,a,timestamp", "1,2,3"))[0], "a");
    assert.deepEqual((await suggested("paid,valid", "1,2"))[0], "valid");
  });

  it("is offered among all columns", async () => {
    assert.deepEqual((await suggested("id,name,y,z,day", "#,n#,1,2,2020-01-01")).sort(), [
      "day",
      "id",
      "name",
      "y",
      "z",
    ]);
  });

  it("is right for the examples", async () => {
    const files: [string, string][] = [
      ["iris.csv", "species"],
      ["penguins.csv", "species"],
      ["breast-cancer.csv", "diagnosis"],
      ["seattle-weather.csv", "weather"],
    ];
    for (const [file, target] of files)
      assert.equal(suggestTargets(await headOfFile(exampleFile(file)))[0], target);
  });

  for (const [file, target] of [
    ["titanic.csv", "survived"],
    ["cars.csv", "Miles_per_Gallon"],
    ["diabetes.csv", "progression"],
    ["wine.csv", "cultivar"],
    ["letter-recognition.csv", "lettr"],
    ["digits.csv", "digit"],
    ["unemployment.tsv", "rate"],
    ["penguins.json", "Species"],
    ["penguins.jsonl", "Species"],
    ["mnist-test-1k.parquet", "label"],
  ]) {
    it(`is right for ${file}`, async function () {
      const found = datasetFile(file);
      if (found === null) return this.skip();
      assert.equal(suggestTargets(await headOfFile(found))[0], target);
    });
  }
});
