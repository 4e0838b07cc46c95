/**
 * Real tables, each trained with every default: { "data": { "file": …, "target": … } }. What the run reaches on its
 * validation rows is held against scikit-learn 1.2.1 on the same rows, split alike, imputed and scaled from the training
 * rows, text columns one-hot:
 *
 * - `linear`: LogisticRegression(max_iter=5000), or LinearRegression();
 * - `network`: the median of five (letter-recognition: one, MNIST: three) MLPClassifier or MLPRegressor((16,), learning_rate_init=0.01, batch_size=32,
 *   max_iter=100 (letter-recognition: 20, MNIST: 10), alpha=0, tol=0, n_iter_no_change=9999, random_state=0…4), the target scaled.
 *
 * Numbers are accuracies, for regressions R². The floor is the network's less what one seed differs from another; so few rows
 * make large steps.
 */
import assert from "node:assert/strict";
import { copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { datasetFile, exampleFile } from "../data/support";
import type { RunResult } from "../../../src/protocol/run";
import { removeTemporaryFolders, smallRun, temporaryFolder } from "./support";

interface Case {
  file: string;
  target: string;
  linear: number;
  network: number;
  floor: number;
  /** What the sentence at the end says beside. */
  says?: RegExp;
  /** Beside `data`; absent: nothing. */
  config?: object;
}

const cases: Case[] = [
  { file: "iris.csv", target: "species", linear: 1, network: 1, floor: 0.96 },
  { file: "wine.csv", target: "cultivar", linear: 0.972, network: 0.944, floor: 0.94 },
  { file: "breast-cancer.csv", target: "diagnosis", linear: 0.982, network: 0.974, floor: 0.95 },
  { file: "digits.csv", target: "digit", linear: 0.967, network: 0.972, floor: 0.96 },
  { file: "penguins.csv", target: "species", linear: 1, network: 1, floor: 0.98 },
  { file: "penguins.json", target: "Species", linear: 1, network: 1, floor: 0.98 },
  { file: "penguins.jsonl", target: "Species", linear: 1, network: 1, floor: 0.98 },
  { file: "titanic.csv", target: "survived", linear: 0.802, network: 0.794, floor: 0.78 },
  { file: "seattle-weather.csv", target: "weather", linear: 0.818, network: 0.86, floor: 0.84 },
  { file: "cars.csv", target: "Miles_per_Gallon", linear: 0.81, network: 0.857, floor: 0.81 },
  // So few rows are learned by heart: scikit-learn's networks reach 0.21 to 0.29. The run says that early stopping helps.
  {
    file: "diabetes.csv",
    target: "progression",
    linear: 0.449,
    network: 0.263,
    floor: 0.1,
    says: /the validation loss was lowest after epoch \d+ .*"earlyStopping"/,
  },
  {
    file: "diabetes.csv",
    target: "progression",
    linear: 0.449,
    network: 0.263,
    floor: 0.39,
    config: { earlyStopping: {} },
  },
  {
    file: "letter-recognition.csv",
    target: "lettr",
    linear: 0.772,
    network: 0.835,
    floor: 0.81,
    config: { epochs: 20 },
  },
];

/**
 * On the rows of their test file, after ten epochs of the first 5000 rows: the linear model reaches 0.871 there, and the median of
 * three networks 0.875.
 */
const mnist = {
  training: ["mnist-train-5k.parquet", "mnist-train-5k-snappy.parquet", "mnist-train-60k-wide.parquet"],
  test: "mnist-test-1k.parquet",
  network: 0.875,
  floor: 0.85,
};

/** The example of that name, else the file in the optional folder of larger data sets. */
function fileNamed(name: string): string | null {
  const example = exampleFile(name);
  return existsSync(example) ? example : datasetFile(name);
}

async function train(files: readonly string[], data: object, config: object): Promise<RunResult> {
  const folder = temporaryFolder();
  for (const file of files) copyFileSync(file, path.join(folder, path.basename(file)));
  const run = smallRun(
    folder,
    { data, ...config },
    { steps: "thinned", trajectory: false, runsFolder: null },
  );
  return (await run.run()).result;
}

describe("real data", () => {
  afterEach(removeTemporaryFolders);

  for (const { file: name, target, floor, network, says, config = {} } of cases) {
    it([name, ...Object.keys(config)].join(", "), async function () {
      const file = fileNamed(name);
      if (file === null) return this.skip();
      const { status, message, validation } = await train([file], { file: name, target }, config);
      assert(status === "completed" || status === "early-stopped", message);
      if (says) assert.match(message, says);
      const reached = validation?.accuracy ?? validation?.r2 ?? NaN;
      assert(reached >= floor, `${reached} is below ${floor}; scikit-learn reaches ${network}`);
    });
  }

  for (const training of mnist.training) {
    it(`${training} and ${mnist.test}, rows, epochs`, async function () {
      const files = [datasetFile(training), datasetFile(mnist.test)].filter((file) => file !== null);
      if (files.length < 2) return this.skip();
      const data = { file: training, testFile: mnist.test, target: "label", rows: 5000 };
      const { status, message, test } = await train(files, data, { epochs: 10 });
      assert.equal(status, "completed", message);
      const reached = test?.accuracy ?? NaN;
      assert(
        reached >= mnist.floor,
        `${reached} is below ${mnist.floor}; scikit-learn reaches ${mnist.network}`,
      );
    });
  }
});
