import assert from "node:assert/strict";
import fc from "fast-check";
import { groupRows } from "../../../src/data/rowGroups";
import { splitGroups } from "../../../src/data/splitGroups";
import type { ClassOf, Split } from "../../../src/data/split";
import { allRows } from "../../../src/data/table";
import { column, prepared, refuses, tableOf, uniform } from "./support";

const rowsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row);

function split(
  groups: readonly number[],
  shares: { validation: number; test: number },
  classOf: ClassOf | null = null,
  seed = 1,
): Split {
  const of = Int32Array.from(groups);
  const count = Math.max(...groups) + 1;
  const where = { file: "data.csv", column: "g" };
  return splitGroups(rowsOf(groups.length), { count, of, alone: 0 }, shares, classOf, uniform(seed), where);
}

/** Group numbers without a gap. */
const dense = (groups: readonly number[]): number[] => {
  const distinct = [...new Set(groups)];
  return groups.map((group) => distinct.indexOf(group));
};

describe("splitting by groups", () => {
  it("deals every row out once, in the order of the file, and no group to two parts", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 12 }), { minLength: 20, maxLength: 80 }),
        fc.constantFrom(0, 0.1, 0.2, 0.5),
        fc.constantFrom(0, 0.1, 0.3),
        fc.boolean(),
        fc.integer(),
        (numbers, validation, test, stratify, seed) => {
          const groups = dense(numbers);
          fc.pre(Math.max(...groups) >= 2);
          const classOf = stratify ? { count: 3, of: (row: number) => (row * 7) % 3 } : null;
          const parts = split(groups, { validation, test }, classOf, seed);
          const lists = [parts.training, parts.validation, parts.test].map((part) => Array.from(part));
          assert.deepEqual(
            lists.flat().sort((a, b) => a - b),
            groups.map((_, row) => row),
          );
          for (const list of lists)
            assert.deepEqual(
              list,
              list.toSorted((a, b) => a - b),
            );
          const sides = lists.map((list) => new Set(list.map((row) => groups[row])));
          assert.equal(
            sides.reduce((sum, side) => sum + side.size, 0),
            Math.max(...groups) + 1,
          );
          assert(lists[0].length > 0);
          assert.equal(lists[1].length > 0, validation > 0);
          assert.equal(lists[2].length > 0, test > 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("comes near to the shares that are asked for", () => {
    // 200 groups of 1 to 9 rows, a thousand rows in all.
    const groups = Array.from({ length: 200 }, (_, group) =>
      Array<number>(1 + (group % 9)).fill(group),
    ).flat();
    for (let seed = 0; seed < 10; seed++) {
      const { validation, test } = split(groups, { validation: 0.2, test: 0.1 }, null, seed);
      assert(Math.abs(validation.length / groups.length - 0.2) < 0.005, String(validation.length));
      assert(Math.abs(test.length / groups.length - 0.1) < 0.005, String(test.length));
    }
  });

  it("keeps the classes' shares as nearly as whole groups allow", () => {
    // Every group has one class, a tenth of them the rare one.
    const groups = Array.from({ length: 100 }, (_, group) =>
      Array<number>(1 + (group % 4)).fill(group),
    ).flat();
    const classOf = { count: 2, of: (row: number) => (groups[row] % 10 === 3 ? 1 : 0) };
    const rare = groups.filter((_, row) => classOf.of(row) === 1).length;
    const rareIn = (stratified: boolean, seed: number): number =>
      split(groups, { validation: 0.2, test: 0 }, stratified ? classOf : null, seed).validation.filter(
        (row) => classOf.of(row) === 1,
      ).length;
    let without = 0;
    for (let seed = 0; seed < 20; seed++) {
      assert(Math.abs(rareIn(true, seed) / rare - 0.2) < 0.05, String(rareIn(true, seed)));
      without = Math.max(without, Math.abs(rareIn(false, seed) / rare - 0.2));
    }
    assert(without > 0.1, "the classes would be even without any care");
  });

  it("is random, the same for the same random numbers, and favours no group", () => {
    const groups = Array.from({ length: 30 }, (_, row) => Math.floor(row / 3));
    const drawn = (seed: number): number[] =>
      Array.from(split(groups, { validation: 0.2, test: 0 }, null, seed).validation);
    assert.deepEqual(drawn(3), drawn(3));
    const counts = new Uint32Array(10);
    for (let seed = 0; seed < 2000; seed++) for (const row of drawn(seed)) counts[groups[row]]++;
    // A group of three rows is drawn with probability 0.2: 1200 of 6000, with a standard deviation of 54.
    for (const count of counts) assert(Math.abs(count - 1200) < 270, String(counts));
  });

  it("sets a group aside even if it is larger than the share", () => {
    const groups = Array.from({ length: 30 }, (_, row) => Math.floor(row / 10));
    const { training, validation, test } = split(groups, { validation: 0.1, test: 0.05 });
    assert.deepEqual([training.length, validation.length, test.length], [10, 10, 10]);
  });
});

describe("split.groupBy", () => {
  const rows = (count: number, row: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `${row(index)}\n`).join("");
  // Five rows of each patient, two of them of class 1.
  const text = `patient,a,y\n${rows(60, (i) => `p${i % 12},${(i * 7) % 11},${i % 5 < 2 ? 1 : 0}`)}`;
  const split = { validation: 0.25, test: 0.1, groupBy: "patient" };

  it("keeps groups whole, and says so", async () => {
    const { rows: parts, notes, preparation } = await prepared(text, { split });
    const groupsOf = (part: Uint32Array): Set<number> => new Set(Array.from(part, (row) => row % 12));
    const sets = [parts.training, parts.validation, parts.test].map(groupsOf);
    assert.deepEqual(
      sets.map(({ size }) => size),
      [8, 3, 1],
    );
    assert.equal(new Set(sets.flatMap((set) => [...set])).size, 12);
    assert(
      notes.includes(
        'The 12 groups of "patient" stay whole, so that validation has 25\u00a0% of the rows and test has 8.3\u00a0% of the rows.',
      ),
      notes.join("\n"),
    );
    assert.deepEqual(preparation.inputNames, ["a"]);
  });

  it("names a column that is no feature, unless the features name it", async () => {
    const { preparation } = await prepared(text, { split, features: ["patient"] });
    assert.match(preparation.inputNames[0], /^patient=p/);
    const numbers = text.replaceAll("p", "").replace("atient", "patient");
    assert.deepEqual((await prepared(numbers, { split })).preparation.inputNames, ["a"]);
  });

  it("takes rows without a value for groups of their own", async () => {
    const gaps = `patient,a,y\n${rows(40, (i) => `${i < 10 ? "" : `p${i % 6}`},${i},${i % 2}`)}`;
    const { notes } = await prepared(gaps, { split: { validation: 0.2, groupBy: "patient" } });
    assert.match(notes.join("\n"), /^The 16 groups of "patient" stay whole/m);
    assert.match(
      notes.join("\n"),
      /^10 rows of data\.csv have no value in "patient" and are each a group of their own\.$/m,
    );
    const table = await tableOf(gaps);
    const { of, count, alone } = groupRows(column(table, "patient"), rowsOf(40), table);
    assert.deepEqual([count, alone], [16, 10]);
    assert.equal(new Set(of.subarray(0, 10)).size, 10);
  });

  it("says when it has nothing to do", async () => {
    const { notes } = await prepared(text, { split: { validation: 0, groupBy: "patient" } });
    assert.deepEqual(notes, ['"groupBy" has nothing to do, as no rows of data.csv are set aside.']);
  });

  it("must name a column with enough groups", async () => {
    await refuses(
      () => prepared(text, { split: { ...split, groupBy: "patients" } }),
      'has no column for "groupBy" called "patients"',
      'Did you mean "patient"?',
    );
    const two = `g,a,y\n${rows(20, (i) => `${i % 2},${i},${i % 2}`)}`;
    await refuses(
      () => prepared(two, { split: { ...split, groupBy: "g" } }),
      'Column "g" of data.csv has only 2 groups, so none can be set aside for validation and test',
    );
    const names = `g,a,y\n${rows(66_000, (i) => `n${i},${i},${i % 2}`)}`;
    await refuses(
      () => prepared(names, { split: { ...split, groupBy: "g" } }),
      'cannot serve for "groupBy", as it holds too many different texts; name a column',
    );
    const nested = '{"g":{"a":1},"a":1,"y":0}\n{"g":{"a":2},"a":2,"y":1}\n';
    const table = await tableOf(nested, { format: "jsonl" });
    const [g] = table.columns;
    assert.throws(() => groupRows(g, allRows(table), table), /as it holds nested objects; name/);
  });
});
