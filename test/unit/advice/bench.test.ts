/** A few runs of the advice bench: that whole runs tell what the rules want to know. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { faulty, healthy } from "../../bench/advice/cases";
import { train } from "../../bench/advice/train";

const sample = [
  "sgd at 2 on penguin mass",
  "adam at 0.000003 on moons",
  "zeros on iris",
  "64 units on 80 rows",
  "raw penguins",
  "one fraud in twenty",
  "a target of thousands",
  "iris as in the examples",
  "a plane with full-batch sgd",
];

describe("Advice on whole runs", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), "downhill-advice-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const each of [...faulty, ...healthy].filter(({ name }) => sample.includes(name))) {
    it(`says ${each.expect.join(" or ") || "nothing"} of "${each.name}"`, async () => {
      const { ids } = await train(each, DOWNHILL_ROOT, folder);
      if (each.expect.length === 0) assert.deepEqual(ids, []);
      else assert.ok(each.expect.includes(ids[0]), ids.join());
    });
  }

  it("finds all of them", () => {
    const names = [...faulty, ...healthy].map(({ name }) => name);
    assert.deepEqual(
      sample.filter((name) => !names.includes(name)),
      [],
    );
  });
});
