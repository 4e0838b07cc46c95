/** Descents on well-known functions, beside their known figures. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { classify } from "../../../../src/descent/functions/criticalPoint";
import { Descent, startFault, type DescentSettings } from "../../../../src/descent/functions/descent";
import { createFunction } from "../../../../src/descent/functions/differentiable";
import { HealthRecorder } from "../../../../src/descent/functions/healthRecorder";
import { FunctionPathRecorder } from "../../../../src/descent/functions/path";
import { randomStart } from "../../../../src/descent/functions/randomStart";
import type { Optimizer } from "../../../../src/engine/engine";

const defaults = { weightDecay: 0, momentum: 0.9, decay: 0.99, epsilon: 1e-8, beta1: 0.9, beta2: 0.999 };

function settings(
  type: Optimizer["type"],
  learningRate: number,
  more: Partial<DescentSettings> = {},
): DescentSettings {
  const optimizer = { ...defaults, type, learningRate } as Optimizer;
  return {
    optimizer,
    schedule: { type: "constant", warmupSteps: 0 },
    steps: 1000,
    gradientTolerance: 1e-6,
    ...more,
  };
}

function descend(expression: string, start: number[], how: DescentSettings): Descent {
  const descent = new Descent(createFunction(expression), how, start);
  while (descent.advance());
  return descent;
}

function kindAtEnd(descent: Descent, expression: string): string {
  return classify(createFunction(expression), descent.point, descent.gradientNorm, 1e-6).kind;
}

function assertPoint(point: Float64Array, expected: readonly number[], tolerance: number): void {
  const far = expected.map((value, k) => Math.abs(point[k] - value));
  assert.ok(Math.max(...far) <= tolerance, `[${point.join(", ")}] is not [${expected.join(", ")}]`);
}

interface Classic {
  name: string;
  expression: string;
  start: number[];
  value: number;
  gradientNorm: number;
  minimum: number[];
  "sgd 0.001": { 1: number[]; "value after 1": number; 1000: number[] };
  "momentum 0.9, 0.001, value after 1000": number;
  "adam 0.1, value after 1000": number;
  "sgd 0.01 from": Record<string, number[]>;
}
const file = path.join(DOWNHILL_ROOT, "test/reference/classic.json");
const { functions } = JSON.parse(readFileSync(file, "utf8")) as { functions: Classic[] };
const named = (name: string): Classic => functions.find((classic) => classic.name === name)!;

describe("A descent on a function", () => {
  const rosenbrock = named("Rosenbrock");

  it("walks down the Rosenbrock function as the reference does", () => {
    const { expression, start } = rosenbrock;
    const descent = new Descent(createFunction(expression), settings("sgd", 0.001), start);
    assert.equal(descent.value.toPrecision(12), rosenbrock.value.toPrecision(12));
    assert.equal(descent.gradientNorm.toFixed(9), rosenbrock.gradientNorm.toFixed(9));
    descent.advance();
    assertPoint(descent.point, rosenbrock["sgd 0.001"][1], 1e-12);
    assert.ok(Math.abs(descent.value - rosenbrock["sgd 0.001"]["value after 1"]) < 1e-8);
    while (descent.advance());
    assert.equal(descent.step, 1000);
    assertPoint(descent.point, rosenbrock["sgd 0.001"][1000], 1e-9);
    assert.deepEqual(descent.ending, { kind: "steps" });
    assert.equal(kindAtEnd(descent, expression), "not-critical");
  });

  it("with momentum and with Adam comes as near as the reference", () => {
    const { expression, start } = rosenbrock;
    const momentum = descend(expression, start, settings("momentum", 0.001));
    assert.equal(
      momentum.value.toPrecision(6),
      rosenbrock["momentum 0.9, 0.001, value after 1000"].toPrecision(6),
    );
    const adam = descend(expression, start, settings("adam", 0.1));
    assert.equal(adam.value.toPrecision(6), rosenbrock["adam 0.1, value after 1000"].toPrecision(6));
  });

  it("begins on Beale's function with the reference's value and gradient", () => {
    const { expression, start, value, gradientNorm, minimum } = named("Beale");
    const descent = new Descent(createFunction(expression), settings("sgd", 0.01), start);
    assert.deepEqual([descent.value, descent.gradientNorm], [value, gradientNorm]);
    const found = descend(expression, start, settings("adam", 0.05, { steps: 5000 }));
    assertPoint(found.point, minimum, 1e-5);
    assert.equal(kindAtEnd(found, expression), "minimum");
  });

  for (const [start, minimum] of Object.entries(named("Himmelblau")["sgd 0.01 from"])) {
    it(`from ${start} reaches the minimum of Himmelblau's function that the reference reaches`, () => {
      const { expression } = named("Himmelblau");
      const descent = descend(expression, start.split(",").map(Number), settings("sgd", 0.01));
      assertPoint(descent.point, minimum, 1e-6);
      assert.deepEqual(descent.ending, { kind: "converged" });
      assert.equal(kindAtEnd(descent, expression), "minimum");
    });
  }

  it("stops at a saddle that it walks straight into, and escapes from beside it", () => {
    const { expression, start } = named("saddle");
    const held = descend(expression, start, settings("sgd", 0.1));
    assertPoint(held.point, [0, 0], 1e-6);
    assert.equal(held.point[1], 0);
    assert.equal(kindAtEnd(held, expression), "saddle");
    const free = descend(expression, [1, 1e-6], settings("sgd", 0.1, { steps: 100 }));
    assert.ok(free.value < -100);
  });

  it("says that a function has no lower bound", () => {
    for (const [expression, start] of [
      ["-x^2", 1],
      ["x^3", -1],
      ["-exp(x)", 1],
    ] as const) {
      const descent = descend(expression, [start], settings("sgd", 0.1, { steps: 5000 }));
      assert.deepEqual(descent.ending, { kind: "unbounded" }, expression);
      assert.ok(Number.isFinite(descent.value), expression);
    }
  });

  it("keeps the last good point when a step leads out of where the function has a value", () => {
    const descent = descend("x + log(x)", [0.5], settings("sgd", 0.4));
    assert.match(
      descent.ending?.kind === "non-finite" ? descent.ending.reason : "",
      /^log\(x\) is the logarithm of a negative number \(−0\.7\)$/,
    );
    assert.equal(descent.step, 0);
    assertPoint(descent.point, [0.5], 0);
  });

  it("says that a step was too long", () => {
    const descent = descend("x^4", [10], settings("sgd", 1));
    assert.match(descent.ending?.kind === "non-finite" ? descent.ending.reason : "", /too large/);
    assert.ok(descent.step > 0 && Number.isFinite(descent.value));
  });

  it("makes all its steps with a tolerance of 0, and none where the gradient is small already", () => {
    assert.equal(descend("x^2", [1], settings("sgd", 0.5, { gradientTolerance: 0, steps: 7 })).step, 7);
    assert.equal(descend("x^2", [0], settings("sgd", 0.5)).step, 0);
  });

  it("clips the gradient", () => {
    const descent = descend("100*x", [0], settings("sgd", 1, { gradientClipNorm: 2, steps: 1 }));
    assert.ok(Math.abs(descent.point[0] + 2) < 1e-6);
  });

  it("follows a schedule, counting each step as an epoch", () => {
    const schedule = { type: "step", every: 2, factor: 0.5, warmupSteps: 0 } as const;
    const descent = new Descent(createFunction("x"), settings("sgd", 1, { schedule, steps: 5 }), [0]);
    const rates: number[] = [];
    while (descent.advance()) rates.push(descent.learningRate);
    assert.deepEqual(rates, [1, 1, 0.5, 0.5, 0.25]);
    assert.equal(descent.point[0], -3.25);
  });
});

describe("What a point is", () => {
  const at = (expression: string, point: number[], gradientNorm = 0, tolerance = 0): string =>
    classify(createFunction(expression), point, gradientNorm, tolerance).kind;

  it("is told by the eigenvalues of the Hessian", () => {
    assert.equal(at("x^2 + y^2", [0, 0]), "minimum");
    assert.equal(at("-x^2 - y^2", [0, 0]), "maximum");
    assert.equal(at("x^2 - y^2", [0, 0]), "saddle");
    assert.equal(at("x^2 + y^4", [0, 0]), "degenerate");
    assert.equal(at("x^4 + y^4", [0, 0]), "degenerate");
    assert.equal(at("x^2 - y^2 + z^4", [0, 0, 0]), "saddle");
    assert.equal(at("x^2 + 1e-9*y^2", [0, 0]), "degenerate");
    assert.equal(at("x^2 + 1e-7*y^2", [0, 0]), "minimum");
  });

  it("is critical only with a gradient norm below the tolerance, or below 1e-6", () => {
    assert.equal(at("x^2", [0], 1e-6), "minimum");
    assert.equal(at("x^2", [0], 2e-6), "not-critical");
    assert.equal(at("x^2", [0], 2e-6, 1e-3), "minimum");
    assert.equal(at("x^2", [0], NaN), "not-critical");
  });

  it("comes with the eigenvalues, smallest first", () => {
    const { eigenvalues } = classify(createFunction("x^2 - 3*y^2 + x*z + z^2"), [0, 0, 0], 0, 0);
    assert.deepEqual(
      [...eigenvalues].map((value) => Number(value.toFixed(9))),
      [-6, 1, 3],
    );
  });
});

describe("A random start", () => {
  const domain = [
    [-1, 3],
    [10, 20],
  ] as const;

  it("lies in the domain, and is the same for the same seed", () => {
    const f = createFunction("x^2 + y^2");
    const starts = Array.from({ length: 50 }, (_, seed) => randomStart(f, domain, seed)!);
    for (const [x, y] of starts) assert.ok(x >= -1 && x <= 3 && y >= 10 && y <= 20);
    assert.deepEqual(randomStart(f, domain, 7), starts[7]);
    assert.notDeepEqual(starts[1], starts[2]);
  });

  it("lies where the function has a value", () => {
    const f = createFunction("log(x) + y");
    for (let seed = 0; seed < 20; seed++) assert.equal(startFault(f, randomStart(f, domain, seed)!), null);
    assert.equal(
      randomStart(
        createFunction("log(x) + y"),
        [
          [-2, -1],
          [0, 1],
        ],
        1,
      ),
      null,
    );
  });
});

describe("The path of a descent", () => {
  it("keeps every step of a short one", () => {
    const recorder = new FunctionPathRecorder(2);
    for (let step = 0; step <= 10; step++) recorder.record(step, 100 - step, Float64Array.of(step, 2 * step));
    const { step, value, points } = recorder.path();
    assert.deepEqual([...step], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.equal(value[3], 97);
    assert.deepEqual([...points.slice(6, 8)], [3, 6]);
  });

  it("keeps a bounded number of a long one, evenly, with its first and last step", () => {
    const recorder = new FunctionPathRecorder(1);
    for (let step = 0; step <= 100_001; step++) recorder.record(step, -step, Float64Array.of(step));
    const { step, value, points } = recorder.path();
    assert.ok(step.length > 2000 && step.length <= 4098, `${step.length} points`);
    assert.deepEqual([step[0], step.at(-1), value.at(-1), points.at(-1)], [0, 100_001, -100_001, 100_001]);
    assert.ok(step.every((at, i) => points[i] === at && value[i] === -at));
    assert.equal(new Set(step.slice(1, -1).map((at, i) => at - step[i])).size, 1);
  });
});

describe("the health of a descent's steps", () => {
  it("is the decrease over the one that the gradient predicted, and the angle to it", () => {
    const f = createFunction("(1-x)^2 + 100*(y-x^2)^2");
    for (const type of ["sgd", "nesterov", "adam"] as const) {
      const descent = new Descent(f, settings(type, 0.001), [-1.2, 1]);
      for (let i = 0; i < 50; i++) {
        const { value } = descent;
        const [x, y] = descent.point;
        const g = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)];
        assert.ok(descent.advance());
        const step = [descent.point[0] - x, descent.point[1] - y];
        const slope = g[0] * step[0] + g[1] * step[1];
        const ratio = (value - descent.value) / -slope;
        if (slope < 0)
          assert.ok(Math.abs(descent.decreaseRatio - ratio) < 1e-6 * Math.max(1, Math.abs(ratio)));
        else assert.ok(Number.isNaN(descent.decreaseRatio));
        const cosine = -slope / (Math.hypot(...g) * Math.hypot(...step));
        assert.ok(Math.abs(Math.cos((descent.angle * Math.PI) / 180) - cosine) < 1e-9);
      }
    }
  });

  it("is kept evenly over however many steps, the same steps as are taken while it goes", () => {
    const f = createFunction("x^2");
    const descent = new Descent(f, settings("sgd", 1e-6, { steps: 10_000, gradientTolerance: 0 }), [1]);
    const [kept, asked] = [new HealthRecorder(), new HealthRecorder()];
    const taken: number[] = [];
    while (descent.advance()) {
      kept.record(descent);
      if (asked.takes(descent.step)) taken.push(descent.step);
    }
    assert.ok(kept.step.length > 500 && kept.step.length <= 1024);
    const gaps = kept.step.slice(1).map((step, i) => step - kept.step[i]);
    assert.ok(
      gaps.every((gap) => gap === gaps[0]),
      gaps.join(" "),
    );
    assert.ok(kept.step.every((step) => taken.includes(step)));
    assert.equal(kept.decreaseRatio.length, kept.step.length);
  });
});
