import assert from "node:assert/strict";
import fc from "fast-check";
import { splitRows } from "../../../src/data/split";
import { DataError } from "../../../src/data/dataError";
import { uniform } from "./support";

const rowsOf = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row);

describe("splitting", () => {
  it("deals every row out once, in the order of the file", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 120 }),
        fc.constantFrom(0, 0.1, 0.2, 0.5),
        fc.constantFrom(0, 0.1, 0.3),
        fc.boolean(),
        fc.integer(),
        (classes, validation, test, stratify, seed) => {
          const rows = rowsOf(classes.length).filter((row) => row % 5 !== 0);
          const classOf = stratify ? { count: 4, of: (row: number) => classes[row] } : null;
          const split = splitRows(rows, { validation, test }, classOf, uniform(seed), "data.csv");
          const parts = [split.training, split.validation, split.test].map((part) => Array.from(part));
          for (const part of parts)
            assert.deepEqual(
              part,
              part.toSorted((a, b) => a - b),
            );
          assert.deepEqual(
            parts.flat().sort((a, b) => a - b),
            Array.from(rows),
          );
          const sizes = [classes.length, validation, test];
          // Single-row classes may keep a row or two back.
          const slack = stratify ? 4 : 0;
          assert(
            Math.abs(split.validation.length - Math.round(rows.length * validation)) <= slack,
            String(sizes),
          );
          assert(Math.abs(split.test.length - Math.round(rows.length * test)) <= slack, String(sizes));
          if (!stratify) return;
          for (let label = 0; label < 4; label++) {
            const count = (part: Uint32Array): number => part.filter((row) => classes[row] === label).length;
            const size = count(rows);
            if (size === 0) continue;
            assert(count(split.training) >= 1);
            assert(
              Math.abs(count(split.validation) - size * validation) <= 1,
              `${size} ${count(split.validation)}`,
            );
            assert(Math.abs(count(split.test) - size * test) <= 1, `${size} ${count(split.test)}`);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("gives equal shares of iris-like classes", () => {
    const classOf = { count: 3, of: (row: number) => Math.floor(row / 50) };
    const { training, validation } = splitRows(
      rowsOf(150),
      { validation: 0.2, test: 0 },
      classOf,
      uniform(),
      "iris.csv",
    );
    for (let label = 0; label < 3; label++) {
      assert.equal(training.filter((row) => classOf.of(row) === label).length, 40);
      assert.equal(validation.filter((row) => classOf.of(row) === label).length, 10);
    }
  });

  it("is random, and the same for the same random numbers", () => {
    const deal = (seed: number): number[] =>
      Array.from(
        splitRows(rowsOf(100), { validation: 0.2, test: 0.1 }, null, uniform(seed), "data.csv").validation,
      );
    assert.deepEqual(deal(1), deal(1));
    assert.notDeepEqual(deal(1), deal(2));
    const drawn = new Uint32Array(10);
    for (let seed = 0; seed < 4000; seed++) {
      for (const row of splitRows(rowsOf(10), { validation: 0.2, test: 0 }, null, uniform(seed), "d")
        .validation)
        drawn[row]++;
    }
    // Every row is drawn with probability 0.2: 800 of 4000, with a standard deviation of 25.
    for (const count of drawn) assert(Math.abs(count - 800) < 125, String(drawn));
  });

  it("draws nothing at random when nothing is set aside", () => {
    const never = (): number => assert.fail("drew a random number");
    assert.equal(splitRows(rowsOf(9), { validation: 0, test: 0 }, null, never, "d").training.length, 9);
  });

  it("keeps a class of one row for training", () => {
    const classOf = { count: 3, of: (row: number) => (row === 0 ? 0 : row === 1 ? 1 : 2) };
    for (let seed = 0; seed < 20; seed++) {
      const { training } = splitRows(rowsOf(12), { validation: 0.5, test: 0.2 }, classOf, uniform(seed), "d");
      assert(training.includes(0) && training.includes(1));
    }
  });

  it("refuses to leave a part empty", () => {
    const deal = (count: number, classOf: { count: number; of(row: number): number } | null): void =>
      void splitRows(rowsOf(count), { validation: 0.2, test: 0 }, classOf, uniform(), "data.csv");
    assert.throws(
      () => deal(2, null),
      new DataError(
        'data.csv has too few rows (2 usable rows) to set 20\u00a0% of them aside for validation; add rows, or set "split": { "validation": 0 }.',
      ),
    );
    assert.throws(() => deal(10, { count: 10, of: (row) => row }), /"stratify": false/);
  });
});
