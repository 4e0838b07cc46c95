import assert from "node:assert/strict";
import { encodeInputs, unscaleTargets } from "../../../src/data/encode";
import { prepare, type Prepared } from "../../../src/data/prepare";
import type { VectorColumn } from "../../../src/data/table";
import { prepared, refuses, settingsOf, tableOf, uniform } from "./support";

const rows = (count: number, row: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${row(index)}\n`).join("");

describe("task, loss and classes", () => {
  const inferred = async (text: string, settings = {}): Promise<[string, string, unknown]> => {
    const { task, loss, preparation } = await prepared(text, settings);
    return [task, loss, preparation.target.task === "classification" ? preparation.target.classes : null];
  };

  it("are inferred from the target", async () => {
    const three = `x,y\n${rows(9, (i) => `${i},${"cab"[i % 3]}`)}`;
    assert.deepEqual(await inferred(three), ["classification", "categorical-cross-entropy", ["a", "b", "c"]]);
    const two = `x,y\n${rows(9, (i) => `${i},${i % 2 === 0}`)}`;
    assert.deepEqual(await inferred(two), ["classification", "binary-cross-entropy", ["false", "true"]]);
    const integers = `x,y\n${rows(40, (i) => `${i},${(i % 20) * 10}`)}`;
    const [task, , classes] = await inferred(integers);
    assert.equal(task, "classification");
    // By value: as strings "100" would come before "20".
    assert.deepEqual(
      classes,
      Array.from({ length: 20 }, (_, i) => String(i * 10)),
    );
    const quantity = `x,y\n${rows(42, (i) => `${i},${i % 21}`)}`;
    assert.deepEqual(await inferred(quantity), ["regression", "mse", null]);
    assert.deepEqual(await inferred(`x,y\n${rows(4, (i) => `${i},${i / 2}`)}`), ["regression", "mse", null]);
    assert.deepEqual(await inferred(`x,y\n${rows(4, (i) => `${i},${i % 2}`)}`), [
      "classification",
      "binary-cross-entropy",
      ["0", "1"],
    ]);
  });

  it("obey the config", async () => {
    const integers = `x,y,z\n${rows(9, (i) => `${i},${i % 3},${i}`)}`;
    assert.deepEqual((await inferred(integers, { loss: "mae" })).slice(0, 2), ["regression", "mae"]);
    assert.deepEqual((await inferred(integers, { task: "regression" })).slice(0, 2), ["regression", "mse"]);
    assert.deepEqual((await inferred(integers, { target: ["y", "z"] })).slice(0, 2), ["regression", "mse"]);
    const halves = `x,y\n${rows(9, (i) => `${i},${(i % 3) - 0.5}`)}`;
    assert.deepEqual((await inferred(halves, { task: "classification" }))[2], ["-0.5", "0.5", "1.5"]);
    const two = `x,y\n${rows(9, (i) => `${i},${i % 2}`)}`;
    assert.equal(
      (await inferred(two, { loss: "categorical-cross-entropy" }))[1],
      "categorical-cross-entropy",
    );
  });

  it("sort strings by code point, upper case and what lies beyond 16 bits included", async () => {
    const labels = ["b", "a", "B", "Z", "é", "\u{1F600}", "\uFF5E"];
    const [, , classes] = await inferred(`x,y\n${rows(14, (i) => `${i},${labels[i % 7]}`)}`);
    assert.deepEqual(classes, ["B", "Z", "a", "b", "é", "\uFF5E", "\u{1F600}"]);
  });

  it("encode the target as the engine reads it", async () => {
    const { training } = await prepared("x,y\n1,no\n2,yes\n3,no\n");
    assert.deepEqual(Array.from(training.targets), [0, 1, 0]);
    const many = await prepared("x,y\n1,c\n2,a\n3,b\n4,c\n");
    assert.deepEqual(Array.from(many.training.targets), [2, 0, 1, 2]);
    const numbers = await prepared("x,y\n1,3\n2,-1\n3,3\n", { loss: "categorical-cross-entropy" });
    assert.deepEqual(Array.from(numbers.training.targets), [1, 0, 1]);
  });

  it("take classes from all rows, also those that only validation has", async () => {
    const text = `x,y\n${rows(10, (i) => `${i},${"ab"[i % 2]}`)}`;
    const { preparation, notes } = await prepared(text, {}, "x,y\n1,a\n2,c\n");
    assert(preparation.target.task === "classification");
    assert.deepEqual(preparation.target.classes, ["a", "b", "c"]);
    assert.match(notes.join("\n"), /No training row has the class "c"/);
  });
});

describe("features", () => {
  it("are every column but target, ignored ones, names and empty columns", async () => {
    const text = `id,name,day,blank,y,size,colour\n${rows(8, (i) => `${i},n${i},2012-01-0${i + 1},,${i % 2},${i * i},${["red", "blue"][i >> 2]}`)}`;
    const { preparation, notes } = await prepared(text, { ignore: ["size"] });
    assert.deepEqual(preparation.inputNames, ["id", "day", "colour=blue", "colour=red"]);
    assert.equal(preparation.inputSize, 4);
    const all = notes.join("\n");
    assert.match(
      all,
      /Column "name" is left out: it has 8 different values in 8 rows, like a name; name it in "features"/,
    );
    assert.match(all, /Column "day" holds dates and is read as days since 1970-01-01/);
    assert.match(all, /Column "blank" is left out: it has no values/);
    assert.match(all, /Column "id" looks like a row number.*"ignore": \["id"\]/);
  });

  it("are told in few words when many are left out or spoiled", async () => {
    const names = Array.from({ length: 6 }, (_, i) => `n${i}`);
    const spoiled = names.map((name) => `s${name}`);
    const text = `${[...names, ...spoiled, "y"].join(",")}\n${rows(12, (i) => [...names.map(() => `v${i}`), ...spoiled.map(() => (i === 3 ? "x" : i % 2)), i % 2].join(","))}`;
    const { notes } = await prepared(text);
    assert.equal(notes.length, 5);
    assert.match(
      notes[0],
      /^6 columns are left out because most of their values differ.*"n0", "n1".* and 1 more\.$/,
    );
    assert.match(notes[4], /3 other columns/);
  });

  it("are those that the config names, in its order", async () => {
    const text = `a,name,y\n${rows(4, (i) => `${i},n${i},${i % 2}`)}`;
    const { preparation } = await prepared(text, { features: ["name", "a", "name"] });
    assert.deepEqual(preparation.inputNames, ["name=n0", "name=n1", "name=n2", "name=n3", "a"]);
  });

  it("tell of columns that only count and of constant ones, and keep them", async () => {
    const { preparation, notes } = await prepared(
      `n,m,k,c,b,y\n${rows(9, (i) => `${i + 7},${i - 0.5},3,x,no,${i % 2}`)}`,
    );
    assert.deepEqual(preparation.inputNames, ["n", "m", "k", "c=x", "b"]);
    assert.deepEqual(notes, [
      'Column "n" looks like a row number, counting up by one; if so, leave out with "ignore": ["n"].',
      'Columns "k", "c" and "b" have the same value in every row and so cannot help.',
    ]);
  });

  it("tell of numbers in a notation that is text", async () => {
    const text = `a,b,y\n${rows(12, (i) => `0x1${i % 3},${i % 5},${i % 2}`)}`;
    const { notes } = await prepared(text);
    assert.deepEqual(notes, [
      'Column "a" is read as categories because "0x10" in line 2 and 11 other values are not numbers; correct or empty them to read it as numbers.',
    ]);
  });

  it("tell of numbers spoiled by text", async () => {
    const text = `a,b,y\n${rows(12, (i) => `${i === 7 ? "abc" : i % 3},${i === 5 ? "oops" : i},${i % 2}`)}`;
    const { notes, preparation } = await prepared(text);
    assert.match(
      notes.join("\n"),
      /"a" is read as categories because "abc" in line 9 is not a number; correct or empty it to read it as numbers/,
    );
    assert.match(
      notes.join("\n"),
      /"b" is left out: "oops" in line 7 is not a number, and as text it has 12 different.*; correct or empty it, or name it/,
    );
    assert.deepEqual(preparation.inputNames, ["a=0", "a=1", "a=2", "a=abc"]);
  });
});

describe("imputing, scaling and one-hot encoding", () => {
  it("give the numbers that a person computes", async () => {
    const { training, preparation, notes } = await prepared(
      "a,c,k,y\n1,u,5,0.5\n,v,5,1.5\n3,,5,2.5\n8,v,5,3.5\nNA,w,5,\n",
      { features: ["a", "c", "k"] },
    );
    const scale = Math.sqrt((9 + 0 + 1 + 16) / 4);
    assert.deepEqual(preparation.features, [
      { kind: "number", column: "a", impute: 4, mean: 4, scale },
      { kind: "category", column: "c", impute: "v", labels: ["u", "v"] },
      { kind: "number", column: "k", impute: 5, mean: 5, scale: 1 },
    ]);
    const expected = [-3 / scale, 1, 0, 0, 0, 0, 1, 0, -1 / scale, 0, 1, 0, 4 / scale, 0, 1, 0];
    assert.deepEqual(training.inputs, new Float32Array(expected));
    assert(training.inputs.buffer instanceof SharedArrayBuffer);
    assert(preparation.target.task === "regression");
    assert.deepEqual(preparation.target, {
      task: "regression",
      columns: ["y"],
      mean: [2],
      scale: [Math.sqrt(1.25)],
    });
    assert.deepEqual(Array.from(unscaleTargets(preparation.target, Float64Array.of(0, 1))), [
      2,
      2 + Math.sqrt(1.25),
    ]);
    assert.match(notes.join("\n"), /1 row of data.csv without a value in the target "y" was left out/);
    assert.match(notes.join("\n"), /2 missing values were filled in.*"a" \(1\), "c" \(1\)/);
  });

  it("give one input to true and false, days to dates", async () => {
    const { training, preparation } = await prepared(
      "b,d,y\nyes,1970-01-02,1.5\nno,,2.5\n,1970-01-04,3.5\nyes,1970-01-06,0\n",
      { standardize: false },
    );
    assert.deepEqual(preparation.features, [
      { kind: "boolean", column: "b", impute: 1 },
      { kind: "date", column: "d", impute: 3, mean: 0, scale: 1 },
    ]);
    assert.deepEqual(preparation.inputNames, ["b", "d"]);
    assert.deepEqual(training.inputs, Float32Array.of(1, 1, 0, 3, 1, 3, 1, 5));
    const rowsOf = async (text: string): Promise<number[]> => {
      const table = await tableOf(text, { file: "new.csv" });
      return Array.from(encodeInputs(preparation, table, Uint32Array.of(0)).inputs);
    };
    assert.deepEqual(await rowsOf("d,b\n2 Jan 1970,TRUE\n"), [1, 1]);
    assert.deepEqual(await rowsOf("d,b\n,\n"), [1, 3]);
    await refuses(() => rowsOf("d,b\n7,no\n"), 'Column "d" of new.csv should hold dates, but holds numbers');
    await refuses(
      () => rowsOf("d,b\n,7\n"),
      'Column "b" of new.csv should hold true and false, or yes and no, but holds numbers',
    );
  });

  it("count what is neither true nor false as unseen, in place of which stands the imputed value", async () => {
    const { preparation } = await prepared("b,y\nyes,1.5\nno,2.5\nyes,3.5\n");
    const table = await tableOf("b,z\nNo,1\nunknown,1\nyes,1\n,1\nunknown,1\n");
    const encoded = encodeInputs(preparation, table, Uint32Array.of(0, 1, 2, 3, 4));
    assert.deepEqual(Array.from(encoded.inputs), [0, 1, 1, 1, 1]);
    assert.deepEqual([encoded.unseen.get("b"), encoded.imputed.get("b")], [2, 1]);
    const { notes } = await prepared("b,y\nyes,1.5\nno,2.5\nyes,3.5\n", {}, "b,y\nno,1\nunknown,2.5\n");
    assert.match(
      notes.join("\n"),
      /1 validation row has a category of "b" that no training row has; encoded as the most frequent one\./,
    );
  });

  it("says why a column that holds nothing of use cannot be a feature", async () => {
    const { preparation } = await prepared("a,y\n1,1.5\n2,2.5\n3,3.5\n");
    const table = await tableOf('{"a": {"b": 1}}\n{"a": {"b": 2}}\n', { format: "jsonl" });
    await refuses(
      () => Promise.resolve(encodeInputs(preparation, table, Uint32Array.of(0))),
      '"a" of data.jsonl should hold numbers, but it holds nested objects; correct it.',
    );
  });

  it("names the first value that is not what most are", async () => {
    const noteOf = async (value: (i: number) => string): Promise<string> => {
      const text = `a,y\n${rows(12, (i) => `${i === 6 ? "free" : value(i % 3)},${i}.5`)}`;
      return (await prepared(text)).notes.join("\n");
    };
    assert.match(
      await noteOf((i) => `"$1,20${i}"`),
      /"a" is read as categories because "free" in line 8 is not a number; correct or empty it to read it as numbers\./,
    );
    assert.match(
      await noteOf((i) => `2024-01-0${i + 1}`),
      /"a" is read as categories because "free" in line 8 is not a date; correct or empty it to read it as dates\./,
    );
  });

  it("match true and false of two files however each writes them", async () => {
    const { preparation, validation } = await prepared(
      `x,y\n${rows(6, (i) => `${i},${i % 2 === 0}`)}`,
      {},
      "x,y\n1,False\n2,True\n3,True\n",
    );
    assert(preparation.target.task === "classification");
    assert.deepEqual(preparation.target.classes, ["false", "true"]);
    assert.deepEqual(Array.from(validation?.targets ?? []), [0, 1, 1]);
  });

  it("give each place of a vector its own mean and scale", async () => {
    const vector: VectorColumn = {
      kind: "vector",
      name: "v",
      width: 2,
      values: Float64Array.of(1, 10, 3, NaN, NaN, NaN),
      missing: 1,
    };
    const { columns, ...table } = await tableOf("y\n0.5\n1.5\n2.5\n");
    const prepare_ = (v: VectorColumn): Prepared =>
      prepare({ table: { ...table, columns: [v, ...columns] }, config: settingsOf(), random: uniform() });
    const { training, preparation, notes } = prepare_(vector);
    const scale = Math.sqrt(2 / 3);
    assert.deepEqual(preparation.features, [
      { kind: "vector", column: "v", impute: [2, 10], mean: [2, 10], scale: [scale, 1] },
    ]);
    assert.deepEqual([preparation.inputSize, preparation.inputNames], [2, ["v[0]", "v[1]"]]);
    assert.deepEqual(training.inputs, Float32Array.of(-1 / scale, 0, 1 / scale, 0, 0, 0));
    assert.match(notes.join(), /3 missing values were filled in/);
    const wider = { ...table, columns: [{ ...vector, width: 3, values: new Float64Array(9) }] };
    await refuses(
      () => encodeInputs(preparation, wider, Uint32Array.of(0)),
      'Column "v" of data.csv should hold lists of 2 numbers, but holds lists of 3 numbers',
    );
    await refuses(
      () => prepare_({ ...vector, values: Float64Array.of(1, 2, 3, 4, 5, Infinity) }),
      'Column "v" of data.csv has an infinite value in line 4',
    );
  });

  it("leave numbers alone when standardising is off", async () => {
    const { training } = await prepared("a,b,y\n1,10,0.5\n2,20,1.5\n", {
      standardize: false,
      standardizeTarget: false,
    });
    assert.deepEqual(Array.from(training.inputs), [1, 10, 2, 20]);
    assert.deepEqual(Array.from(training.targets), [0.5, 1.5]);
  });

  it("standardise features and target apart", async () => {
    const { training, preparation } = await prepared("a,y,z\n1,0.5,1\n3,1.5,9\n", {
      target: ["z", "y"],
      standardize: false,
    });
    assert.deepEqual(Array.from(training.inputs), [1, 3]);
    assert.deepEqual(Array.from(training.targets), [-1, -1, 1, 1]);
    const { target } = preparation;
    assert(target.task === "regression");
    assert.deepEqual(Array.from(unscaleTargets(target, training.targets)), [1, 0.5, 9, 1.5]);
  });

  it("have scale 1 for a constant column whose sum does not come out even", async () => {
    const { training, preparation } = await prepared(`a,y\n${rows(10, (i) => `0.1,${i + 0.5}`)}`);
    assert.deepEqual(preparation.features, [
      { kind: "number", column: "a", impute: 0.1, mean: 0.1, scale: 1 },
    ]);
    assert(training.inputs.every((value) => value === 0));
  });

  it("are fitted on the training rows alone", async () => {
    const text = `a,c,y\n${rows(20, (i) => `${i},${"uv"[i % 2]},${i % 4 < 2 ? "p" : "q"}`)}`;
    const { preparation, validation, notes } = await prepared(
      text,
      {},
      "c,y,extra,a\nw,p,1,1000\nu,q,1,\nw,,1,5\nu,q,2,3\n",
    );
    const [a] = preparation.features;
    assert(a.kind === "number" && a.mean === 9.5);
    const at = (value: number): number => Math.fround((value - 9.5) / a.scale);
    assert.deepEqual(Array.from(validation?.inputs ?? []), [at(1000), 0, 0, 0, 1, 0, at(3), 1, 0]);
    assert.deepEqual(Array.from(validation?.targets ?? []), [0, 1, 1]);
    assert.match(
      notes.join("\n"),
      /1 validation row has a category of "c" that no training row has; encoded as all zeros/,
    );
    assert.match(notes.join("\n"), /1 row of validation.csv without a value in the target/);
  });

  it("apply to rows without a target", async () => {
    const { preparation } = await prepared("a,c,y\n1,u,p\n3,v,q\n3,v,q\n1,u,p\n");
    const table = await tableOf("c,a\nv,2\n,\n", { file: "new.csv" });
    const { inputs, imputed } = encodeInputs(preparation, table, Uint32Array.of(0, 1));
    assert.deepEqual(Array.from(inputs), [0, 0, 1, 0, 1, 0]);
    assert.deepEqual(
      [...imputed],
      [
        ["a", 1],
        ["c", 1],
      ],
    );
    const bare = await tableOf("b\n1\n", { file: "bare.csv" });
    await refuses(
      () => encodeInputs(preparation, bare, Uint32Array.of(0)),
      'bare.csv lacks the columns "a" and "c"',
    );
    const text = await tableOf("a,c\n1,u\nx,u\n", { file: "text.csv" });
    await refuses(
      () => encodeInputs(preparation, text, Uint32Array.of(0)),
      '"a" of text.csv should hold numbers, but line 3 has "x"',
    );
  });

  it("match labels between a file where they are all numbers and one where they are not", async () => {
    const text = `a,y\n${rows(12, (i) => `${["1.0", "2", "x"][i % 3]},${i % 2}`)}`;
    const { preparation, validation } = await prepared(text, {}, "a,y\n2,1\n1,0\n3,0\n");
    assert.deepEqual(preparation.inputNames, ["a=1", "a=2", "a=x"]);
    assert.deepEqual(Array.from(validation?.inputs ?? []), [0, 1, 0, 1, 0, 0, 0, 0, 0]);
  });

  it("keep the order of the file in training", async () => {
    const text = `a,y\n${rows(50, (i) => `${i},${i % 2}`)}`;
    const { training, rows: parts } = await prepared(text, {
      split: { validation: 0.2, test: 0.1 },
      standardize: false,
    });
    assert.equal(training.count, 35);
    assert.deepEqual(Array.from(training.inputs), Array.from(parts.training));
    assert.deepEqual(
      Array.from(parts.training),
      Array.from(parts.training).sort((a, b) => a - b),
    );
    assert.equal(parts.validation.length, 10);
    assert.equal(parts.test.length, 5);
  });

  it("drop rows with missing features when asked, in both files", async () => {
    const text = "a,b,y\n1,2,p\n,3,q\n4,?,p\n5,6,q\n";
    const { training, validation, notes } = await prepared(text, { missing: "drop" }, "a,b,y\n1,,p\n2,2,q\n");
    assert.equal(training.count, 2);
    assert.equal(validation?.count, 1);
    assert.match(notes.join("\n"), /2 rows of data.csv with missing values were left out/);
    assert.match(notes.join("\n"), /1 row of validation.csv with missing values was left out/);
  });

  it("look at no more rows than asked for", async () => {
    const { training } = await prepared(`a,y\n${rows(50, (i) => `${i},${i % 2}`)}`, { rows: 10 });
    assert.equal(training.count, 10);
  });

  it("have no validation when none is asked for", async () => {
    const { validation, test } = await prepared("a,y\n1,p\n2,q\n");
    assert.equal(validation, null);
    assert.equal(test, null);
  });
});

describe("data that cannot be learned from are refused, in one sentence:", () => {
  const numbers = `a,b,y\n${rows(10, (i) => `${i},${i * i},${i % 2}`)}`;
  const cases: [
    what: string,
    text: string,
    settings: Parameters<typeof prepared>[1],
    ...expected: (string | RegExp)[],
  ][] = [
    [
      "a missing target",
      "Sepal Length,species\n1,a\n",
      { target: "Species " },
      'no target column called "Species "',
      'it has "Sepal Length" and "species"',
      'Did you mean "species"?',
    ],
    [
      "a missing target like no other name",
      numbers,
      { target: "colour" },
      'it has "a", "b" and "y".',
      /"y"\.$/,
    ],
    [
      "an unknown feature",
      numbers,
      { features: ["a", "bb"] },
      'no column for features called "bb"',
      'Did you mean "b"?',
    ],
    ["an unknown column to ignore", numbers, { ignore: ["id"] }, 'no column to ignore called "id"'],
    ["the target as a feature", numbers, { features: ["a", "y"] }, '"y" is the target of data.csv'],
    [
      "one class only",
      "a,y\n1,setosa\n2,setosa\n",
      {},
      'target "y" of data.csv has only one class, "setosa", in 2 rows',
    ],
    ["one class only, of numbers", "a,y\n1,1\n2,1.0\n", {}, 'only one class, "1"'],
    ["a target without values", "a,y\n1,\n2,NA\n", {}, 'No row of data.csv has a value in the target "y"'],
    [
      "a regression target with text",
      "a,y\n1,2.5\n\n2,n.a.\n3,low\n",
      { task: "regression" },
      'target "y" of data.csv cannot be used for regression: "n.a." in line 4 and 1 other value are not numbers',
    ],
    [
      "a regression target with text, told by the loss",
      "a,y\n1,2.5\n2,low\n",
      { loss: "mse" },
      '"low" in line 3 is not a number',
    ],
    [
      "several targets with text",
      "a,y,z\n1,2,3\n2,3,x\n",
      { target: ["y", "z"] },
      'target "z"',
      '"x" in line 3',
    ],
    [
      "several targets for classification",
      numbers,
      { target: ["y", "b"], task: "classification" },
      "Classification has one target",
    ],
    [
      "binary cross-entropy for three classes",
      `a,y\n${rows(6, (i) => `${i},${"pqr"[i % 3]}`)}`,
      { loss: "binary-cross-entropy" },
      'has 3 classes ("p", "q" and "r"), but binary-cross-entropy is for two',
    ],
    [
      "a loss against the task",
      numbers,
      { task: "classification", loss: "mse" },
      "The loss mse is for regression",
    ],
    ["another class in every row", `a,y\n${rows(30, (i) => `${i},n${i}`)}`, {}, "another value in every row"],
    [
      "no feature but a name",
      `name,y\n${rows(6, (i) => `n${i},${i % 2}`)}`,
      {},
      'No column of data.csv is left to predict "y" from',
      '"name" holds only names',
    ],
    [
      "numbers with one that is written otherwise",
      `a,y\n${rows(12, (i) => `${i === 7 ? "1_000" : i},${i % 2}`)}`,
      {},
      'from; "a" would be one, but "1_000" in line 9 is not a number; correct or empty it.',
    ],
    [
      "numbers that are all grouped",
      `a,b,y\n${rows(12, (i) => `n${i},1_00${i},${i % 2}`)}`,
      {},
      'from; "b" would be one, but "1_000" in line 2 and 11 other values are not numbers; correct or empty them.',
    ],
    [
      "integers for classes that no row shares",
      `a,y\n${rows(20, (i) => `${i},${i}`)}`,
      { split: { validation: 0.2 } },
      "No class of data.csv has enough rows",
      'if the target is a quantity, "task": "regression"',
    ],
    [
      "texts for classes that no row shares",
      `a,y\n${rows(20, (i) => `${i},k${i}`)}`,
      { split: { validation: 0.2 } },
      /add rows, or set "split": \{ "stratify": false \}\.$/,
    ],
    ["a single letter that no column has", numbers, { target: "x" }, /it has "a", "b" and "y"\.$/],
    ["a single letter in another case", numbers, { target: "Y" }, 'Did you mean "y"?'],
    ["no feature at all", "y\n1\n2\n", {}, 'No column of data.csv is left to predict "y" from'],
    ["everything ignored", numbers, { ignore: ["a", "b"] }, "is left to predict"],
    [
      "everything dropped",
      "a,b,y\n1,,p\n,2,q\n",
      { missing: "drop" },
      'Every row of data.csv lacks the value of some feature, so "missing": "drop" leaves none',
    ],
    [
      "missing values where they are an error",
      "a,b,y\n1,2,p\n3,4,\n5,?,q\n",
      { missing: "error" },
      'Line 4 of data.csv has no value in column "b"',
    ],
    [
      "too few rows for the split",
      "a,y\n1,p\n2,q\n",
      { split: { validation: 0.2 } },
      "data.csv has too few rows (2 usable rows) to set 20 % of them aside for validation",
    ],
    [
      "an infinite value",
      "a,y\n1,p\n-inf,q\n2,p\n",
      {},
      'Column "a" of data.csv has an infinite value in line 3',
    ],
    [
      "an infinite target",
      "a,y\n1,1.5\n2,1e999\n",
      {},
      'Column "y" of data.csv has an infinite value in line 3',
    ],
    [
      "numbers too large for float32",
      "a,y\n1,p\n1e39,q\n",
      { standardize: false },
      'Column "a" of data.csv has too large a number (1e+39) in line 3',
    ],
    [
      "numbers too large for a variance",
      "a,y\n1,p\n1e200,q\n",
      {},
      'column "a" of data.csv are too large to standardise',
    ],
    [
      "too many one-hot inputs",
      `c,y\n${rows(21_000, (i) => `c${i % 10_100},${i % 2}`)}`,
      { features: ["c"] },
      "would become 10,100 inputs, more than 10,000",
      '"c" (10,100 different values)',
    ],
    [
      "text of too many values",
      `c,y\n${rows(66_000, (i) => `c${i},${i % 2}`)}`,
      { features: ["c"] },
      'Column "c" of data.csv has more than 65,536 different text values',
    ],
  ];
  for (const [what, text, settings, ...expected] of cases) {
    it(what, () => refuses(() => prepared(text, settings), ...expected));
  }

  it("a validation file without rows", () =>
    refuses(
      () => prepared(numbers, {}, "a,b,y\n"),
      /^validation\.csv has a header \("a", "b" and "y"\) but no rows below it; add some\.$/,
    ));

  it("a validation file without a column", () =>
    refuses(
      () => prepared(numbers, {}, "a,B,y\n1,2,0\n"),
      'validation.csv lacks the column "b" of data.csv',
      'Did you mean "B"?',
    ));
  it("a validation file without targets", () =>
    refuses(
      () => prepared(numbers, {}, "a,b,y\n1,2,\n"),
      "No row of validation.csv has a value in the target",
    ));
  it("a validation file with text for numbers", () =>
    refuses(
      () => prepared(numbers, {}, "a,b,y\n1,2,0\n1,many,0\n"),
      '"b" of validation.csv should hold numbers, but line 3 has "many"',
    ));
  it("a validation file with text for a regression target", () =>
    refuses(
      () => prepared("a,y\n1,0.5\n2,1.5\n", {}, "a,y\n1,low\n"),
      '"y" of validation.csv should hold numbers, but line 2 has "low"',
    ));

  it("names of the language's own are names like any other", async () => {
    const text = `__proto__,constructor,y\n${rows(6, (i) => `${i},${["__proto__", "toString"][i % 2]},${["hasOwnProperty", "__proto__"][i % 2]}`)}`;
    const { preparation, training } = await prepared(text, { standardize: false });
    assert.deepEqual(preparation.inputNames, ["__proto__", "constructor=__proto__", "constructor=toString"]);
    assert.deepEqual(Array.from(training.inputs.subarray(0, 6)), [0, 1, 0, 1, 0, 1]);
    assert.deepEqual(Array.from(training.targets), [1, 0, 1, 0, 1, 0]);
    assert.deepEqual(JSON.parse(JSON.stringify(preparation)), preparation);
    await refuses(
      () => prepared("a,y\n1,p\n2,q\n", { target: "__proto__" }),
      'no target column called "__proto__"',
    );
  });
});
