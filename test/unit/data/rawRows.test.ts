import assert from "node:assert/strict";
import fc from "fast-check";
import type { Preparation } from "../../../src/data/preparation";
import { decodeOutputs, encodeRawRows } from "../../../src/data/rawRows";
import { prepared, refuses, tableOf } from "./support";

/** As `run.json` gives it back. */
function stored(preparation: Preparation): Preparation {
  return JSON.parse(JSON.stringify(preparation)) as Preparation;
}

describe("raw rows", () => {
  const text = "age,colour,kind\n1,red,a\n2,blue,b\n4,,a\n,red,b\n5,green,a\n9,blue,b\n4.2,green,b\n";

  it("become the very inputs that the run had", async () => {
    const { preparation, training } = await prepared(text, { target: "kind" });
    const { inputs, count } = encodeRawRows(stored(preparation), await tableOf(text));
    assert.equal(count, 7);
    assert.deepEqual(inputs, training.inputs);
  });

  it("may have other columns, in any order, and no target", async () => {
    const { preparation, training } = await prepared(text, { target: "kind" });
    const raw = "extra,colour,age\n!,red,1\n!,blue,2\n!,,4\n!,red,\n!,green,5\n!,blue,9\n!,green,4.2\n";
    const { inputs } = encodeRawRows(stored(preparation), await tableOf(raw));
    assert.deepEqual(inputs, training.inputs);
  });

  it("say how many values were imputed, and how many categories are new", async () => {
    const { preparation } = await prepared(text, { target: "kind" });
    const raw = "age,colour\n,violet\n3,\n,violet\n4,pink\n";
    const { inputs, imputed, unseen, notes } = encodeRawRows(
      stored(preparation),
      await tableOf(raw, { file: "new.csv" }),
    );
    assert.deepEqual(Object.fromEntries(imputed), { age: 2, colour: 1 });
    assert.deepEqual(Object.fromEntries(unseen), { colour: 3 });
    assert.deepEqual(notes, [
      '3 missing values were filled in from the training rows (mean, or most frequent category): "age" (2), "colour" (1).',
      '3 rows have categories of "colour" that no training row has; encoded as all zeros.',
    ]);
    // Input names: age, colour=blue, colour=green, colour=red; of equally frequent colours the first is filled in.
    const oneHot = [0, 1, 2, 3].map((row) => Array.from(inputs.subarray(row * 4 + 1, row * 4 + 4)));
    assert.deepEqual(oneHot, [
      [0, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
    // The training mean, 4.2, is 0 after standardisation.
    assert.deepEqual([inputs[0], inputs[8]], [0, 0]);
  });

  const doubtful: [name: string, training: string, raw: string, wanted: string, told: string][] = [
    ["dates with the day first", "25/12/2021", "03/04/2021", "2021-04-03", "the day first after all"],
    ["dates with the month first", "12/25/2021", "03.04.2021", "2021-03-04", "the month first after all"],
    ["decimal commas", '"1,5"', '"1,250"', "1.25", "a comma as the decimal point after all"],
  ];
  for (const [name, first, raw, wanted, told] of doubtful) {
    it(`are read as the training rows were: ${name}`, async () => {
      const text = `a,y\n${first},1\n${first},2\n`;
      const { preparation } = await prepared(text, { standardize: false });
      const { inputs, notes } = encodeRawRows(stored(preparation), await tableOf(`a\n${raw}\n`));
      const value = wanted.includes("-") ? Date.parse(wanted) / 86_400_000 : Number(wanted);
      assert.deepEqual([...inputs], [value]);
      assert(notes.at(-1)?.includes(told), notes.join());
      const { validation } = await prepared(text, { standardize: false }, `a,y\n${raw},1\n`);
      assert.deepEqual([...(validation?.inputs ?? [])], [value]);
      // A run of an older version does not tell how its file was written.
      const older = JSON.parse(
        JSON.stringify(preparation, (key, item: unknown) => (key === "written" ? undefined : item)),
      ) as Preparation;
      assert.notEqual(encodeRawRows(older, await tableOf(`a\n${raw}\n`)).inputs[0], value);
    });
  }

  it("that prove their own way of writing are read in it", async () => {
    const { preparation } = await prepared("a,y\n25/12/2021,1\n26/12/2021,2\n", { standardize: false });
    const { inputs } = encodeRawRows(stored(preparation), await tableOf("a\n12/25/2021\n03/04/2021\n"));
    assert.equal(inputs[1], Date.parse("2021-03-04") / 86_400_000);
  });

  it("must have every column, and what belongs in it", async () => {
    const { preparation } = await prepared(text, { target: "kind" });
    const encode = async (raw: string): Promise<unknown> =>
      encodeRawRows(preparation, await tableOf(raw, { file: "new.csv" }));
    await refuses(() => encode("age,color\n1,red\n"), 'new.csv lacks the column "colour"', 'mean "color"?');
    await refuses(() => encode("x\n1\n"), 'lacks the columns "age" and "colour" that the network reads');
    await refuses(() => encode("age,colour\nold,red\n"), '"age"', 'line 2 has "old"');
  });

  it("encode alike one by one and all at once, whatever a file of a single row looks like", async () => {
    const columns: Record<string, (i: number) => string> = {
      number: (i) => (i % 7 === 3 ? "" : String((i * i) % 13)),
      // A text in every fifth row makes categories of the numbers in the others.
      mixed: (i) => (i % 5 === 4 ? "none" : String(i % 3)),
      word: (i) => ["red", "blue", "true", "NA", "2020-01-01"][i % 5],
      flag: (i) => (i % 6 === 5 ? "?" : i % 2 === 0 ? "yes" : "no"),
      day: (i) => (i % 9 === 8 ? "" : `2020-02-${String(1 + (i % 28)).padStart(2, "0")}`),
    };
    const header = Object.keys(columns).join(",");
    const line = (i: number): string =>
      Object.values(columns)
        .map((cell) => cell(i))
        .join(",");
    const all = Array.from({ length: 60 }, (_, i) => line(i));
    const { preparation, training } = await prepared(
      `${header},y\n${all.map((cells, i) => `${cells},${i % 2}`).join("\n")}\n`,
    );
    assert.deepEqual(
      preparation.features.map(({ kind }) => kind),
      ["number", "category", "category", "boolean", "date"],
    );
    const width = preparation.inputSize;
    for (let row = 0; row < all.length; row++) {
      const { inputs } = encodeRawRows(stored(preparation), await tableOf(`${header}\n${all[row]}\n`));
      assert.deepEqual(inputs, training.inputs.slice(row * width, (row + 1) * width), all[row]);
    }
  });

  it("can be some of a table's rows", async () => {
    const { preparation, training } = await prepared(text, { target: "kind" });
    const { inputs } = encodeRawRows(preparation, await tableOf(text), Uint32Array.of(4, 1));
    const width = preparation.inputSize;
    const row = (index: number): number[] =>
      Array.from(training.inputs.subarray(index * width, (index + 1) * width));
    assert.deepEqual(Array.from(inputs), [...row(4), ...row(1)]);
  });
});

describe("outputs", () => {
  const classes = ["a", "b", "c"];

  it("of a classification become probabilities and classes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(...classes.map(() => fc.double({ min: -900, max: 900, noNaN: true }))), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows) => {
          const target = { task: "classification" as const, column: "y", classes };
          const decoded = decodeOutputs(target, Float64Array.from(rows.flat()), 3);
          assert(decoded.task === "classification");
          rows.forEach((logits, row) => {
            const shares = decoded.probabilities.subarray(row * 3, row * 3 + 3);
            assert(Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-12);
            logits.forEach((logit, i) => {
              const others = logits.reduce((sum, other) => sum + Math.exp(other - logit), 0);
              assert(Math.abs(shares[i] - 1 / others) < 1e-12);
            });
            assert(shares[decoded.predicted[row]] === Math.max(...shares));
          });
        },
      ),
    );
  });

  it("of a binary cross-entropy are the logit of the second class", () => {
    const target = { task: "classification" as const, column: "y", classes: ["no", "yes"] };
    const decoded = decodeOutputs(target, Float32Array.of(0, 2, -2), 1);
    assert(decoded.task === "classification");
    const yes = 1 / (1 + Math.exp(-2));
    [0.5, 0.5, 1 - yes, yes, yes, 1 - yes].forEach((share, i) => {
      assert(Math.abs(decoded.probabilities[i] - share) < 1e-12);
    });
    // At ½ the first class, as the run's accuracy counts it.
    assert.deepEqual(Array.from(decoded.predicted), [0, 1, 0]);
  });

  it("of a regression return to the target's own units", () => {
    const target = { task: "regression" as const, columns: ["u", "v"], mean: [10, -1], scale: [2, 0.5] };
    const decoded = decodeOutputs(target, Float64Array.of(0, 0, 1, -2), 2);
    assert(decoded.task === "regression");
    assert.deepEqual(Array.from(decoded.values), [10, -1, 12, -2]);
  });
});
