import assert from "node:assert/strict";
import fc from "fast-check";
import { lostDigitsOf } from "../../../src/data/readers/lostDigits";
import { cellsOf, tableOf } from "./support";

const told = /long as 9007199254740993 in column "id" were rounded \(to 9007199254740992\)/;

describe("whole numbers beyond 2^53", () => {
  it("lose digits exactly where a number does not come back as it was written", () => {
    const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(digits, (value) => {
        assert.equal(lostDigitsOf(String(value)) !== null, BigInt(Number(value)) !== value);
      }),
    );
  });

  const files: [name: string, text: string, format: "csv" | "jsonl"][] = [
    ["in a plain file", "id,y\n1,1\n9007199254740993,2\n", "csv"],
    ["in quotes", 'id,y\n"1",1\n"9007199254740993",2\n', "csv"],
    ["beside decimal commas", "id;y\n1;1\n9007199254740993;2\n", "csv"],
    ["in texts of JSON", '{"id":"1"}\n{"id":"9007199254740993"}\n', "jsonl"],
  ];
  for (const [name, text, format] of files)
    it(`are told ${name}`, async () => {
      const { notes } = await tableOf(text, { format });
      assert.equal(notes.length, 1);
      assert.match(notes[0], told);
    });

  it("are suspected among the numbers of JSON", async () => {
    const { notes } = await tableOf('{"id":1234567890123456789,"x":1e300}\n', { format: "jsonl" });
    assert.equal(notes.length, 1);
    assert.match(notes[0], /long as 1234567890123456800 in column "id" may have lost/);
  });

  it("keep all their digits as categories", async () => {
    const table = await tableOf("id,y\nx,1\n9007199254740993,2\n9007199254740992,3\n");
    assert.deepEqual(cellsOf(table, "id"), ["x", "9007199254740993", "9007199254740992"]);
    assert.deepEqual(table.notes, []);
  });
});
