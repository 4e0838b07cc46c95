import assert from "node:assert/strict";
import fc from "fast-check";
import { prepare } from "../../../src/data/prepare";
import type { Samples } from "../../../src/data/samples";
import { encodeByHand } from "./rowObjects";
import { settingsOf, tableOf, uniform } from "./support";

const number = fc.oneof(
  fc.integer({ min: -50, max: 50 }).map(String),
  // Six digits: with values that differ in their last bits alone the order of a sum would decide.
  fc
    .double({ min: -1e6, max: 1e6, noNaN: true })
    .map((value) => String(Number((Math.abs(value) < 1e-3 ? 0 : value).toPrecision(6)))),
  fc.constantFrom("", "NA", "?", "-", "0", "-0", "1e-3", "+2.50"),
);
const label = fc.constantFrom("red", "green", "Blue", "", "null", 'with "quotes"', "a, b", "two\nlines");

/** Tables of two columns of numbers, two of labels, and a target. */
const table = fc
  .array(fc.tuple(number, number, label, label, fc.constantFrom("p", "q", "r", "NA")), {
    minLength: 12,
    maxLength: 60,
  })
  .filter((rows) => new Set(rows.map((row) => row[4]).filter((value) => value !== "NA")).size >= 2);

function written(rows: string[][]): string {
  const cell = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return ["n,m,c,d,y", ...rows.map((row) => row.map(cell).join(","))].join("\n");
}

describe("preparing, against row objects encoded by hand", () => {
  it("gives the same inputs, names and targets", async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.boolean(),
        fc.integer(),
        fc.integer({ min: 1, max: 200 }),
        async (rows, standardize, seed, chunk) => {
          const text = written(rows);
          const features = ["n", "m", "c", "d"];
          const data = await tableOf(text, { chunk });
          const config = settingsOf({ standardize, features, split: { validation: 0.25, stratify: false } });
          const result = await Promise.resolve()
            .then(() => prepare({ table: data, config, random: uniform(seed) }))
            .catch((error: unknown) => {
              // By chance a table may be too poor to train on; other tests see to that.
              assert.match(String(error), /Only one class|only one class|too few rows/);
              return null;
            });
          if (result === null) return;
          const { training, validation, rows: parts, preparation } = result;
          const withTarget = rows.flatMap((row, index) => (row[4] === "NA" ? [] : [index]));
          assert.deepEqual(
            [...parts.training, ...parts.validation].sort((a, b) => a - b),
            withTarget,
          );
          const check = (samples: Samples | null, part: Uint32Array): void => {
            assert(samples);
            const twin = encodeByHand(text, "y", parts.training, part, standardize);
            assert.deepEqual(preparation.inputNames, twin.inputNames);
            assert.equal(samples.count, part.length);
            assert.deepEqual(Array.from(samples.targets), twin.targets);
            const expected = twin.inputs.flat();
            assert.equal(samples.inputs.length, expected.length);
            expected.forEach((value, index) => {
              const found = samples.inputs[index];
              assert(
                Math.abs(found - value) <= 2e-6 * Math.max(1, Math.abs(value)),
                `${index}: ${found} for ${value}`,
              );
            });
          };
          check(training, parts.training);
          check(validation, parts.validation);
        },
      ),
      { numRuns: 300 },
    );
  });
});
