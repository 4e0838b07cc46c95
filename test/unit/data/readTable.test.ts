import assert from "node:assert/strict";
import { columnNames } from "../../../src/data/table";
import { cellsOf, column, refuses, tableOf } from "./support";

describe("reading a table", () => {
  it("types columns and knows missing values and lines", async () => {
    const table = await tableOf('n,c,b\n1,x,true\n\n-2.5,"y\nz",false\n?,NA,\n1e3,x,true\n');
    assert.equal(table.rowCount, 4);
    assert.deepEqual(Array.from(table.lines ?? []), [2, 4, 6, 7]);
    assert.deepEqual(cellsOf(table, "n"), [1, -2.5, null, 1000]);
    assert.deepEqual(cellsOf(table, "c"), ["x", "y\nz", null, "x"]);
    assert.deepEqual(cellsOf(table, "b"), ["true", "false", null, "true"]);
    assert.equal(column(table, "n").missing, 1);
    assert.equal(column(table, "b").missing, 1);
  });

  it("calls columns without a name by their number, and says so", async () => {
    const table = await tableOf("\n,a,\n1,2,3\n");
    assert.deepEqual(columnNames(table), ["column 1", "a", "column 3"]);
    assert.deepEqual(table.notes, [
      'Column 1 of data.csv has no name in line 2 and is called "column 1".',
      'Column 3 of data.csv has no name in line 2 and is called "column 3".',
    ]);
  });

  it("gives the same table for every size of chunk", async () => {
    const text = `id;naïve;y\n${Array.from({ length: 300 }, (_, i) => `${i};"é""${i % 7}\n";${i % 3 === 0 ? "ja" : "nein"}`).join("\r\n")}`;
    const whole = await tableOf(text);
    assert.equal(whole.rowCount, 300);
    for (const chunk of [1, 2, 3, 64, 1000]) assert.deepEqual(await tableOf(text, { chunk }), whole);
  });

  it("reads more rows than any first guess of the memory", async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},${i < 25_000 ? i % 5 : `c${i % 5}`}`);
    const table = await tableOf(`a,b\n${rows.join("\n")}`, { chunk: 9999 });
    assert.deepEqual(
      cellsOf(table, "a"),
      Array.from({ length: 50_000 }, (_, i) => i),
    );
    assert.deepEqual(
      cellsOf(table, "b"),
      Array.from({ length: 50_000 }, (_, i) => (i < 25_000 ? String(i % 5) : `c${i % 5}`)),
    );
    assert.equal(table.lines?.[49_999], 50_001);
  });

  it("makes a column of numbers and text a category, whatever comes first", async () => {
    const first = await tableOf("a,b\n1.0,x\n2,2\n07,7.0\nabc,1\n1,\n");
    assert.deepEqual(cellsOf(first, "a"), ["1", "2", "07", "abc", "1"]);
    assert.deepEqual(cellsOf(first, "b"), ["x", "2", "7", "1", null]);
    const a = column(first, "a");
    assert(a.kind === "category");
    assert.deepEqual(a.text, { cells: 1, numbers: 4, firstRow: 3, firstValue: "abc" });
  });

  it("keeps no labels of a text column with more values than anything could use", async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => `name ${i},${i % 2}`);
    const table = await tableOf(`name,y\n${rows.join("\n")}\n`);
    const name = column(table, "name");
    assert(name.kind === "text");
    assert.equal(name.distinct, 65_537);
    assert.equal(table.rowCount, 70_000);
  });

  it("tells true and false, yes and no from other text", async () => {
    const table = await tableOf("a,b,c,d\nTRUE,yes,no,true\nfalse,,no,yes\n");
    const found = ["a", "b", "c", "d"].map((name) => column(table, name));
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ["boolean", "boolean", "boolean", "category"],
    );
    assert.deepEqual(
      found.slice(0, 3).map((each) => (each.kind === "boolean" ? [Array.from(each.codes), each.labels] : [])),
      [
        [
          [1, 0],
          ["false", "TRUE"],
        ],
        [
          [1, -1],
          ["no", "yes"],
        ],
        [
          [0, 0],
          ["no", "yes"],
        ],
      ],
    );
  });

  it("tells dates from other text", async () => {
    const table = await tableOf("d,e\n2012-01-01,2012-01-01\n2012-01-02,soon\n,2012-01-03\n");
    assert.deepEqual(cellsOf(table, "d"), [15340, 15341, null]);
    assert.equal(column(table, "e").kind, "category");
  });

  it("stops at the most rows asked for", async () => {
    const text = `a,b\n${"1,2\n".repeat(100)}broken\n`;
    const table = await tableOf(text, { maxRows: 100, chunk: 10 });
    assert.equal(table.rowCount, 100);
    assert.equal((await tableOf(text, { maxRows: 7 })).rowCount, 7);
  });

  it("reads TSV, semicolons with decimal commas, pipes, and UTF-8 names", async () => {
    assert.deepEqual(cellsOf(await tableOf("a\tb\n1,5\tx\n", { format: "tsv" }), "a"), [1.5]);
    const german = await tableOf("größe;y\n1,5;ja\n-2,25;nein\n");
    assert.deepEqual(cellsOf(german, "größe"), [1.5, -2.25]);
    assert.match(german.notes.join(), /Numbers like "1,5" in column "größe" were read as 1\.5 and so on\./);
    assert.deepEqual(cellsOf(await tableOf("a|b\n1|2\n"), "b"), [2]);
    assert.deepEqual((await tableOf("a;b\n1.5;2\n")).notes, []);
  });

  it("takes __proto__ and constructor for names like any other", async () => {
    const table = await tableOf("__proto__,constructor,y\n1,toString,__proto__\n2,valueOf,__proto__\n");
    assert.deepEqual(columnNames(table), ["__proto__", "constructor", "y"]);
    assert.deepEqual(cellsOf(table, "__proto__"), [1, 2]);
    assert.deepEqual(cellsOf(table, "constructor"), ["toString", "valueOf"]);
    assert.deepEqual(cellsOf(table, "y"), ["__proto__", "__proto__"]);
  });

  it("notes a header that looks like data", async () => {
    const table = await tableOf("5.1,3.5,setosa\n4.9,3.0,setosa\n");
    assert.match(table.notes.join(), /Line 1 of data\.csv was read as column names but looks like data/);
  });

  describe("refuses, in one sentence,", () => {
    const cases: [what: string, text: string, ...expected: (string | RegExp)[]][] = [
      ["an empty file", "", "data.csv is empty"],
      ["a file of blank lines", "\n\r\n  \n", "data.csv is empty"],
      ["a header without rows", "a,b\n", 'data.csv has a header ("a" and "b") but no rows'],
      [
        "ragged rows, with their count and first lines",
        `a,b\n1,2\n${"3\n".repeat(4)}4,5,6\n7,8\n9,\n${"0,0,0\n".repeat(5)}`,
        "10 rows of data.csv do not have the 2 columns of its header",
        "lines 3, 4, 5, 6, 7 and more",
        "the first has 1",
      ],
      ["one ragged row", "a,b\n1,2\n3,4,5\n", "1 row of data.csv does not have", "line 3;"],
      [
        "a column name that comes twice",
        "a,b,a\n1,2,3\n",
        'two columns called "a" (columns 1 and 3)',
        "line 1",
      ],
      ["names that differ in spaces only", "a, a \n1,2\n", 'two columns called "a"'],
      [
        "a name that a nameless column gets",
        ",column 1\n1,2\n",
        'two columns called "column 1" (columns 1 and 2)',
      ],
      ["a quote that never closes", 'a,b\n1,2\n3,"4\n5,6\n', "opens in line 3 of data.csv never closes"],
      [
        "text after a closing quote",
        'a,b\n1,"2"3\n5,"6"\n',
        "Line 2 of data.csv has text after a closing quote",
      ],
    ];
    for (const [what, text, ...expected] of cases) {
      it(what, async () => {
        await refuses(() => tableOf(text), ...expected);
        await refuses(() => tableOf(text, { chunk: 2 }), ...expected);
      });
    }
  });
});
