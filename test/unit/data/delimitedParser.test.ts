import assert from "node:assert/strict";
import fc from "fast-check";
import Papa from "papaparse";
import { DelimitedParser } from "../../../src/data/readers/delimitedParser";
import { sniffDelimiter } from "../../../src/data/readers/sniffDelimiter";

interface Parsed {
  rows: string[][];
  lines: number[];
}

function inPieces(pieces: string[], delimiter: string | null, now: boolean): Parsed {
  const parser = new DelimitedParser("data.csv", delimiter);
  const all: Parsed = { rows: [], lines: [] };
  const take = ({ rows, lines }: Parsed): void => {
    all.rows.push(...rows);
    all.lines.push(...lines);
  };
  for (const piece of pieces) {
    take(parser.push(piece));
    if (now) take(parser.complete());
  }
  take(parser.end());
  return all;
}

function atOnce(text: string, delimiter: string, newline: "\n" | "\r\n" | "\r"): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter, newline });
  return data.filter((row) => row.length > 1 || row[0].trim() !== "");
}

/** Cells that are written with quotes where they need them, line breaks within included. */
const cell = fc
  .array(fc.constantFrom("a", "7", '"', ",", "\n", "\r\n", " ", ";", "é"), { maxLength: 6 })
  .map((parts) => parts.join("").trim());
const table = fc
  .integer({ min: 2, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
  );

function written(rows: string[][], newline: string, always: boolean): string {
  const write = (value: string): string =>
    always || /[",\n\r;]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return rows.map((row) => row.map(write).join(",")).join(newline);
}

/** Cuts anywhere but in the first line, which tells the line ends. */
function cut(text: string, places: number[]): string[] {
  const header = text.indexOf("\n") + 1;
  return [text.slice(0, header), ...cutAnywhere(text.slice(header), places)];
}

function cutAnywhere(text: string, places: number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, index) => text.slice(from, sorted[index] ?? text.length));
}

describe("cutting text into rows", () => {
  const places = fc.array(fc.nat(500), { maxLength: 12 });

  it("gives the rows of one parse of the whole, wherever the pieces were cut", () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom<"\n" | "\r\n">("\n", "\r\n"),
        fc.boolean(),
        fc.boolean(),
        places,
        (rows, newline, always, final, at) => {
          const header = `h,h${newline}`;
          const text = header + written(rows, newline, always) + (final ? newline : "");
          const { rows: found } = inPieces(cut(text, at), ",", true);
          const bare = (row: string[]): string[] => row.map((value) => value.trim());
          assert.deepEqual(found.map(bare), atOnce(text, ",", newline).map(bare));
          assert.deepEqual(found.slice(1).map(bare), rows);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("knows the line on which each row starts", () => {
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), places, (rows, newline, always, at) => {
        const text = `h,h${newline}${written(rows, newline, always)}`;
        const expected = [1];
        let line = 2;
        for (const row of rows) {
          expected.push(line);
          line += 1 + (row.join("").match(/\r\n|\n|\r/g)?.length ?? 0);
        }
        assert.deepEqual(inPieces(cut(text, at), ",", true).lines, expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("counts blank lines but skips them", () => {
    assert.deepEqual(inPieces(["a,b\n\n1,2\n  \n\n3,4\n\n"], ",", false), {
      rows: [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ],
      lines: [1, 3, 6],
    });
  });

  it("reads the line ends of old Macs and mixed ones", () => {
    assert.deepEqual(inPieces(["a,b\r1,2\r", "3,4"], ",", true).rows, [
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
    ]);
    const mixed = inPieces(['a,b\r\n"1",2\n3,"4"\r\n'], ",", false).rows;
    assert.deepEqual(
      mixed.map((row) => row.map((value) => value.trim())),
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
      ],
    );
  });

  it("refuses a quote that never closes, with the line where it opened", () => {
    const text = 'a,b\n"x\ny",2\n3,"four\n5,6\n7,8\n';
    for (let size = 1; size < 12; size++) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      assert.throws(
        () => inPieces(pieces, ",", true),
        /The quote \("\) that opens in line 4 of data\.csv never closes/,
      );
    }
  });

  it("refuses text after a closing quote, which would swallow the rows that follow", () => {
    assert.throws(
      () => inPieces(['a,b\n1,"x"y\n2,"z"\n'], ",", false),
      /Line 2 of data\.csv has text after a closing quote/,
    );
  });

  it("gives up on an endless quote before the memory ends, in linear time", function () {
    // Parsing everything again with each piece would take minutes.
    this.timeout(20_000);
    const piece = `${'"",'.repeat(1 << 12)}\n`;
    const parser = new DelimitedParser("data.csv", ",");
    assert.throws(() => {
      parser.push('a,b\n1,"');
      for (let count = 0; count < 10_000; count++) parser.push(piece);
    }, /opens in line 2 of data\.csv never closes/);
  });

  it("obeys a first line that names the separator", () => {
    assert.deepEqual(inPieces(["sep=|\r\na|b,c\r\n1|2\r\n"], null, false), {
      rows: [
        ["a", "b,c"],
        ["1", "2"],
      ].map((row, index) => (index === 0 ? ["a", "b,c\r"] : [row[0], `${row[1]}\r`])),
      lines: [2, 3],
    });
  });
});

describe("the separator of a file", () => {
  it("is told by its rows", () => {
    const heads: [string, string][] = [
      ["a,b\n1,2\n", ","],
      ["a;b\n1,5;2,5\n", ";"],
      ["a\tb\tc, d\n1\t2\t3, 4\n", "\t"],
      ["a|b\n1|2\n", "|"],
      ["text;more,y\nx,1\nz,2\n", ","],
      ['"a;b",y\n"c;d;e",2\n', ","],
      ["a;b;c, d, e, f\n1;2;3\n4;5;6\n", ";"],
      ["alone\n1\n", ","],
      ["", ","],
      ["a;b;c\n1;2;3\n4;5", ";"],
      ["a,b,c\n1,2,3\n4,5\n6,7,8\n", ","],
    ];
    for (const [head, delimiter] of heads) assert.equal(sniffDelimiter(head, "\n"), delimiter, head);
  });
});
