import assert from "node:assert/strict";
import path from "node:path";
import { writeFileSync } from "node:fs";
import { parseRunConfig } from "../../../src/config/parse";
import { commonConfig, withLearningRate, withSweep } from "../../../src/run/learningRateSweep";
import { rangeTest, rangeTestSentence, suggestionOf } from "../../../src/run/rangeTest";
import { rangeTestInWorker } from "../../../src/run/startRangeTest";
import { built } from "../cli/built";
import { removeTemporaryFolders, table, temporaryFolder } from "./support";

const plain = `{
  // Stays.
  "data": { "file": "t.csv", "target": "y" },
  "optimizer": { "type": "sgd", "learningRate": 0.03 }
}
`;

describe("A learning-rate sweep", () => {
  it("compares five learning rates around that of the run config, and leaves the rest as it is", () => {
    const swept = withSweep(plain, "json") ?? "";
    assert.match(swept, /\/\/ Stays\./);
    const { variants, problems } = parseRunConfig(swept, "json");
    assert.deepEqual(problems, []);
    const rates = (variants ?? []).map(({ name, text }) => {
      const optimizer = parseRunConfig(text, "json").config?.optimizer;
      assert.equal(optimizer?.type, "sgd");
      assert.equal(name, `learning rate ${optimizer.learningRate}`);
      return optimizer.learningRate;
    });
    assert.deepEqual(rates, [0.003, 0.0095, 0.03, 0.095, 0.3]);
  });

  it("takes the place of an earlier sweep, but of no other comparison", () => {
    const again = withSweep(withSweep(plain, "json") ?? "", "json", 1) ?? "";
    assert.equal(parseRunConfig(again, "json").variants?.[2].name, "learning rate 1");
    const other = plain.replace("\n}", ', "compare": [{ "name": "wide" }]\n}');
    assert.equal(withSweep(other, "json"), null);
    assert.equal(withSweep("{", "json"), null);
  });

  it("is written in YAML, and for functions", () => {
    const yaml = withSweep("function: { expression: x^2 } # bowl\n", "yaml") ?? "";
    assert.match(yaml, /# bowl/);
    assert.equal(parseRunConfig(yaml, "yaml").variants?.length, 5);
  });
});

describe("A learning-rate range test", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);

  const startIn = (configText: string) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "t.csv"), table(200));
    const configFile = path.join(folder, "t.train.json");
    return {
      id: "range-test",
      configFile,
      configText,
      workspaceFolder: folder,
      runsFolder: null,
      steps: "thinned" as const,
      trajectory: false,
    };
  };
  const loading = { progress: () => undefined, breathe: () => Promise.resolve() };

  it("ends where plain descent on a linear model diverges, and suggests what is far below", async () => {
    const linear = plain.replace('"optimizer"', '"network": { "hidden": [] }, "optimizer"');
    const test = await rangeTest(startIn(linear), loading);
    const { learningRates, losses, smoothed, lowest, suggestion, current, optimizer, ended } = test;
    assert.deepEqual([learningRates.length, smoothed.length], [losses.length, losses.length]);
    assert.ok(learningRates.every((rate, i) => i === 0 || rate > learningRates[i - 1]));
    assert.notEqual(ended, null);
    // Standardised inputs and a scaled target: the Hessian of the mean squared error has eigenvalues near 2.
    assert.ok(lowest > 0.05 && lowest < 2, String(lowest));
    assert.ok(suggestion !== null && suggestion > lowest / 20 && suggestion < lowest / 5);
    assert.deepEqual([current, optimizer], [0.03, "sgd"]);
    assert.match(rangeTestSentence(test), /is a sound choice \(the run config has 0\.03\)\.$/);
    assert.deepEqual(await rangeTest(startIn(linear), loading), test);
  });

  it("is made in a thread, with the same result", async () => {
    const start = startIn(plain);
    const here = await rangeTest(start, loading);
    const there = await rangeTestInWorker(
      start,
      built().worker,
      new AbortController().signal,
      () => undefined,
    );
    assert.deepEqual(there, here);
    const wrong = { ...start, configText: plain.replace('"y"', '"nothing"') };
    const signal = new AbortController().signal;
    await assert.rejects(
      rangeTestInWorker(wrong, built().worker, signal, () => undefined),
      (error: Error) => error.name === "DataError" && /nothing/.test(error.message),
    );
  });

  it("suggests nothing where the loss does not fall", () => {
    const rates = [1e-3, 1e-2, 1e-1, 1];
    assert.equal(suggestionOf(rates, [1, 0.999, 0.995, 3]).suggestion, null);
    assert.deepEqual(suggestionOf(rates, [1, 0.9, 0.5, 3]), { lowest: 0.1, suggestion: 0.01 });
    assert.equal(suggestionOf([], []).suggestion, null);
  });

  it("is of what several runs have in common", () => {
    const several = withSweep(plain, "json") ?? "";
    const common = commonConfig(several, "json") ?? "";
    assert.deepEqual(parseRunConfig(common, "json").config, parseRunConfig(plain, "json").config);
    assert.equal(commonConfig('{ "function": { "expression": "x^2" } }', "json"), null);
  });

  it("ends in an edit of the learning rate alone", () => {
    assert.equal(withLearningRate(plain, "json", 0.2), plain.replace("0.03", "0.2"));
    assert.equal(withLearningRate("{", "json", 0.2), null);
  });
});
