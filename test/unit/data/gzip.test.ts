import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readTable } from "../../../src/data/readTable";
import { bytesOf, cellsOf, refuses, sourceOf, tableOf } from "./support";

describe("text compressed with gzip", () => {
  const text = `a,b\n${Array.from({ length: 30_000 }, (_, i) => `${i},${i % 7}`).join("\n")}\n`;
  const packed = gzipSync(text);

  it("is unpacked, whatever the file is called", async () => {
    const table = await tableOf(text);
    for (const chunk of [1, 1000, packed.length]) {
      const same = await tableOf(packed, { chunk });
      assert.equal(same.rowCount, 30_000);
      assert.deepEqual(cellsOf(same, "b"), cellsOf(table, "b"));
    }
    assert.deepEqual(cellsOf(await tableOf(gzipSync('{"a":1}\n{"a":2}'), { format: "jsonl" }), "a"), [1, 2]);
    const twice = Buffer.concat([packed, gzipSync("7,7\n")]);
    assert.equal((await tableOf(twice)).rowCount, 30_001);
  });

  it("is read no further than is needed", async () => {
    let asked = 0;
    const source = {
      ...sourceOf(packed),
      async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
        for (let at = 0; at < packed.length; at += 100) {
          asked++;
          await Promise.resolve();
          yield packed.subarray(at, at + 100);
        }
      },
    };
    const table = await readTable(source, { format: "csv", file: "a.csv.gz", maxRows: 5 });
    assert.equal(table.rowCount, 5);
    assert(asked < packed.length / 100, `${asked}`);
  });

  it("is refused when it is damaged or cut off", async () => {
    await refuses(
      () => tableOf(packed.subarray(0, packed.length / 2)),
      "data.csv is compressed with gzip but damaged",
    );
    const damaged = Uint8Array.from(packed);
    damaged[packed.length >> 1] ^= 255;
    await refuses(() => tableOf(damaged), /damaged|not/);
    const otherSum = Uint8Array.from(packed);
    otherSum[packed.length - 6] ^= 1;
    await refuses(() => tableOf(otherSum), "damaged");
    await refuses(() => tableOf(packed.subarray(0, 2)), "damaged");
  });

  it("can be given up while it is read", async () => {
    const source = {
      ...sourceOf(packed),
      async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
        await Promise.resolve();
        yield packed.subarray(0, 1000);
        throw new Error("given up");
      },
    };
    await assert.rejects(readTable(source, { format: "csv", file: "a.csv.gz" }), /given up/);
  });

  it("leaves other bytes alone", async () => {
    assert.deepEqual(cellsOf(await tableOf(bytesOf("a\n1\n"), { chunk: 1 }), "a"), [1]);
  });
});
