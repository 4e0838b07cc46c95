import assert from "node:assert/strict";
import fc from "fast-check";
import { DataError } from "../../../src/data/dataError";
import { DelimitedTable } from "../../../src/data/readers/delimited";
import type { Table } from "../../../src/data/table";

/** The table, or the sentence that refuses it. */
function read(pieces: readonly string[], quick: boolean, maxRows?: number): Table | string {
  const table = new DelimitedTable({ file: "data.csv", format: "csv", badRows: "skip", maxRows }, quick);
  try {
    for (const piece of pieces) if (!table.isFull) table.push(piece);
    return table.end(false);
  } catch (error) {
    assert(error instanceof DataError);
    return error.message;
  }
}

const plain = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.double({ noNaN: true }).map(String),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(4)),
);
const odd = fc.constantFrom(
  "",
  "-",
  ".",
  "-0",
  "1.",
  ".5",
  "NA",
  "1e5",
  "+3",
  " 7 ",
  "0x1",
  "1.2.3",
  "--1",
  "inf",
  "12345678901234567",
  "0.1234567890123456",
  "text",
  "é",
  '"q"',
  '"a,b"',
  "1,2",
  "\t",
  "1\r",
);

describe("the quick way through delimited text", () => {
  it("gives the table that papaparse gives, whatever is in the cells", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }).chain((width) =>
          fc.record({
            width: fc.constant(width),
            rows: fc.array(
              fc.array(fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: odd }), {
                minLength: width,
                maxLength: width,
              }),
              { minLength: 1, maxLength: 40 },
            ),
          }),
        ),
        fc.constantFrom("\n", "\r\n"),
        fc.integer({ min: 1, max: 300 }),
        fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
        fc.boolean(),
        ({ width, rows }, newline, size, maxRows, ended) => {
          const header = Array.from({ length: width }, (_, i) => `c${i}`).join(",");
          // So much that the parser knows the columns before the rows in question come.
          const filler = `${Array<string>(width).fill("1").join(",")}${newline}`;
          const fillers = Math.ceil(70_000 / filler.length);
          const text = rows.map((row) => row.join(",")).join(newline) + (ended ? newline : "");
          const pieces = [header + newline + filler.repeat(fillers)];
          for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
          const most = maxRows === undefined ? undefined : fillers + maxRows;
          assert.deepEqual(read(pieces, true, most), read(pieces, false, most));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("is taken", () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},${i / 8},${i % 5 === 0 ? "" : "x"}`);
    const text = `a,b,c\n${rows.join("\n")}\n`;
    const table = read([text], true);
    assert(typeof table !== "string");
    assert.deepEqual(table, read([text], false));
    assert.equal(table.rowCount, 30_000);
    assert.equal(table.lines?.[29_999], 30_001);
  });
});
