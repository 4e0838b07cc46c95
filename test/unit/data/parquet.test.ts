import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { crc32 as crc32OfNode } from "node:zlib";
import fc from "fast-check";
import { crc32 } from "../../../src/data/readers/parquetPages";
import { readTable } from "../../../src/data/readTable";
import { columnNames, placeOf, type Table } from "../../../src/data/table";
import { parquetOf } from "./parquetFile";
import { cellsOf, column, datasetFile, refuses, sourceOf, tableOf, tableOfFile } from "./support";

const read = (bytes: Uint8Array, maxRows?: number): Promise<Table> =>
  tableOf(bytes, { format: "parquet", maxRows });

describe("reading Parquet", () => {
  const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
  const columns = (): Parameters<typeof parquetOf>[0] => [
    { name: "double", data: [1.5, null, -2, NaN], type: "DOUBLE" },
    { name: "int64", data: [1n, 2n, 3n, 2n ** 53n], type: "INT64" },
    { name: "text", data: ["b", "a", null, "b"], type: "STRING" },
    { name: "truth", data: [true, false, null, true], type: "BOOLEAN" },
    {
      name: "when",
      data: [day("1970-01-02"), null, day("1970-01-04"), day("2012-01-01")],
      type: "TIMESTAMP",
    },
    { name: "__proto__", data: [1, 2, 3, 4], type: "INT32" },
    { name: "digits", data: ["1", "2.5", "?", ""], type: "STRING" },
  ];
  const expected = {
    double: [1.5, null, -2, null],
    int64: [1, 2, 3, 2 ** 53],
    text: ["b", "a", null, "b"],
    truth: ["true", "false", null, "true"],
    when: [1, null, 3, 15340],
    digits: [1, 2.5, null, null],
  };

  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI"] as const) {
    it(`gives typed columns (${codec}), whatever the size of a row group`, async () => {
      for (const rowGroupSize of [1, 3, 100]) {
        const table = await read(parquetOf(columns(), { codec, rowGroupSize }));
        assert.equal(table.rowCount, 4);
        assert.deepEqual(
          columnNames(table),
          columns().map(({ name }) => name),
        );
        for (const [name, values] of Object.entries(expected))
          assert.deepEqual(cellsOf(table, name), values, name);
        assert.deepEqual(cellsOf(table, "__proto__"), [1, 2, 3, 4]);
        assert.deepEqual(
          table.columns.map(({ kind }) => kind),
          ["number", "number", "category", "boolean", "date", "number", "number"],
        );
        assert.deepEqual(
          table.columns.map(({ missing }) => missing),
          [2, 0, 1, 1, 1, 0, 2],
        );
        assert.equal(placeOf(table, 2), "row 3");
      }
    });
  }

  it("reads dictionary and delta encodings, and many pages", async () => {
    const count = 50_000;
    const numbers = Int32Array.from({ length: count }, (_, i) => i * 3);
    const labels = Array.from({ length: count }, (_, i) => `label ${i % 11}`);
    const bytes = parquetOf(
      [
        { name: "delta", data: numbers, type: "INT32", encoding: "DELTA_BINARY_PACKED" },
        { name: "split", data: Float64Array.from(numbers), type: "DOUBLE", encoding: "BYTE_STREAM_SPLIT" },
        { name: "labels", data: labels, type: "STRING" },
      ],
      { pageSize: 4096, rowGroupSize: 20_000 },
    );
    const table = await read(bytes);
    assert.deepEqual(cellsOf(table, "delta"), Array.from(numbers));
    assert.deepEqual(cellsOf(table, "split"), Array.from(numbers));
    assert.deepEqual(cellsOf(table, "labels"), labels);
    const head = await read(bytes, 20_007);
    assert.equal(head.rowCount, 20_007);
    assert.deepEqual(cellsOf(head, "delta"), Array.from(numbers.subarray(0, 20_007)));
  });

  it("reads lists of equally many numbers as vectors", async () => {
    const schema: Parameters<typeof parquetOf>[1] = {
      schema: [
        { name: "root", num_children: 2 },
        { name: "v", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
        { name: "list", num_children: 1, repetition_type: "REPEATED" },
        { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
        { name: "y", type: "INT32", repetition_type: "REQUIRED" },
      ],
    };
    const y = { name: "y", data: [1, 2, 3] };
    const table = await read(parquetOf([{ name: "v", data: [[1, 2.5], null, [3, null]] }, y], schema));
    const v = column(table, "v");
    assert(v.kind === "vector");
    assert.deepEqual([v.width, v.missing, v.values], [2, 1, Float64Array.of(1, 2.5, NaN, NaN, 3, NaN)]);
    const uneven = await read(parquetOf([{ name: "v", data: [[1, 2], [1], [3]] }, y], schema));
    const why = column(uneven, "v");
    assert.match(why.kind === "text" ? (why.because ?? "") : "", /lists of different lengths/);
  });

  it("tells what was given up by the source", async () => {
    const bytes = parquetOf(columns());
    let calls = 0;
    const source = {
      ...sourceOf(bytes),
      slice: (from: number, to: number) =>
        calls++ === 0 ? Promise.resolve(bytes.slice(from, to).buffer) : Promise.reject(new Error("given up")),
    };
    await assert.rejects(readTable(source, { format: "parquet", file: "a.parquet" }), /^Error: given up$/);
  });

  it("computes the checksums of gzip", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => crc32(bytes) === crc32OfNode(bytes)));
  });

  it("refuses what is no Parquet file, or a damaged one", async () => {
    const bytes = parquetOf(columns(), { codec: "GZIP" });
    await refuses(() => read(new Uint8Array(0)), "data.parquet is not a Parquet file; it has 0 bytes");
    await refuses(
      () => read(new TextEncoder().encode("a,b\n1,2\n".repeat(9))),
      "does not end like a Parquet file",
    );
    await refuses(
      () => read(bytes.subarray(0, bytes.length - 10)),
      "does not end like a Parquet file; it is cut off",
    );
    const headless = bytes.slice(50);
    await refuses(() => read(headless), "damaged");
    await refuses(() => read(parquetOf([{ name: "a", data: [], type: "INT32" }])), "has no rows");
    const twice = { name: "a", data: [1], type: "INT32" as const };
    await refuses(() => read(parquetOf([twice, { ...twice }])), 'two columns called "a"');
  });

  it("mnist: 785 columns, gzip and snappy alike", async function () {
    const [gzip, snappy] = ["mnist-train-5k.parquet", "mnist-train-5k-snappy.parquet"].map(datasetFile);
    if (gzip === null || snappy === null) return this.skip();
    const [a, b] = [await tableOfFile(gzip), await tableOfFile(snappy)];
    assert.deepEqual([a.rowCount, a.columns.length, a.notes], [5000, 785, []]);
    assert(readFileSync(gzip).length > 0);
    a.columns.forEach((each, index) => {
      const other = b.columns[index];
      assert(each.kind === "number" && other.kind === "number");
      assert.deepEqual(each.values, other.values);
    });
    const labels = column(a, "label");
    assert(labels.kind === "number");
    assert.deepEqual([...new Set(labels.values)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
