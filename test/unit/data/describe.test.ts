import assert from "node:assert/strict";
import fc from "fast-check";
import { describeTable } from "../../../src/data/describe";
import type { ColumnDescription, TableDescription } from "../../../src/data/description";
import { datasetFile, exampleFile, tableOf, tableOfFile } from "./support";

async function described(text: string): Promise<TableDescription> {
  return describeTable(await tableOf(text));
}

function columnOf({ columns }: TableDescription, name: string): ColumnDescription {
  const found = columns.find((column) => column.name === name);
  assert.ok(found, `no column ${name}`);
  return found;
}

function labels({ warnings }: ColumnDescription): string[] {
  return warnings.map(({ label }) => label);
}

/** A file with one column of the values, beside one that nothing is odd about. */
function columnText(values: readonly (string | number)[]): string {
  return ["v,other", ...values.map((value, row) => `${value},${((row * 7919) % 13) / 2}`)].join("\n") + "\n";
}

describe("The description of a table", () => {
  it("has no target in a file with one column, which nothing could predict", async () => {
    assert.equal(columnOf(await described("x\n1\n2\n2\n"), "x").task, null);
    assert.equal(columnOf(await described("x,y\n1,2\n2,5\n2,4\n"), "x").task, "classification");
  });

  it("tells what iris holds", async () => {
    const iris = describeTable(await tableOfFile(exampleFile("iris.csv")));
    assert.equal(iris.rows, 150);
    assert.equal(iris.targets[0], "species");
    const { numbers, distinct, missing, type, task } = columnOf(iris, "petal_length");
    assert.deepEqual([type, missing, distinct, task], ["number", 0, 43, "regression"]);
    assert.ok(numbers);
    // pandas: df.petal_length.agg(["min", "max", "mean", "median"]), and .std(ddof=0)
    assert.deepEqual([numbers.min, numbers.max, numbers.median, numbers.integers], [1, 6.9, 4.35, false]);
    assert.ok(Math.abs(numbers.mean - 3.758) < 1e-12);
    assert.ok(Math.abs(numbers.deviation - 1.7594040657753032) < 1e-12);
    const species = columnOf(iris, "species");
    assert.deepEqual([species.type, species.task, species.histogram], ["category", "classification", null]);
    assert.deepEqual(
      species.values.map(({ count }) => count),
      [50, 50, 50],
    );
  });

  it("agrees with the obvious statistics", () => {
    const number = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }));
    return fc.assert(
      fc.asyncProperty(fc.array(fc.option(number), { minLength: 2, maxLength: 60 }), async (values) => {
        const present = values.filter((value) => value !== null);
        fc.pre(present.length > 0);
        const column = columnOf(await described(columnText(values.map((value) => value ?? ""))), "v");
        assert.equal(column.missing, values.length - present.length);
        assert.equal(column.distinct, new Set(present.map((value) => value + 0)).size);
        const { numbers } = column;
        assert.ok(numbers);
        assert.equal(numbers.min, Math.min(...present));
        assert.equal(numbers.max, Math.max(...present));
        const mean = present.reduce((sum, value) => sum + value, 0) / present.length;
        assert.ok(Math.abs(numbers.mean - mean) <= 1e-9 * Math.max(1, ...present.map(Math.abs)));
        const deviation = Math.sqrt(
          present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length,
        );
        assert.ok(Math.abs(numbers.deviation - deviation) <= 1e-6 * Math.max(1, deviation));
        assert.equal(
          column.histogram?.counts.reduce((sum, count) => sum + count, 0),
          present.length,
        );
      }),
      { numRuns: 100 },
    );
  });

  it("lists the most frequent values first, and how many more there are", async () => {
    const values = Array.from({ length: 300 }, (_, row) => `c${row % 30}`).concat(["c7", "c7", "c3"]);
    const column = columnOf(await described(columnText(values)), "v");
    assert.equal(column.distinct, 30);
    assert.equal(column.values.length, 20);
    assert.deepEqual(column.values.slice(0, 2), [
      { label: "c7", count: 12 },
      { label: "c3", count: 11 },
    ]);
  });

  it("takes few integers for classes and many for numbers", async () => {
    const few = columnOf(await described(columnText([3, 1, 2, 1, 3, 1])), "v");
    assert.deepEqual([few.task, few.values[0]], ["classification", { label: "1", count: 3 }]);
    const many = columnOf(
      await described(columnText(Array.from({ length: 63 }, (_, row) => (row * 5) % 21))),
      "v",
    );
    assert.deepEqual([many.task, many.values], ["regression", []]);
  });

  it("says of dates from when to when, and where they stand", async () => {
    const column = columnOf(await described(columnText(["2020-03-01", "2020-01-01", "2020-02-01"])), "v");
    assert.equal(column.type, "date");
    assert.equal(new Date((column.numbers?.min ?? 0) * 86_400_000).toISOString().slice(0, 10), "2020-01-01");
    assert.equal(
      column.histogram?.counts.reduce((sum, count) => sum + count, 0),
      3,
    );
  });

  const digits = Array.from({ length: 40 }, (_, row) => (row * row) % 7);
  const oddities: [name: string, values: (string | number)[], label: string][] = [
    ["an empty column", digits.map(() => ""), "Empty"],
    ["a constant", digits.map(() => "same"), "Constant"],
    ["a constant number", digits.map(() => 4), "Constant"],
    ["names", digits.map((_, row) => `name ${row}`), "Left out"],
    ["row numbers", digits.map((_, row) => row + 1), "Consecutive"],
    ["many missing values", digits.map((value, row) => (row % 3 === 0 ? "?" : value)), "Many missing"],
    ["a rare class", digits.map((_, row) => (row === 5 ? "yes" : "no")), "Unbalanced"],
    ["an infinite number", digits.map((value, row) => (row === 5 ? "inf" : value + 0.5)), "Infinite"],
  ];
  for (const [name, values, label] of oddities)
    it(`warns of ${name}, and of nothing else`, async () => {
      const table = await described(columnText(values));
      assert.deepEqual(labels(columnOf(table, "v")), [label]);
      assert.deepEqual(labels(columnOf(table, "other")), []);
      for (const { message } of columnOf(table, "v").warnings) {
        assert.match(message, /^[A-Z\d"][^\n]*\.$/);
        assert.doesNotMatch(message, /undefined|NaN|null|!/);
      }
    });

  it("names the cell that keeps a column from being numbers, or dates", async () => {
    const numbers = Array.from({ length: 500 }, (_, row) => (row === 35 ? "abc" : String(row % 40)));
    const v = columnOf(await described(columnText(numbers)), "v");
    assert.equal(v.type, "category");
    assert.deepEqual(v.warnings[0], {
      label: "Almost numbers",
      message:
        'All but 1 of 500 values are numbers: "abc" in line 37 is none; correct or empty it to have the column read as numbers.',
    });
    const days = Array.from({ length: 20 }, (_, row) => (row % 9 === 3 ? "soon" : `2020-01-${row + 10}`));
    const [warning] = columnOf(await described(columnText(days)), "v").warnings;
    assert.match(
      warning.message,
      /^All but 2 of 20 values are dates: "soon" in line 5 and 1 other value are none; correct or empty them/,
    );
  });

  it("takes infinities for no classes, as training does", async () => {
    const v = columnOf(
      await described(columnText(digits.map((value, row) => (row === 5 ? "inf" : value)))),
      "v",
    );
    assert.equal(v.task, "regression");
  });

  it("warns of a rare class only where the column may be a target", async () => {
    const flags = digits.map((value, row) => `${row === 5 ? 1 : 0},${value / 2},${row === 7 ? 1 : 0}`);
    const table = await described(`flag,other,label\n${flags.join("\n")}\n`);
    assert.equal(table.targets[0], "label");
    assert.deepEqual(
      [labels(columnOf(table, "flag")), labels(columnOf(table, "label"))],
      [[], ["Unbalanced"]],
    );
  });

  it("warns of a column that repeats another, whatever its name", async () => {
    const table = await described("a,b,c,d\n1,x,1,x\n2,y,2,y\n3,x,,x\n2,x,2,y\n");
    assert.deepEqual(
      table.columns.map((column) => [
        column.name,
        ...labels(column).filter((label) => label === "Duplicate"),
      ]),
      [["a"], ["b"], ["c"], ["d"]],
    );
    const same = await described("a,b,c,d\n1,x,1,x\n2,y,2,y\n,x,,x\n2,x,2,x\n");
    assert.deepEqual(
      same.columns.filter((column) => labels(column).includes("Duplicate")).map(({ name }) => name),
      ["c", "d"],
    );
    assert.match(columnOf(same, "d").warnings[0].message, /same values as "b"/);
  });

  it("counts rows that stand there twice", async () => {
    const row = (at: number): string => `${at % 5},${at % 3},${at % 2 === 0 ? "x" : "y"}`;
    const once = await described(`a,b,c\n${Array.from({ length: 30 }, (_, at) => row(at)).join("\n")}\n`);
    assert.deepEqual(once.notes, []);
    const twice = await described(`a,b,c\n${Array.from({ length: 33 }, (_, at) => row(at)).join("\n")}\n`);
    assert.match(twice.notes.join(), /^3 rows repeat earlier ones;/);
  });

  it("does not take what nothing can be learned of for a target", async () => {
    const table = await described(columnText(digits.map((_, row) => `name ${row}`)));
    assert.equal(columnOf(table, "v").task, null);
    assert.equal(table.targets[0], "other");
    assert.equal(columnOf(await described(columnText(digits.map(() => 1))), "v").task, null);
  });

  it("takes a column called __proto__ for what it is", async () => {
    const table = await described("__proto__,constructor\n1,a\n2,b\n1,a\n");
    assert.deepEqual(
      table.columns.map(({ name, distinct }) => [name, distinct]),
      [
        ["__proto__", 2],
        ["constructor", 2],
      ],
    );
  });

  it("describes a real file with missing values", async function () {
    const file = datasetFile("titanic.csv");
    if (file === null) return this.skip();
    const titanic = describeTable(await tableOfFile(file));
    assert.equal(titanic.targets[0], "survived");
    assert.equal(columnOf(titanic, "age").missing, 263);
    assert.deepEqual(labels(columnOf(titanic, "name")), ["Left out"]);
  });
});
