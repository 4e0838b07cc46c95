import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { DataFormat } from "../../../src/config/runConfig";
import { DataError } from "../../../src/data/dataError";
import type { Table } from "../../../src/data/table";
import { parquetOf } from "./parquetFile";
import { bytesOf, cellsOf, column, refuses, tableOf } from "./support";

const formats: readonly DataFormat[] = ["csv", "tsv", "json", "jsonl", "parquet"];

/** A table that keeps its promises, or one sentence that says what is wrong. */
async function readsOrRefuses(
  bytes: Uint8Array,
  format: DataFormat,
  options: { chunk?: number; badRows?: "error" | "skip" } = {},
): Promise<Table | null> {
  try {
    const table = await tableOf(bytes, { format, ...options });
    for (const each of table.columns) {
      if (each.kind === "text") continue;
      const length =
        each.kind === "boolean" || each.kind === "category" ? each.codes.length : each.values.length;
      assert.equal(length, table.rowCount * (each.kind === "vector" ? each.width : 1));
    }
    assert(table.lines === null || table.lines.length === table.rowCount);
    return table;
  } catch (error) {
    assert(error instanceof DataError, String(error instanceof Error ? error.stack : error));
    assert.match(error.message, /^[^\n]+[.?]$/);
    assert(error.message.includes(`data.${format}`), error.message);
    // What the message quotes is the file's own; only our words are held to our style.
    assert.doesNotMatch(error.message.replaceAll(/".*"/g, ""), /undefined|\[object|!/);
    return null;
  }
}

const rows = Array.from({ length: 40 }, (_, i) => ({
  a: i / 4,
  b: `label ${i % 3}`,
  c: i % 5 === 0 ? null : i * 1000,
  d: i % 2 === 0,
}));
const columnData = [
  { name: "a", data: rows.map(({ a }) => a), type: "DOUBLE" as const },
  { name: "b", data: rows.map(({ b }) => b), type: "STRING" as const },
  { name: "c", data: rows.map(({ c }) => c), type: "INT32" as const },
  { name: "d", data: rows.map(({ d }) => d), type: "BOOLEAN" as const },
];
const header = "a,b,c,d\n";
const csv = header + rows.map(({ a, b, c, d }) => `${a},"${b}",${c ?? ""},${d}\n`).join("");
const good: readonly (readonly [DataFormat, Uint8Array])[] = [
  ["csv", bytesOf(csv)],
  ["tsv", bytesOf(csv.replaceAll(",", "\t"))],
  ["json", bytesOf(JSON.stringify(rows, null, 1))],
  ["json", bytesOf(JSON.stringify(Object.fromEntries(columnData.map(({ name, data }) => [name, data]))))],
  ["jsonl", bytesOf(rows.map((row) => JSON.stringify(row)).join("\n"))],
  ["csv", gzipSync(csv)],
  ["parquet", parquetOf(columnData, { codec: "UNCOMPRESSED" })],
  ["parquet", parquetOf(columnData, { codec: "SNAPPY", rowGroupSize: 7 })],
  ["parquet", parquetOf(columnData, { codec: "GZIP" })],
];

describe("whatever the bytes are, every reader gives a table or one sentence:", () => {
  for (const format of formats) {
    it(`random bytes as ${format}`, async () => {
      const starts = ["", "a,b\n", "[", '{"a":', '[{"a":1},', '{"a":1}\n', "PAR1", "\u001f\u008b\b"];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...starts),
          fc.uint8Array({ maxLength: 200 }),
          fc.integer({ min: 1, max: 64 }),
          fc.constantFrom("error" as const, "skip" as const),
          async (start, bytes, chunk, badRows) => {
            await readsOrRefuses(Buffer.concat([Buffer.from(start, "latin1"), bytes]), format, {
              chunk,
              badRows,
            });
          },
        ),
        { numRuns: 300 },
      );
    });

    it(`random text as ${format}`, async () => {
      const piece = fc.constantFrom(
        ..."a,b;c\t|\"'\n\r{}[]:\\ 01.-e%$€é\u{1F600}\u0000".split(""),
        '"a":',
        "null",
        "NaN",
        '{"a":1}',
        "\r\n",
        "__proto__",
        '"__proto__"',
        "[1,2]",
        "1e999",
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(piece, { maxLength: 60 }),
          fc.integer({ min: 1, max: 20 }),
          fc.constantFrom("error" as const, "skip" as const),
          async (pieces, chunk, badRows) => {
            const bytes = bytesOf(pieces.join(""));
            const whole = await readsOrRefuses(bytes, format, { badRows });
            const cut = await readsOrRefuses(bytes, format, { badRows, chunk });
            assert.deepEqual(cut, whole);
          },
        ),
        { numRuns: 400 },
      );
    });
  }

  good.forEach(([format, bytes], index) => {
    it(`files that are cut off or damaged: ${format} (${index + 1})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(bytes.length),
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
          fc.boolean(),
          async (length, changes, cut) => {
            const bad = Uint8Array.from(cut ? bytes.subarray(0, length) : bytes);
            for (const [at, value] of changes) if (at < bad.length) bad[at] = value;
            await readsOrRefuses(bad, format);
          },
        ),
        { numRuns: 400 },
      );
    });

    it(`every file as every other format: ${format} (${index + 1})`, async () => {
      for (const other of formats) {
        const table = await readsOrRefuses(bytes, other);
        const text = format !== "parquet" && other !== "parquet";
        if (format !== other && table !== null) assert(text, `${format} as ${other}`);
      }
    });
  });
});

describe("hard files", () => {
  it("in other encodings", async () => {
    const text = "größe,y\n1.5,ä\n2,b\n";
    const expected = ["ä", "b"];
    const utf16 = (littleEndian: boolean): Uint8Array => {
      const view = new DataView(new ArrayBuffer(2 * text.length + 2));
      Array.from(`\ufeff${text}`).forEach((letter, at) =>
        view.setUint16(2 * at, letter.charCodeAt(0), littleEndian),
      );
      return new Uint8Array(view.buffer);
    };
    for (const bytes of [bytesOf(text), bytesOf(`\ufeff${text}`), utf16(true), utf16(false)]) {
      const table = await tableOf(bytes, { chunk: 3 });
      assert.deepEqual(cellsOf(table, "größe"), [1.5, 2]);
      assert.deepEqual(cellsOf(table, "y"), expected);
    }
    const json = bytesOf(`\ufeff[{"a":1}]`);
    assert.deepEqual(cellsOf(await tableOf(json, { format: "json" }), "a"), [1]);
    for (const format of ["csv", "jsonl", "json"] as const) {
      const start = format === "json" ? "[" : "";
      await refuses(
        () => tableOf(Buffer.from(`${start}{"a":"x"}\n{"a":"\u00e9"}\n`, "latin1"), { format }),
        `data.${format} is not UTF-8: line 2 has the byte 0xE9; it is probably Latin-1`,
      );
    }
    const mixed = Buffer.concat([bytesOf("a,b\né,1\n"), Buffer.from("\u00e9,2\n", "latin1")]);
    await refuses(() => tableOf(mixed), "line 3 has the byte 0xE9");
  });

  it("with NUL bytes", async () => {
    for (const format of ["csv", "json", "jsonl"] as const) {
      await refuses(() => tableOf(`[{"a":1},\n{"a":"\u0000"}]`, { format }), "NUL byte in line 2");
    }
  });

  it("of ten thousand columns", async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
    const values = names.map((_, i) => i);
    const line = `${values.join(",")}\n`;
    const object = JSON.stringify(Object.fromEntries(names.map((name, i) => [name, i])));
    const tables = await Promise.all([
      tableOf(`${names.join(",")}\n${line.repeat(20)}`),
      tableOf(`[${Array(20).fill(object).join(",")}]`, { format: "json" }),
      tableOf(`${object}\n`.repeat(20), { format: "jsonl" }),
      tableOf(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, Array(20).fill(i)]))), {
        format: "json",
      }),
    ]);
    for (const table of tables) {
      assert.deepEqual([table.rowCount, table.columns.length], [20, 10_000]);
      assert.deepEqual(new Set(cellsOf(table, "c9999")), new Set([9999]));
    }
  });

  it("keyed by their rows", async () => {
    const text = Array.from({ length: 70_000 }, (_, i) => `{"k${i}":1}`).join("\n");
    await refuses(
      () => tableOf(text, { format: "jsonl" }),
      /more than 4,\d+ different keys, too many for columns/,
    );
  });

  it("of one line of 50 MB", async function () {
    this.timeout(120_000);
    const count = 3_000_000;
    const items = Array.from({ length: count }, (_, i) => `{"a":${i % 1000},"b":"x"}`).join(",");
    assert(items.length > 50e6);
    const table = await tableOf(`[${items}]`, { format: "json", chunk: 1 << 18 });
    const a = column(table, "a");
    assert(a.kind === "number");
    assert.deepEqual([table.rowCount, a.values[count - 1]], [count, (count - 1) % 1000]);
    const long = "x".repeat(50e6);
    assert.equal((await tableOf(`a,b\n${long},1\n`, { chunk: 1 << 18 })).rowCount, 1);
    await refuses(
      () => tableOf(`a,b\n1,"${long}`, { chunk: 1 << 18 }),
      "opens in line 2 of data.csv never closes",
    );
    await refuses(() => tableOf(long, { chunk: 1 << 18 }), "data.csv has a header");
    assert.equal((await tableOf(`{"a":"${long}"}`, { format: "jsonl", chunk: 1 << 18 })).rowCount, 1);
    await refuses(() => tableOf(`[{"a":"${long}`, { format: "json", chunk: 1 << 18 }), "never ends");
  });

  it("of a million JSON lines of which one is bad", async function () {
    this.timeout(120_000);
    const line = (i: number): string => (i === 654_320 ? '{"a":1,"b"}' : `{"a":${i},"b":"x"}`);
    const text = Array.from({ length: 1_000_000 }, (_, i) => line(i)).join("\n");
    const options = { format: "jsonl", chunk: 1 << 18 } as const;
    await refuses(() => tableOf(text, options), "1 line of data.jsonl is not a JSON object (line 654321)");
    const table = await tableOf(text, { ...options, badRows: "skip" });
    assert.equal(table.rowCount, 999_999);
    assert.equal(table.lines?.[654_320], 654_322);
    assert.deepEqual(table.notes, [
      "1 line of data.jsonl was left out because it is not a JSON object (line 654321).",
    ]);
  });

  it("with rows of other lengths, skipped when asked", async () => {
    const table = await tableOf("a,b\n1,2\n3\n4,5,6\n7,8\n", { badRows: "skip" });
    assert.deepEqual(cellsOf(table, "a"), [1, 7]);
    assert.deepEqual(Array.from(table.lines ?? []), [2, 5]);
    assert.deepEqual(table.notes, [
      "2 rows of data.csv were left out because they do not have the 2 columns of its header (lines 3 and 4).",
    ]);
    await refuses(() => tableOf("a,b\n1\n", { badRows: "skip" }), "no usable rows");
  });
});
