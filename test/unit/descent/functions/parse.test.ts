/** The expression language: what it means, and what it says of what it does not understand. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFunction } from "../../../../src/descent/functions/differentiable";
import { ExpressionError } from "../../../../src/descent/functions/expressionError";
import { variableNameFault } from "../../../../src/descent/functions/parse";

function valueOf(expression: string, values: Record<string, number> = {}): number {
  const f = createFunction(expression);
  return f.value(f.variables.map((name) => values[name]));
}

function errorOf(expression: string, variables?: string[]): ExpressionError {
  try {
    createFunction(expression, variables);
  } catch (error) {
    assert.ok(error instanceof ExpressionError, String(error));
    return error;
  }
  return assert.fail(`${expression} has no error`);
}

describe("An expression", () => {
  const meanings: [string, number][] = [
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["8 - 3 - 2", 3],
    ["8 / 4 / 2", 1],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["(-2)^2", 4],
    ["2^-1", 0.5],
    ["-2^-2", -0.25],
    ["2*-3", -6],
    ["--3", 3],
    ["2 - -3", 5],
    ["+4", 4],
    ["1.5e2 + .5", 150.5],
    ["2.", 2],
    ["sqrt(16) + abs(-3)", 7],
    ["min(4, 2, 3) + max(1, 5)", 7],
    ["log(e)", 1],
    ["sin(pi/2)", 1],
    ["exp(0) + tanh(0) + cos(0)", 2],
    ["tan(pi/4)", 1],
    ["0^0", 1],
    ["27^(1/3)", 3],
  ];
  for (const [expression, value] of meanings) {
    it(`${expression} is ${value}`, () => assert.ok(Math.abs(valueOf(expression) - value) < 1e-14));
  }

  it("knows variables of any name", () => {
    assert.equal(valueOf("theta_1 + β2 * X", { theta_1: 1, β2: 2, X: 3 }), 7);
  });

  it("orders variables by first appearance, or as it is told", () => {
    assert.deepEqual(createFunction("y + x*y + a").variables, ["y", "x", "a"]);
    const f = createFunction("x - y", ["y", "x"]);
    assert.equal(f.value([1, 5]), 4);
  });

  it("is the Rosenbrock function that the references have", () => {
    assert.equal(valueOf("(1-x)^2 + 100*(y-x^2)^2", { x: -1.2, y: 1 }).toPrecision(12), "24.2000000000");
  });

  const faults: [expression: string, message: RegExp, start: number, end: number, repair?: string][] = [
    ["", /empty/, 0, 0],
    ["  ", /empty/, 0, 2],
    ["x +", /missing after "\+"/, 3, 3],
    ["* x", /missing before "\*"/, 0, 1],
    ["x + * y", /missing between "\+" and "\*"/, 4, 5],
    ["(x + 1", /never closed/, 0, 1],
    ["x + 1)", /closes nothing/, 5, 6],
    ["()", /empty/, 0, 2],
    ["2x", /operator is missing between "2" and "x".*2\*x/, 1, 2, "*x"],
    ["2 (x)", /2\*\(…\)/, 2, 3, "*("],
    ["(x)(y)", /\(…\)\*\(…\)/, 3, 4, "*("],
    ["x y", /x\*y/, 2, 3, "*y"],
    ["x**2", /\^, not with \*\*/, 1, 3, "^"],
    ["x²", /Write \^2/, 1, 2, "^2"],
    ["x − 1", /Write -/, 2, 3, "-"],
    ["x $ y", /"\$" has no meaning/, 2, 3],
    ["sinn(x)", /no function "sinn": did you mean "sin"/, 0, 4, "sin"],
    ["ln(x)", /did you mean "log"/, 0, 2, "log"],
    ["x(y)", /no function "x"; for a product write x\*/, 0, 1],
    ["sin x", /needs its argument in parentheses: sin\(x\)/, 0, 3],
    ["sin()", /needs an argument/, 0, 5],
    ["sin(x, y)", /takes one argument, not 2/, 0, 9],
    ["max(x)", /at least two arguments, not 1/, 0, 6],
    ["max(x,)", /missing after ","/, 6, 7],
    ["1,5", /decimal point/, 1, 2],
    ["1e999", /too large/, 0, 5],
    ["𝒳 + 😀", /"😀" has no meaning/, 5, 7],
  ];
  for (const [expression, message, start, end, repair] of faults) {
    it(`says what is wrong with ${JSON.stringify(expression)}, and where`, () => {
      const error = errorOf(expression);
      assert.match(error.message, message);
      assert.deepEqual([error.start, error.end, error.replacement], [start, end, repair]);
      assert.match(error.message, /^[A-Z"\p{Lu}sm].*[.?]$/u);
    });
  }

  it("knows which variables there are", () => {
    const error = errorOf("alpha + bta", ["alpha", "beta"]);
    assert.match(error.message, /no variable "bta": did you mean "beta"/);
    assert.deepEqual([error.start, error.end, error.replacement], [8, 11, "beta"]);
    assert.match(errorOf("x + z", ["x", "y"]).message, /no variable "z"; there are x and y/);
    assert.match(errorOf("x + z", ["x"]).message, /the only one is x/);
  });

  it("knows what a variable may be called", () => {
    for (const name of ["x", "x1", "θ", "learning_rate"]) assert.equal(variableNameFault(name), null, name);
    assert.match(variableNameFault("pi") ?? "", /"pi" is a constant/);
    assert.match(variableNameFault("max") ?? "", /"max" is a function/);
    for (const name of ["", "2x", "a b", "x'"])
      assert.match(variableNameFault(name) ?? "", /not a variable's name/);
  });

  it("refuses what is too long, too deep or has too many parts", () => {
    assert.match(errorOf("x".repeat(20_000)).message, /at most 10000/);
    assert.match(errorOf(`${"(".repeat(3000)}x${")".repeat(3000)}`).message, /too deeply/);
    assert.match(errorOf(`${"-".repeat(3000)}x`).message, /too deeply/);
    assert.match(
      errorOf(Array.from({ length: 300 }, (_, i) => `v${i}`).join("+")).message,
      /more than 200 variables/,
    );
    assert.equal(valueOf(Array.from({ length: 1000 }, () => "1").join("+")), 1000);
  });

  it("throws nothing but its own error, whatever the text", () => {
    const words = [
      "x",
      "y",
      "(",
      ")",
      "+",
      "-",
      "*",
      "/",
      "^",
      ",",
      "sin",
      "max",
      "1",
      "2.5e3",
      ".",
      " ",
      "pi",
      "é",
      "constructor",
      "**",
    ];
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (expression) => {
        try {
          createFunction(expression);
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          assert.ok(error.start >= 0 && error.start <= error.end && error.end <= expression.length);
          assert.doesNotMatch(error.message, /\n/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("takes no longer for a text that is all mistakes", () => {
    for (const text of ["(", "x^", "max(", "-(", "sin(", "1+", ",", "x "]) {
      errorOf(text.repeat(1000));
    }
  });
});
