import assert from "node:assert/strict";
import { Descent } from "../../../../src/descent/functions/descent";
import { createFunction } from "../../../../src/descent/functions/differentiable";
import type { FunctionDescription } from "../../../../src/protocol/run";
import { Exploration } from "../../../../webview/function/exploration";
import { exploredSentence } from "../../../../webview/function/sentence";

function described(
  expression: string,
  start: number[],
  more: Partial<FunctionDescription["function"]> = {},
  totalSteps = 1000,
): FunctionDescription {
  return {
    id: "1",
    name: "f",
    configFile: "/f.train.json",
    folder: null,
    optimizer: "sgd",
    learningRate: 0.01,
    totalSteps,
    seed: 1,
    kernel: "function",
    startedAt: 0,
    notes: [],
    function: {
      expression,
      variables: [...createFunction(expression).variables],
      start,
      domain: start.map(() => null),
      optimizer: { type: "sgd", learningRate: 0.01, weightDecay: 0 },
      schedule: { type: "constant", warmupSteps: 0 },
      gradientTolerance: 1e-6,
      ...more,
    },
  };
}

const himmelblau = "(x^2+y-11)^2 + (x+y^2-7)^2";

describe("A descent that is explored", () => {
  it("is the run's own, bit for bit, while nothing has been changed", () => {
    const description = described(himmelblau, [0, 0]);
    const explored = new Exploration(description).descend(Infinity)!;
    const { optimizer, schedule, gradientTolerance } = description.function;
    const descent = new Descent(
      createFunction(himmelblau),
      { optimizer, schedule, gradientTolerance, steps: 1000 },
      [0, 0],
    );
    while (descent.advance());
    assert.deepEqual(explored.point, descent.point);
    assert.equal(explored.steps, descent.step);
    assert.equal(explored.path.step.length, descent.step + 1);
    assert.equal(explored.path.gradientNorm.at(-1), descent.gradientNorm);
  });

  it("ends elsewhere from another start", () => {
    const exploration = new Exploration(described(himmelblau, [0, 0]));
    exploration.start = [-1, -1];
    const explored = exploration.descend(Infinity)!;
    assert.ok(Math.abs(explored.point[0] + 3.77931) < 1e-5);
    assert.match(
      exploredSentence(explored, ["x", "y"]),
      /^A minimum after \d+ steps: x = −3\.779, y = −3\.283, f = .*; Hessian eigenvalues \d+\.\d+, \d/,
    );
  });

  it("knows what was changed, and goes back", () => {
    const exploration = new Exploration(described(himmelblau, [0, 0]));
    assert.equal(exploration.changed, false);
    exploration.learningRate = 0.02;
    assert.deepEqual(
      [exploration.changed, exploration.startChanged, exploration.learningRateChanged],
      [true, false, true],
    );
    exploration.optimizer = "adam";
    exploration.start[0] = 1;
    assert.deepEqual([exploration.startChanged, exploration.optimizerChanged], [true, true]);
    exploration.reset();
    assert.deepEqual([exploration.changed, exploration.start, exploration.optimizer], [false, [0, 0], "sgd"]);
  });

  it("takes every optimizer", () => {
    for (const type of ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"] as const) {
      const exploration = new Exploration(described("x^2 + y^2", [1, 1], {}, 50));
      exploration.optimizer = type;
      const explored = exploration.descend(Infinity)!;
      assert.ok(explored.value < 2, type);
      assert.equal(explored.steps, 50);
    }
  });

  it("is cut off where it would take too long", () => {
    const explored = new Exploration(described("x^2", [1], { gradientTolerance: 0 }, 1e9)).descend(1)!;
    assert.equal(explored.ending, null);
    assert.ok(explored.steps > 0 && explored.steps < 1e8);
  });

  it("says what is wrong with a start or a rate", () => {
    const exploration = new Exploration(described("x + log(x)", [1]));
    exploration.start = [-1];
    assert.equal(exploration.descend(), null);
    assert.match(exploredSentence(null, ["x"]), /no finite value at this start/);
    exploration.start = [1];
    exploration.learningRate = 1;
    assert.match(
      exploredSentence(exploration.descend(), ["x"]),
      /breaks off after 0 steps, where log\(x\) is the logarithm/,
    );
    const falling = new Exploration(described("-x^2", [1]));
    falling.learningRate = 0.5;
    assert.match(exploredSentence(falling.descend(Infinity), ["x"]), /falls without bound after \d+ steps/);
  });
});
