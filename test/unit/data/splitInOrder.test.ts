import assert from "node:assert/strict";
import fc from "fast-check";
import { dateText } from "../../../src/text/dateText";
import { splitInOrder } from "../../../src/data/splitInOrder";
import { prepared, refuses } from "./support";

const where = { file: "data.csv", column: "t" };

function split(values: readonly number[], validation: number, test: number): number[][] {
  const rows = Uint32Array.from(values, (_, row) => row);
  const parts = splitInOrder(rows, (row) => values[row], { validation, test }, where);
  return [parts.training, parts.validation, parts.test].map((part) => Array.from(part));
}

describe("splitting in an order", () => {
  it("trains on the first rows, validates on the next and tests on the last, whatever their order in the file", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { minLength: 10, maxLength: 60 }),
        fc.constantFrom(0.1, 0.2, 0.5),
        fc.constantFrom(0, 0.1, 0.3),
        (values, validation, test) => {
          const parts = split(values, validation, test);
          assert.deepEqual(
            parts.map(({ length }) => length).slice(1),
            [validation, test].map((share) => Math.round(share * values.length)),
          );
          for (const part of parts)
            assert.deepEqual(
              part,
              part.toSorted((a, b) => a - b),
            );
          const ordered = parts.flatMap((part) => part.map((row) => values[row]).sort((a, b) => a - b));
          assert.deepEqual(
            ordered,
            values.toSorted((a, b) => a - b),
          );
        },
      ),
    );
  });

  it("keeps rows of equal value together, at the nearest boundary", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 9 }), { minLength: 20, maxLength: 60 }),
        fc.constantFrom(0.2, 0.4),
        (values, share) => {
          const sorted = values.toSorted((a, b) => a - b);
          const boundaries = sorted.flatMap((value, at) => (at > 0 && sorted[at - 1] !== value ? [at] : []));
          fc.pre(boundaries.length > 0);
          const [training, validation] = split(values, share, 0);
          const wanted = values.length - Math.round(share * values.length);
          const nearest = Math.min(...boundaries.map((at) => Math.abs(at - wanted)));
          assert.equal(Math.abs(training.length - wanted), nearest);
          const last = Math.max(...training.map((row) => values[row]));
          assert(validation.every((row) => values[row] > last));
        },
      ),
    );
    // Two rows for the test would begin among the threes, and two for validation after it as well.
    assert.deepEqual(split([1, 1, 2, 2, 2, 3, 3, 3, 3, 4], 0.2, 0.2), [[0, 1, 2, 3, 4], [5, 6, 7, 8], [9]]);
  });

  it("refuses to leave a part empty", () => {
    assert.throws(
      () => split([1, 1, 1, 1, 1], 0.2, 0),
      /Rows with equal values in "t" of data\.csv stay together/,
    );
    assert.throws(() => split([1, 1, 1, 2, 2], 0.2, 0.2), /leaves none for validation/);
    assert.throws(() => split([1, 2], 0.2, 0), /too few rows \(2 usable rows\)/);
  });
});

describe("split.orderBy", () => {
  const day = (i: number): string => new Date(Date.UTC(2015, 0, 1 + i)).toISOString().slice(0, 10);
  const lines = Array.from({ length: 50 }, (_, i) => `${day((i * 7) % 50)},${(i * 3) % 11},${i % 2}`);
  const text = `day,a,y\n${lines.join("\n")}\n`;

  it("orders by dates, says where the parts begin, and keeps the dates from the network", async () => {
    const { rows, notes, preparation } = await prepared(text, {
      split: { validation: 0.2, test: 0.1, orderBy: "day" },
    });
    const days = (part: Uint32Array): number[] =>
      Array.from(part, (row) => (row * 7) % 50).sort((a, b) => a - b);
    assert.deepEqual(days(rows.test), [45, 46, 47, 48, 49]);
    assert.deepEqual(days(rows.validation), [35, 36, 37, 38, 39, 40, 41, 42, 43, 44]);
    assert.equal(rows.training.length, 35);
    assert.deepEqual(notes, [
      'Rows are split in the order of "day": training up to 2015-02-04, validation from 2015-02-05 (20\u00a0%), test from 2015-02-15 (10\u00a0%).',
    ]);
    assert.deepEqual(preparation.inputNames, ["a"]);
    const named = await prepared(text, {
      split: { validation: 0.2, orderBy: "day" },
      features: ["day", "a"],
    });
    assert.deepEqual(named.preparation.inputNames, ["day", "a"]);
  });

  it("leaves out rows without a place in the order, and says so", async () => {
    const gaps = `t,a,y\n${Array.from({ length: 40 }, (_, i) => `${i < 4 ? "" : i / 2},${(i * 3) % 11},${i % 2}`).join("\n")}\n`;
    const { rows, notes } = await prepared(gaps, { split: { validation: 0.25, orderBy: "t" } });
    assert.deepEqual([rows.training.length, rows.validation.length], [27, 9]);
    assert.equal(rows.training[0], 4);
    assert.deepEqual(notes, [
      'Rows are split in the order of "t": training up to 15, validation from 15.5 (25\u00a0%).',
      '4 rows of data.csv without a value in "t" were left out, having no place in the order.',
    ]);
  });

  it("needs numbers or dates", async () => {
    const words = `c,a,y\n${Array.from({ length: 20 }, (_, i) => `${"uv"[i % 2]},${(i * 3) % 11},${i % 2}`).join("\n")}\n`;
    await refuses(
      () => prepared(words, { split: { validation: 0.2, orderBy: "c" } }),
      'Column "c" of data.csv holds neither numbers nor dates',
    );
    await refuses(
      () => prepared(words, { split: { validation: 0.2, orderBy: "d" } }),
      'no column for "orderBy" called "d"',
    );
  });

  it("says when it has nothing to do", async () => {
    const { notes, training } = await prepared(text, { split: { orderBy: "day" } });
    assert.deepEqual(notes, ['"orderBy" has nothing to do, as no rows of data.csv are set aside.']);
    assert.equal(training.count, 50);
  });
});

describe("the text of a date", () => {
  it("has a time only where there is one", () => {
    assert.equal(dateText(0), "1970-01-01");
    assert.equal(dateText(16_800 + 18.5 / 24), "2015-12-31 18:30:00");
    assert.equal(dateText(-1), "1969-12-31");
  });
});
