import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { prepare, type Prepared } from "../../../src/data/prepare";
import { encodeByHand } from "./rowObjects";
import { datasetFile, exampleFile, settingsOf, tableOfFile, uniform } from "./support";

async function preparedFile(file: string, settings: Parameters<typeof settingsOf>[0]): Promise<Prepared> {
  return prepare({ table: await tableOfFile(file), config: settingsOf(settings), random: uniform() });
}

describe("the example data", () => {
  it("iris: three classes of fifty", async () => {
    const file = exampleFile("iris.csv");
    const { loss, training, validation, preparation, notes, rows } = await preparedFile(file, {
      target: "species",
      split: { validation: 0.2 },
    });
    assert.equal(loss, "categorical-cross-entropy");
    assert.deepEqual([training.count, validation?.count, preparation.inputSize], [120, 30, 4]);
    assert.deepEqual(notes, []);
    const twin = encodeByHand(readFileSync(file, "utf8"), "species", rows.training, rows.training, true);
    assert.deepEqual(Array.from(training.targets), twin.targets);
    twin.inputs.flat().forEach((value, index) => assert(Math.abs(training.inputs[index] - value) < 1e-6));
  });

  it("penguins: missing values and text features", async () => {
    const { preparation, training, notes } = await preparedFile(exampleFile("penguins.csv"), {
      target: "species",
    });
    assert.deepEqual(preparation.inputNames, [
      "island=Biscoe",
      "island=Dream",
      "island=Torgersen",
      "beak_length_mm",
      "beak_depth_mm",
      "flipper_length_mm",
      "body_mass_g",
      "sex=FEMALE",
      "sex=MALE",
    ]);
    assert.equal(training.count, 344);
    assert.match(notes.join("\n"), /^19 missing values were filled in.*"sex" \(11\)\.$/);
  });

  it("breast cancer: two classes, thirty numbers", async () => {
    const { loss, preparation, training } = await preparedFile(exampleFile("breast-cancer.csv"), {
      target: "diagnosis",
    });
    assert.equal(loss, "binary-cross-entropy");
    assert.deepEqual([training.count, preparation.inputSize], [569, 30]);
    assert.equal(
      training.targets.reduce((sum, target) => sum + target, 0),
      212,
    );
    for (let input = 0; input < 30; input++) {
      let [sum, squares] = [0, 0];
      for (let row = 0; row < 569; row++) {
        const value = training.inputs[row * 30 + input];
        sum += value;
        squares += value * value;
      }
      assert(Math.abs(sum / 569) < 1e-5 && Math.abs(squares / 569 - 1) < 1e-5, preparation.inputNames[input]);
    }
  });

  it("weather: the date comes in as days", async () => {
    const file = exampleFile("seattle-weather.csv");
    const { preparation, notes } = await preparedFile(file, { target: "weather" });
    assert.deepEqual(preparation.inputNames, ["date", "precipitation", "temp_max", "temp_min", "wind"]);
    assert.deepEqual(notes, [
      'Column "date" holds dates and is read as days since 1970-01-01; leave out with "ignore" what should not count.',
      'The classes are uneven: "rain" has 43.9\u00a0% of the training rows and "snow" 1.8\u00a0%; "classWeights": "balanced" makes them count the same.',
    ]);
    const [date] = preparation.features;
    assert(date.kind === "date");
    // 2012-01-01 to 2015-12-31.
    assert.equal(date.mean, (15340 + 16800) / 2);
  });
});

describe("the reference runs' data", () => {
  const folders: [
    name: string,
    target: string[],
    loss: Prepared["loss"],
    classes: string[] | null,
    count: number,
  ][] = [
    ["regression-mse-sgd", ["y1"], "mse", null, 48],
    ["regression-mae-momentum", ["y1", "y2"], "mse", null, 50],
    ["binary-bce-rmsprop", ["label"], "binary-cross-entropy", ["no", "yes"], 60],
    ["multiclass-cce-adam", ["label"], "categorical-cross-entropy", ["class0", "class1", "class2"], 75],
  ];
  for (const [name, target, loss, classes, count] of folders) {
    it(`${name}: file order, unscaled`, async () => {
      const file = path.join(DOWNHILL_ROOT, "test/reference", name, "data.csv");
      const result = await preparedFile(file, { target, standardize: false, standardizeTarget: false });
      assert.equal(result.loss, loss);
      assert.equal(result.training.count, count);
      if (result.preparation.target.task === "classification")
        assert.deepEqual(result.preparation.target.classes, classes);
      const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
      const width = result.preparation.inputSize;
      const expected = lines.flatMap((line) =>
        line
          .split(",")
          .slice(0, width)
          .map((cell) => Math.fround(Number(cell))),
      );
      assert.deepEqual(Array.from(result.training.inputs), expected);
      const targets = lines.flatMap((line) =>
        line
          .split(",")
          .slice(width)
          .map((cell) => (classes ? classes.indexOf(cell) : Math.fround(Number(cell)))),
      );
      assert.deepEqual(Array.from(result.training.targets), targets);
    });
  }
});

describe("larger data sets", () => {
  const sets: [
    file: string,
    target: string,
    loss: Prepared["loss"],
    rows: number,
    inputs: number,
    note?: RegExp,
  ][] = [
    [
      "cars.csv",
      "Miles_per_Gallon",
      "mse",
      398,
      9,
      /8 rows of cars\.csv without a value[^]*"Name" is left out[^]*"Year" holds dates/,
    ],
    ["titanic.csv", "survived", "binary-cross-entropy", 1309, 6, /"name" is left out[^]*263 missing values/],
    ["diabetes.csv", "progression", "mse", 442, 10],
    ["wine.csv", "cultivar", "categorical-cross-entropy", 178, 13],
    ["letter-recognition.csv", "lettr", "categorical-cross-entropy", 20000, 16],
    [
      "digits.csv",
      "digit",
      "categorical-cross-entropy",
      1797,
      64,
      /^Columns "pixel_0_0", .* have the same value/,
    ],
    ["unemployment.tsv", "rate", "mse", 3218, 1],
  ];
  for (const [name, target, loss, count, inputs, note] of sets) {
    it(name, async function () {
      const file = datasetFile(name);
      if (file === null) return this.skip();
      const result = await preparedFile(file, { target });
      assert.equal(result.loss, loss);
      assert.equal(result.training.count, count);
      assert.equal(result.preparation.inputSize, inputs);
      if (note) assert.match(result.notes.join("\n"), note);
      else assert.deepEqual(result.notes, []);
    });
  }
});
