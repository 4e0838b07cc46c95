/** Validation and test files, the cap on rows, class weights: what else decides which rows serve for what. */
import assert from "node:assert/strict";
import { balancedClassWeights } from "../../../src/data/classWeights";
import { prepared, refuses } from "./support";

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${row(index)}\n`).join("");

describe("a test file", () => {
  const text = `a,c,y\n${rows(20, (i) => `${i},${"uv"[i % 2]},${i % 4 < 2 ? "p" : "q"}`)}`;
  const testText = "y,extra,c,a\np,1,w,9.5\nq,2,u,\n,3,u,1\nr,4,v,2\n";

  it("is encoded as the training rows are, beside a split for validation", async () => {
    const {
      training,
      validation,
      test,
      rows: parts,
      notes,
      preparation,
    } = await prepared(text, { split: { validation: 0.2, test: 0.1 } }, undefined, testText);
    assert.deepEqual([training.count, validation?.count, test?.count], [16, 4, 3]);
    assert.deepEqual(Array.from(parts.test), [0, 1, 3]);
    const [a] = preparation.features;
    assert(a.kind === "number");
    const at = (value: number): number => Math.fround((value - a.mean) / a.scale);
    // A category that no training row has is all zeros; a missing number is the training mean.
    assert.deepEqual(Array.from(test?.inputs ?? []), [at(9.5), 0, 0, at(a.impute), 1, 0, at(2), 0, 1]);
    // Classes come from all files.
    assert.deepEqual(Array.from(test?.targets ?? []), [0, 1, 2]);
    const all = notes.join("\n");
    assert.match(all, /^1 test row has a category of "c" that no training row has; encoded as all zeros\.$/m);
    assert.match(all, /^1 row of test\.csv without a value in the target "y" was left out\.$/m);
    assert.match(all, /^No training row has the class "r", so the network cannot learn it\.$/m);
    assert.match(all, /^1 missing value was filled in/m);
  });

  it("can stand beside a validation file: then all rows are for training", async () => {
    const { training, validation, test } = await prepared(
      text,
      {},
      "a,c,y\n1,u,p\n",
      "a,c,y\n1,u,p\n2,v,q\n",
    );
    assert.deepEqual([training.count, validation?.count, test?.count], [20, 1, 2]);
  });

  it("must have the columns and the values of the training file", async () => {
    await refuses(
      () => prepared(text, {}, undefined, "a,y\n1,p\n"),
      'test.csv lacks the column "c" of data.csv',
    );
    await refuses(
      () => prepared(text, {}, undefined, "a,c,y\nx,u,p\n"),
      '"a" of test.csv should hold numbers',
    );
  });
});

describe("a cap on the rows", () => {
  it("takes the first rows of every file, and says so", async () => {
    const text = `a,y\n${rows(30, (i) => `${(i * i) % 7},${i % 2}`)}`;
    const { training, validation, test, notes } = await prepared(text, { rows: 10 }, text, "a,y\n1,0\n2,1\n");
    assert.deepEqual([training.count, validation?.count, test?.count], [10, 10, 2]);
    assert.deepEqual(notes, [
      'At most 10 rows of data.csv are used, as "rows" says.',
      'At most 10 rows of validation.csv are used, as "rows" says.',
    ]);
  });
});

describe("class weights", () => {
  const uneven = `a,y\n${rows(100, (i) => `${i},${i % 20 === 0 ? "rare" : i % 4 === 1 ? "some" : "usual"}`)}`;

  it("are n / (K·n_c)", () => {
    assert.deepEqual(balancedClassWeights(Float32Array.of(0, 1, 1, 1), 2), [2, 2 / 3]);
    assert.deepEqual(balancedClassWeights(Float32Array.of(2, 0, 2, 2), 3), [2, 1, 2 / 3]);
    const targets = Float32Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? 2 : i % 2));
    const weights = balancedClassWeights(targets, 3);
    const sum = targets.reduce((total, target) => total + weights[target], 0);
    assert(Math.abs(sum - 60) < 1e-9);
  });

  it("are those of the training rows alone", async () => {
    const { classWeights, training, notes } = await prepared(uneven, {
      classWeights: "balanced",
      split: { validation: 0.4 },
    });
    const counts = [0, 0, 0];
    for (const target of training.targets) counts[target]++;
    assert.deepEqual(counts, [3, 15, 42]);
    assert.deepEqual(
      classWeights,
      counts.map((count) => 60 / (3 * count)),
    );
    assert.match(
      notes.join("\n"),
      /^The rows of "usual" weigh 0\.476 in the loss and those of "rare" 6\.67, so that all classes count the same\.$/m,
    );
  });

  it("are off unless they are asked for, and then uneven classes are told of", async () => {
    const { classWeights, notes } = await prepared(uneven);
    assert.equal(classWeights, null);
    assert.deepEqual(notes.slice(-1), [
      'The classes are uneven: "usual" has 70\u00a0% of the training rows and "rare" 5\u00a0%; "classWeights": "balanced" makes them count the same.',
    ]);
    const nearlyEven = `a,y\n${rows(60, (i) => `${(i * i) % 7},${i % 6 === 0 ? "p" : "q"}`)}`;
    assert.deepEqual((await prepared(nearlyEven)).notes, []);
    const even = `a,y\n${rows(60, (i) => `${(i * i) % 7},${i % 2}`)}`;
    assert.deepEqual((await prepared(even, { classWeights: "balanced" })).notes, [
      'The classes have equally many training rows, so "classWeights" changes nothing.',
    ]);
  });

  it("are refused for a quantity", () =>
    refuses(
      () => prepared(`a,y\n${rows(30, (i) => `${i},${i / 2}`)}`, { classWeights: "balanced" }),
      'The target "y" of data.csv is a quantity, and class weights are for classification; remove "classWeights"',
    ));
});
