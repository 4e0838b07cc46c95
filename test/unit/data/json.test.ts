import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { DataFormat } from "../../../src/config/runConfig";
import { columnNames, columnType, type Table } from "../../../src/data/table";
import { cellsOf, column, datasetFile, refuses, tableOf, tableOfFile } from "./support";

const json = (text: string, options: Parameters<typeof tableOf>[1] = {}): Promise<Table> =>
  tableOf(text, { format: "json", ...options });
const lines = (text: string, options: Parameters<typeof tableOf>[1] = {}): Promise<Table> =>
  tableOf(text, { format: "jsonl", ...options });

function everything(table: Table): unknown {
  return table.columns.map((each) => [each.name, each.kind, each.missing, cellsOf(table, each.name)]);
}

describe("reading JSON", () => {
  const rows = [
    { n: 1, c: "x", b: true, d: "2012-01-01" },
    { n: -2.5, c: "y\nz, {[", b: false, d: null },
    { c: '"\\', b: true, d: "2012-01-03", n: 1e300 },
    { n: "NA", b: null, d: "2012-01-04", late: 7 },
  ];
  const expected = [
    ["n", "number", 1, [1, -2.5, 1e300, null]],
    ["c", "category", 1, ["x", "y\nz, {[", '"\\', null]],
    ["b", "boolean", 1, ["true", "false", "true", null]],
    ["d", "date", 1, [15340, null, 15342, 15343]],
    ["late", "number", 3, [null, null, null, 7]],
  ];

  it("takes a list of objects, JSON Lines, and an object of columns", async () => {
    assert.deepEqual(everything(await json(JSON.stringify(rows))), expected);
    assert.deepEqual(everything(await json(JSON.stringify(rows, null, 2))), expected);
    const asLines = rows.map((row) => JSON.stringify(row)).join("\n");
    assert.deepEqual(everything(await lines(asLines)), expected);
    assert.deepEqual(everything(await lines(`\n${asLines.replaceAll("\n", "\r\n\r\n")}\r\n`)), expected);
    const names = ["n", "c", "b", "d", "late"] as const;
    const columns = Object.fromEntries(
      names.map((name) => [name, rows.map((row) => (row as Record<string, unknown>)[name] ?? null)]),
    );
    assert.deepEqual(everything(await json(JSON.stringify(columns))), expected);
    assert.deepEqual(everything(await json(JSON.stringify(columns, null, 1))), expected);
    const keyed = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        Object.fromEntries(values.map((v, i) => [`r${i}`, v])),
      ]),
    );
    assert.deepEqual(everything(await json(JSON.stringify(keyed))), expected);
  });

  it("notices JSON Lines in a file that is called .json", async () => {
    assert.deepEqual(cellsOf(await json('{"a":1}\n{"a":2}'), "a"), [1, 2]);
    assert.deepEqual(
      cellsOf(await json('{"a":[1,2],"b":3}\n{"a":[3,4],"b":5}\n', { chunk: 3 }), "b"),
      [3, 5],
    );
    assert.deepEqual(cellsOf(await json('{"a":[1,2]}\n\n', { chunk: 3 }), "a"), [1, 2]);
  });

  it("knows the line of every row", async () => {
    const table = await json('\n[\n{"a":\n1}\n, {"a":"[\\n"}, \n\n{"a":3}]\n');
    assert.deepEqual(Array.from(table.lines ?? []), [3, 5, 7]);
    assert.deepEqual(Array.from((await lines('{"a":1}\n\n{"a":2}')).lines ?? []), [1, 3]);
    assert.equal((await json('{"a":[1]}')).lines, null);
  });

  it("keeps keys of the language's own apart", async () => {
    const text = '[{"__proto__":1,"constructor":"a","y":2},{"__proto__":3,"toString":null,"y":4}]';
    const table = await json(text);
    assert.deepEqual(columnNames(table), ["__proto__", "constructor", "y", "toString"]);
    assert.deepEqual(cellsOf(table, "__proto__"), [1, 3]);
    assert.equal(({} as Record<string, unknown>).y, undefined);
    assert.deepEqual(columnNames(await json('{"__proto__":[1,2],"y":[3,4]}')), ["__proto__", "y"]);
  });

  it("reads NaN and infinities as Python writes them", async () => {
    const table = await json('[{"a":NaN,"b":"NaN and \\" NaN"},{"a":-Infinity,"b":"x"},{"a":Infinity}]');
    assert.deepEqual(cellsOf(table, "a"), [null, -Infinity, Infinity]);
    assert.deepEqual(cellsOf(table, "b"), ['NaN and " NaN', "x", null]);
  });

  it("reads lists of equally many numbers as vectors", async () => {
    const table = await lines('{"v":null,"y":1}\n{"v":[1,2.5]}\n{"v":[3,null]}\n{"y":2}');
    const v = column(table, "v");
    assert(v.kind === "vector");
    assert.deepEqual([v.width, v.missing], [2, 2]);
    assert.deepEqual(v.values, Float64Array.of(NaN, NaN, 1, 2.5, 3, NaN, NaN, NaN));
  });

  it("tells why nothing can be learned from other values", async () => {
    const table = await lines(
      '{"a":[1],"b":{"c":1},"d":["x"],"e":1,"f":[]}\n{"a":[1,2],"b":null,"d":["y"],"e":[1],"f":[]}',
    );
    const because = table.columns.map((each) => (each.kind === "text" ? each.because : null));
    assert.deepEqual(because, [
      "it holds lists of different lengths (1 number in one row, 2 in another)",
      "it holds nested objects",
      "it holds lists of other things than numbers",
      "it holds lists in some rows and single values in others",
      "it holds lists of different lengths (0 numbers in one row, 0 in another)",
    ]);
  });

  it("is the same for every size of chunk, against JSON.parse", async () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom("a", "]", "},{", '"', "\\", "\\\\", "é\u{1F600}", "\u2028", ",\n"),
      fc.constant(null),
    );
    const row = fc.record({ a: value, b: value, "c,{": value }, { requiredKeys: ["a"] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(0, 1, 4),
        async (objects, chunk, indent) => {
          const text = JSON.stringify(objects, null, indent);
          const table = await json(text, { chunk });
          assert.equal(table.rowCount, objects.length);
          for (const name of columnNames(table)) {
            const found = cellsOf(table, name);
            const numbers = column(table, name).kind === "number";
            objects.forEach((object, index) => {
              const own = (object as Record<string, unknown>)[name] ?? null;
              const wanted =
                typeof own === "number" && !numbers
                  ? String(own)
                  : typeof own === "string"
                    ? own.trim()
                    : own;
              assert(
                Object.is(found[index], wanted === "" ? null : wanted) || found[index] === wanted,
                `${name} ${index}`,
              );
            });
          }
          const asLines = objects.map((object) => JSON.stringify(object)).join("\n");
          assert.deepEqual(everything(await lines(asLines, { chunk })), everything(table));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("stops at the most rows asked for", async () => {
    const many = Array.from({ length: 100 }, (_, a) => ({ a }));
    for (const [text, format] of [
      [`${JSON.stringify(many).slice(0, -1)},broken`, "json"],
      [`${many.map((row) => JSON.stringify(row)).join("\n")}\nbroken`, "jsonl"],
      [JSON.stringify({ a: many.map(({ a }) => a) }), "json"],
    ] as [string, DataFormat][]) {
      const table = await tableOf(text, { format, maxRows: 7, chunk: 64 });
      assert.deepEqual(cellsOf(table, "a"), [0, 1, 2, 3, 4, 5, 6]);
    }
  });

  it("names rows that are bad, or skips and counts them", async () => {
    const rowsOf = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, i) => `{"a":${from + i}}`).join("\n");
    const text = `${rowsOf(0, 5)}\n{"a":}\n${rowsOf(5, 9)}\n[1]\n{"a":9}`;
    await refuses(
      () => lines(text),
      "2 lines of data.jsonl are not JSON objects (lines 6 and 11)",
      '"badRows" to "skip"',
    );
    const table = await lines(text, { badRows: "skip" });
    assert.equal(table.rowCount, 10);
    assert.deepEqual(table.notes, [
      "2 lines of data.jsonl were left out because they are not JSON objects (lines 6 and 11).",
    ]);
    const list = '[{"a":1},\n{"a":2,},\n{"a":3}]';
    await refuses(() => json(list), "1 element of data.json is not a JSON object (line 2)");
    assert.deepEqual(cellsOf(await json(list, { badRows: "skip" }), "a"), [1, 3]);
    await refuses(
      () => lines("x\ny", { badRows: "skip" }),
      "no usable rows: all of its 2 rows were left out",
    );
  });

  describe("refuses, in one sentence,", () => {
    const cases: [what: string, format: DataFormat, text: string, ...expected: string[]][] = [
      ["an empty file", "json", " \n", "data.json is empty"],
      ["an empty file of lines", "jsonl", "\n\n", "data.jsonl is empty"],
      ["an empty list", "json", "[]", "data.json is an empty list"],
      [
        "text",
        "json",
        "hello",
        'is neither a JSON list of objects nor an object of columns; it starts with "h"',
      ],
      ["a list that never ends", "json", '[{"a":1},\n{"a":2},\n', "starts in line 2 of data.json never ends"],
      [
        "a value that never ends",
        "json",
        '[{"a":1},\n{"a":"2},\n{"a":3}]',
        "starts in line 2 of data.json never ends",
      ],
      ["two lists", "json", '[{"a":1}]\n\n[{"a":1}]', "goes on in line 3 behind the end"],
      ["a list where lines should be", "jsonl", '[\n{"a":1},\n{"a":2}\n]', 'set "format" to "json"'],
      ["columns of different lengths", "json", '{"a":[1,2],"b":[1]}', '"b" has 1 value, those before 2'],
      ["an object of single values", "json", '{"a":1}', '"a" in line 1 of data.json is not a list'],
      ["columns that stop", "json", '{"a":[1,2],\n"b"', "Line 1 of data.json is not JSON"],
      ["a column that stops", "json", '{"a":[1,2', "never ends"],
      [
        "a bad value in a column",
        "json",
        '{"a":[1,\n2x]}',
        'A value of "a" in line 2 of data.json is not JSON',
      ],
      [
        "columns with other rows",
        "json",
        '{"a":{"x":1,"y":2},"b":{"x":1,"z":2}}',
        'has the row "z" in line 1',
      ],
      ["a column that comes twice", "json", '{"a":[1],"a":[2]}', 'two columns called "a"'],
      ["objects without keys", "json", "[{},{}]", "are empty"],
      ["more behind the columns", "json", '{"a":[1]} x', "goes on behind the end"],
    ];
    for (const [what, format, text, ...expected] of cases) {
      it(what, async () => {
        await refuses(() => tableOf(text, { format }), ...expected);
        await refuses(() => tableOf(text, { format, chunk: 1 }), ...expected);
      });
    }
  });

  it("gives the tables of penguins.csv from .json and .jsonl", async function () {
    const files = ["penguins.csv", "penguins.json", "penguins.jsonl"].map(datasetFile);
    if (files.includes(null)) return this.skip();
    const [csv, ...others] = await Promise.all(files.map((file) => tableOfFile(file ?? "")));
    assert.equal(csv.rowCount, 344);
    const plain = (table: Table): unknown =>
      table.columns.map((each) => [
        each.kind,
        columnType(each, table),
        each.missing,
        cellsOf(table, each.name),
      ]);
    for (const other of others) assert.deepEqual(plain(other), plain(csv));
    assert(readFileSync(files[1] ?? "").length > 0);
  });
});
