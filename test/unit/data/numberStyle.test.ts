import assert from "node:assert/strict";
import { numberStyleOf } from "../../../src/data/readers/numberStyle";
import { cellsOf, column, tableOf } from "./support";

describe("numbers in a style of their own", () => {
  const cases: [cells: string[], decimalComma: boolean, values: number[] | null][] = [
    [["1,234", "12", "1,234,567.5"], false, [1234, 12, 1234567.5]],
    [["0,125", "2,5"], false, [0.125, 2.5]],
    [["1.234,5", "2", "1.234.567"], true, [1234.5, 2, 1234567]],
    [["1.5", "2"], true, [1.5, 2]],
    [["1,234"], true, [1.234]],
    [["12%", "3.5 %"], false, [12, 3.5]],
    [["$1,200.50", "-$3"], false, [1200.5, -3]],
    [["3,50 €", "1 200 €"], false, [3.5, 1200]],
    [["EUR 3", "EUR 4.5"], false, [3, 4.5]],
    [["1'000", "12.5"], false, [1000, 12.5]],
    [["$1", "€1"], false, null],
    [["5%", "0.05"], false, null],
    [["1,234", "12345"], false, null],
    [["1,23", "1.5"], false, null],
    [["12 kg"], false, null],
    [["EURO 3"], false, null],
  ];
  for (const [cells, decimalComma, values] of cases) {
    it(`${cells.join(" | ")}${decimalComma ? " (decimal commas)" : ""}`, () => {
      const style = numberStyleOf(cells, decimalComma);
      assert.deepEqual(style === null ? null : cells.map((cell) => style.parse(cell)), values);
    });
  }

  it("are told in a note", async () => {
    const table = await tableOf('price,share\n"$1,200",5%\n$30,NA\n');
    assert.deepEqual(cellsOf(table, "price"), [1200, 30]);
    assert.deepEqual(cellsOf(table, "share"), [5, null]);
    assert.deepEqual(table.notes, [
      'Numbers like "$1,200" in column "price" were read as 1200 and so on.',
      'Numbers like "5%" in column "share" were read as 5 and so on.',
    ]);
  });

  it("are named where they are many", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const table = await tableOf(`${names.join(",")}\n${names.map((_, at) => `${at}%`).join(",")}\n`);
    assert.equal(
      table.notes.at(-1),
      'Numbers in the columns "d" and "e" were read in styles of their own, too, such as "3%" as 3.',
    );
  });

  it("are read however many there are, and dates too", async () => {
    const rows = Array.from({ length: 80_000 }, (_, i) => {
      const day = new Date(i * 3_600_000).toISOString().slice(0, 16);
      return `$${i}.5,${day},${i === 79_999 ? "$1" : i}`;
    });
    const table = await tableOf(`a,d,late\n${rows.join("\n")}`);
    assert.deepEqual(cellsOf(table, "a").slice(-2), [79_998.5, 79_999.5]);
    const d = column(table, "d");
    assert(d.kind === "date");
    assert.equal(d.values[79_999], 79_999 / 24);
    const late = column(table, "late");
    assert(late.kind === "text");
    assert.equal(late.text.firstValue, "$1");
  });

  it("have points between thousands where another column has decimal commas", async () => {
    const table = await tableOf("a;b\n1.234;3,5\n950;4\n12.500;1,25\n");
    assert.deepEqual(cellsOf(table, "a"), [1234, 950, 12500]);
    assert.deepEqual(cellsOf(table, "b"), [3.5, 4, 1.25]);
    assert.match(table.notes.join(), /"1\.234" in column "a" were read as 1234 and/);
  });

  it("have decimal points where nothing proves otherwise, which a note tells", async () => {
    const table = await tableOf("a;b;c\n950;3;1.5\n1.234;4;2\n");
    assert.deepEqual(cellsOf(table, "a"), [950, 1.234]);
    assert.deepEqual(table.notes, ['Numbers like "1.234" in column "a" were read as 1.234 and so on.']);
  });

  it("are not guessed in a column where one cell is written otherwise", async () => {
    const table = await tableOf("a\n$1\n2\n");
    assert.deepEqual([column(table, "a").kind, cellsOf(table, "a")], ["category", ["$1", "2"]]);
  });
});
