import assert from "node:assert/strict";
import { describeTable } from "../../../src/data/describe";
import { encodeRawRows } from "../../../src/data/rawRows";
import { cellsOf, column, prepared, refuses, tableOf } from "./support";

describe("codes with leading zeros", () => {
  it("stay as they are written, as categories, which a note tells", async () => {
    const table = await tableOf("zip,y\n01234,1\n94110,2\n00501,3\n94110,4\n");
    assert.deepEqual(cellsOf(table, "zip"), ["01234", "94110", "00501", "94110"]);
    assert.deepEqual(table.notes, [
      'Values like "01234" in "zip" begin with zeros and were read as categories, as codes are; write them without the zeros to have numbers.',
    ]);
  });

  it("are the same wherever the first of them stands, in every chunk", async () => {
    const rows = Array.from({ length: 9000 }, (_, row) => `${row === 8500 ? "007" : (row % 90) + 10},${row}`);
    const table = await tableOf(`c,y\n${rows.join("\n")}\n`);
    assert.equal(column(table, "c").kind, "category");
    assert.deepEqual(cellsOf(table, "c").slice(8499, 8502), [
      String((8499 % 90) + 10),
      "007",
      String((8501 % 90) + 10),
    ]);
    assert.deepEqual(await tableOf(`c,y\n${rows.join("\n")}\n`, { chunk: 777 }), table);
  });

  it("are none beside numbers that no code is", async () => {
    for (const text of [
      "a,b\n1.5,1\n007,2\n",
      "a,b\n007,1\n1.5,2\n",
      "a,b\n-3,1\n007,2\n",
      "a,b\n00.5,1\n0,2\n",
    ]) {
      const table = await tableOf(text);
      assert.equal(column(table, "a").kind, "number", text);
      assert.deepEqual(table.notes, [], text);
    }
    assert.deepEqual(cellsOf(await tableOf("a;b\n007;1\n1,5;2\n"), "a"), [7, 1.5]);
  });

  it("are numbers where too many differ, which is told", async () => {
    const rows = Array.from({ length: 70_000 }, (_, row) => `${String(row).padStart(6, "0")},${row % 2}`);
    const table = await tableOf(`id,y\n${rows.join("\n")}\n`);
    const id = column(table, "id");
    assert(id.kind === "number");
    assert.deepEqual([id.values[0], id.values[69_999]], [0, 69_999]);
    assert.match(table.notes.join(), /"000000" in "id" begin with zeros and were read as numbers/);
  });

  it("are numbers where a regression or the training file asks for them", async () => {
    const { training } = await prepared("a,y\n1,007\n2,012\n3,100\n", {
      task: "regression",
      standardizeTarget: false,
    });
    assert.deepEqual([...training.targets], [7, 12, 100]);
    const numbers = "a,y\n7,1\n12,2\n9,3\n";
    const { preparation, validation } = await prepared(
      numbers,
      { standardize: false },
      "a,y\n007,1\n012,2\n",
    );
    assert.deepEqual([...(validation?.inputs ?? [])], [7, 12]);
    assert.deepEqual([...encodeRawRows(preparation, await tableOf("a\n009\n")).inputs], [9]);
  });

  it("are found by their value in a file that lost the zeros, and the other way round", async () => {
    const codes = "a,y\n007,1\n012,2\n007,3\n012,4\n";
    const { preparation } = await prepared(codes, {});
    assert.deepEqual(preparation.inputNames, ["a=007", "a=012"]);
    const { inputs, unseen } = encodeRawRows(preparation, await tableOf("a\n12\n7\n8\n"));
    assert.deepEqual([...inputs], [0, 1, 1, 0, 0, 0]);
    assert.deepEqual([...unseen], [["a", 1]]);
    const classes = { target: "c", task: "classification" } as const;
    const rows = "a,c\n1,007\n2,012\n3,007\n4,012\n";
    const plain = "a,c\n1,7\n2,12\n3,7\n4,12\n";
    for (const [training, validation, names] of [
      [rows, plain, ["007", "012"]],
      [plain, rows, ["7", "12"]],
    ] as const) {
      const { preparation, validation: samples } = await prepared(training, classes, validation);
      assert.deepEqual(preparation.target, { task: "classification", column: "c", classes: names });
      assert.deepEqual([...(samples?.targets ?? [])], [0, 1, 0, 1]);
    }
  });

  it("that mostly differ are left out, with what makes numbers of them", async () => {
    const rows = Array.from(
      { length: 30 },
      (_, row) => `${String(row * 7).padStart(4, "0")},${row},${row % 3}`,
    );
    const text = `m,a,y\n${rows.join("\n")}\n`;
    const { notes } = await prepared(text);
    assert.match(
      notes.join("\n"),
      /"m" is left out: "0000" in line 2 begins with a zero, as codes do.*without leading zeros/,
    );
    const [m] = describeTable(await tableOf(text)).columns;
    assert.match(m.warnings[0].message, /begin with zeros, like codes.*without leading zeros/);
    const only = rows.map((row) => row.replace(/,\d+,/, ",")).join("\n");
    await refuses(
      () => prepared(`m,y\n${only}\n`),
      '"m" would be one, but "0000" in line 2 begins with a zero',
    );
  });
});
