/** The examples do what their comments say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runConfigLanguage } from "../../../src/config/files";
import { classify } from "../../../src/descent/functions/criticalPoint";
import { Descent } from "../../../src/descent/functions/descent";
import { readRunConfig } from "../../../src/run/readRunConfig";

const folder = path.join(DOWNHILL_ROOT, "examples/functions");

const ends: Record<string, string> = {
  "bowl.train.json": "minimum",
  "narrow-bowl.train.json": "minimum",
  "rosenbrock.train.json": "not-critical",
  "himmelblau.train.json": "minimum",
  "beale.train.json": "minimum",
  "saddle.train.json": "saddle",
  "rastrigin.train.json": "minimum",
  "ravine.train.json": "not-critical",
  "two-valleys.train.yaml": "minimum",
  "powell.train.json": "not-critical",
};

describe("The examples of functions", () => {
  it("are all here", () => {
    const all = [...Object.keys(ends), "race.train.json", "basins.train.json"];
    assert.deepEqual(readdirSync(folder).sort(), all.sort());
  });

  /** Where each of the runs of a config ends, and how. */
  function endsOf(name: string) {
    const text = readFileSync(path.join(folder, name), "utf8");
    assert.match(text, /^(\/\/|#) [A-Z]/);
    const { variants, problems } = readRunConfig(text, "json");
    assert.deepEqual(problems, []);
    return (variants ?? []).map((variant) => {
      const { functionRun } = readRunConfig(variant.text, "json");
      assert(functionRun);
      const descent = new Descent(functionRun.f, functionRun.config, functionRun.start);
      while (descent.advance());
      return { name: variant.name, value: descent.value, point: descent.point, ending: descent.ending?.kind };
    });
  }

  it("race.train.json is won by Adam, and lost by plain descent", () => {
    const byValue = endsOf("race.train.json").sort((a, b) => a.value - b.value);
    assert.deepEqual(
      byValue.map(({ name }) => name),
      ["Adam", "momentum", "RMSProp", "plain descent"],
    );
  });

  it("basins.train.json reaches all four minima", () => {
    const reached = endsOf("basins.train.json");
    assert.ok(reached.every(({ ending }) => ending === "converged"));
    assert.equal(new Set(reached.map(({ point }) => Array.from(point, Math.round).join())).size, 4);
  });

  for (const [name, kind] of Object.entries(ends)) {
    it(`${name} has no problem, says what to see, and ends as it should`, () => {
      const text = readFileSync(path.join(folder, name), "utf8");
      const { functionRun, problems } = readRunConfig(text, runConfigLanguage(name) ?? "json");
      assert.deepEqual(problems, []);
      assert.match(text, /^(\/\/|#) [A-Z]/);
      assert(functionRun);
      const descent = new Descent(functionRun.f, functionRun.config, functionRun.start);
      while (descent.advance());
      assert.equal(
        classify(functionRun.f, descent.point, descent.gradientNorm, 1e-6).kind,
        kind,
        `gradient norm ${descent.gradientNorm} at ${descent.point.join()} after ${descent.step}`,
      );
    });
  }
});
