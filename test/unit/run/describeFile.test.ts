import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { StartDescription } from "../../../src/protocol/describe";
import { describeFile } from "../../../src/run/describeFile";
import { removeTemporaryFolders, temporaryFolder } from "./support";

describe("Describing a file", () => {
  afterEach(removeTemporaryFolders);

  function describeText(text: string, options: Omit<StartDescription, "file"> = {}, name = "a.csv") {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, text);
    return describeFile({ file, ...options });
  }

  const four = "x,y\n1,a\n2,b\n3,a\n4,b\n";

  it("reads no more rows than it is asked for, and says whether there may be more", async () => {
    const all = await describeText(four);
    assert.deepEqual([all.rows, all.complete], [4, true]);
    const two = await describeText(four, { rows: 2 });
    assert.deepEqual([two.rows, two.complete], [2, false]);
    const enough = await describeText(four, { rows: 5 });
    assert.deepEqual([enough.rows, enough.complete], [4, true]);
  });

  it("only begins a file with more than so many bytes", async () => {
    const begun = await describeText(four, { mostBytes: 13 });
    assert.ok(begun.rows > 0 && begun.rows < 4, String(begun.rows));
    assert.equal(begun.complete, false);
  });

  it("only begins a compressed file whose text has more than so many bytes", async () => {
    const text = `x,y\n${"1,a\n".repeat(100_000)}`;
    const file = path.join(temporaryFolder(), "a.csv.gz");
    writeFileSync(file, gzipSync(text));
    const begun = await describeFile({ file, mostBytes: 200_000 });
    assert.ok(begun.rows > 0 && begun.rows < 100_000, String(begun.rows));
    assert.equal(begun.complete, false);
    const whole = await describeFile({ file, mostBytes: text.length });
    assert.deepEqual([whole.rows, whole.complete], [100_000, true]);
  });

  it("goes by the format that it is told rather than by the name", async () => {
    const { columns } = await describeText("x\ty\n1\t2\n", { format: "tsv" }, "a.txt");
    assert.deepEqual(
      columns.map(({ name }) => name),
      ["x", "y"],
    );
  });

  it("refuses bad rows, or leaves them out", async () => {
    const ragged = "x,y\n1,2\n3,4,5\n2,3\n";
    await assert.rejects(describeText(ragged), /^DataError: 1 row of a\.csv .*line 3/);
    assert.equal((await describeText(ragged, { badRows: "skip" })).rows, 2);
  });

  const faults: [what: string, text: string, message: RegExp][] = [
    ["an empty file", "", /^a\.csv is empty; [^.]*\.$/],
    ["a header alone", "x,y\n", /^a\.csv has a header \("x" and "y"\) but no rows below it; add some\.$/],
    [
      "a quote that never closes",
      'x,y\n1,2\n3,"4\n',
      /^The quote \("\) that opens in line 3 of a\.csv never closes; /,
    ],
  ];
  for (const [what, text, message] of faults)
    for (const badRows of ["error", "skip"] as const)
      it(`says in one sentence what is wrong with ${what}, bad rows or not (${badRows})`, async () => {
        await assert.rejects(describeText(text, { badRows }), { name: "DataError", message });
      });
});
