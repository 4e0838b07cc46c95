import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { DataError } from "../../../src/data/dataError";
import { checkRuns } from "../../../src/data/readers/parquetRuns";
import { endOfStruct } from "../../../src/data/readers/parquetThrift";
import { cellsOf, column, tableOf } from "./support";

const folder = path.join(DOWNHILL_ROOT, "test/fixtures/parquet");
const files = readdirSync(folder).filter((name) => name.endsWith(".parquet"));
const rows = Array.from({ length: 100 }, (_, i) => i);
const kinds = {
  double: "number",
  gap: "number",
  long: "number",
  text: "category",
  truth: "boolean",
  day: "date",
};

describe("Parquet by another writer", () => {
  for (const name of files) {
    it(`${name} is the table that was written`, async () => {
      const table = await tableOf(readFileSync(path.join(folder, name)), { format: "parquet" });
      assert.equal(table.rowCount, rows.length);
      for (const [name, kind] of Object.entries(kinds)) assert.equal(column(table, name).kind, kind);
      const cells = (name: string): unknown[] => cellsOf(table, name);
      assert.deepEqual(
        cells("double"),
        rows.map((i) => i / 4),
      );
      assert.deepEqual(
        cells("gap"),
        rows.map((i) => (i % 5 === 0 ? null : i * 1000)),
      );
      assert.deepEqual(
        cells("long"),
        rows.map((i) => i * i),
      );
      assert.deepEqual(
        cells("text"),
        rows.map((i) => `label ${i % 3}`),
      );
      assert.deepEqual(
        cells("truth"),
        rows.map((i) => String(i % 2 === 0)),
      );
      assert.deepEqual(
        cells("day"),
        rows.map((i) => i % 28),
      );
      const struct = column(table, "struct");
      assert.match(struct.kind === "text" ? (struct.because ?? "") : "", /nested/);
      const list = column(table, "list");
      assert(list.kind === "vector");
      assert.deepEqual(list.values, Float64Array.from(rows.flatMap((i) => [i, i + 0.5, NaN])));
    });

    // Without the checks, about one in a hundred of these never ends or fills the memory.
    it(`${name} with wrong bytes gives a table or one sentence`, async function () {
      this.timeout(60_000);
      const good = readFileSync(path.join(folder, name));
      const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(good.length - 1), byte), { minLength: 1, maxLength: 3 }),
          async (changes) => {
            const bad = Uint8Array.from(good);
            for (const [at, value] of changes) bad[at] = value;
            try {
              const table = await tableOf(bad, { format: "parquet" });
              assert.equal(table.rowCount, rows.length);
            } catch (error) {
              assert(error instanceof DataError, String(error instanceof Error ? error.stack : error));
              assert.match(error.message, /^[^\n]+[.?]$/);
            }
          },
        ),
        // Brotli is slow to start.
        {
          seed: 1,
          numRuns: name.startsWith("brotli") ? 40 : 300,
          interruptAfterTimeLimit: 20_000,
          markInterruptAsFailure: false,
        },
      );
    });
  }

  it("every wrong byte is noticed where a page has a checksum", async () => {
    const good = readFileSync(path.join(folder, "encodings-v2.parquet"));
    const expected = await tableOf(good, { format: "parquet" });
    // The first pages, without their headers: plain doubles, one byte stream after the other.
    let refused = 0;
    for (let at = 100; at < 600; at += 7) {
      const bad = Uint8Array.from(good);
      bad[at] ^= 16;
      try {
        assert.deepEqual((await tableOf(bad, { format: "parquet" })).columns, expected.columns);
      } catch (error) {
        assert(error instanceof DataError, String(error));
        refused++;
      }
    }
    assert(refused > 60);
  });
});

describe("lengths in Parquet", () => {
  it("of runs are those that are needed", () => {
    // Five times 3, then a group of eight of which three count: 1 2 3.
    const bytes = Uint8Array.of(10, 3, 3, 0b11_10_01, 0);
    assert.equal(checkRuns(bytes, 0, 2, 8, 3), 6);
    assert.equal(checkRuns(bytes, 0, 2, 8, 2), 1);
    assert.throws(() => checkRuns(bytes, 0, 2, 4), /too long/);
    assert.throws(() => checkRuns(bytes, 0, 2, 14), /too early/);
    assert.throws(() => checkRuns(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07), 0, 0, 8), /too long/);
    assert.throws(() => checkRuns(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 0, 1, 8), /too long/);
    assert.throws(() => checkRuns(bytes, 0, 33, 8), /bits/);
  });

  it("of lists are no longer than what is left", () => {
    const list = (length: number): Uint8Array => Uint8Array.of(0x19, 0xf3, length, 7, 7, 7, 0);
    assert.equal(endOfStruct(list(3), 0), 7);
    assert.throws(() => endOfStruct(list(5), 0), /longer/);
    assert.throws(() => endOfStruct(Uint8Array.of(0x18, 9, 1, 0), 0), /too early/);
    assert.throws(() => endOfStruct(new Uint8Array(99).fill(0x1c), 0), /nested/);
    assert.throws(() => endOfStruct(Uint8Array.of(0x15, 1), 0), /too early/);
  });
});
