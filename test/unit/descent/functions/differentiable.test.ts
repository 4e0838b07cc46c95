/** Derivatives against central differences, on functions that chance wrote. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createFunction,
  type DifferentiableFunction,
} from "../../../../src/descent/functions/differentiable";

const names = ["x", "y", "z"];

/** Expressions that have a value and are smooth wherever their variables are in 0.5 … 2. */
const smooth: fc.Arbitrary<string> = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: "expression" },
    fc.constantFrom(...names),
    fc.double({ min: 0.5, max: 3, noNaN: true }).map((value) => value.toFixed(2)),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `(${a})/(1.5 + (${b})^2)`),
    fc.tuple(fc.constantFrom("sin", "cos", "tanh"), tie("expression")).map(([name, a]) => `${name}(${a})`),
    tie("expression").map((a) => `exp(sin(${a}))`),
    tie("expression").map((a) => `tan(tanh(${a}))`),
    tie("expression").map((a) => `log(1 + (${a})^2)`),
    tie("expression").map((a) => `sqrt(2 + cos(${a}))`),
    tie("expression").map((a) => `-(${a})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("2", "3", "-1", "-2", "0.5", "1.5"))
      .map(([a, n]) => `(2 + sin(${a}))^(${n})`),
    fc.tuple(tie("expression"), tie("expression")).map(([a, b]) => `(1.5 + sin(${a}))^tanh(${b})`),
  ),
})).expression;

const point = fc.tuple(...names.map(() => fc.double({ min: 0.5, max: 2, noNaN: true })));

function gradientAt(f: DifferentiableFunction, x: number[]): Float64Array {
  const gradient = new Float64Array(x.length);
  f.gradient(x, gradient);
  return gradient;
}

/** Central differences, with Richardson's extrapolation: an error of order h⁴. */
function difference(of: (x: number[]) => number, x: number[], k: number): number {
  const along = (h: number): number => {
    const [up, down] = [x.slice(), x.slice()];
    up[k] += h;
    down[k] -= h;
    return (of(up) - of(down)) / (up[k] - down[k]);
  };
  const h = 1e-3;
  return (4 * along(h / 2) - along(h)) / 3;
}

function assertNear(actual: number, expected: number, scale: number, what: string): void {
  const error = Math.abs(actual - expected);
  assert.ok(
    error <= 2e-6 * (1 + Math.abs(expected) + scale),
    `${what}: ${actual}, but differences give ${expected}`,
  );
}

describe("The derivatives of a function", () => {
  it("are those of central differences", () => {
    fc.assert(
      fc.property(smooth, point, (expression, x) => {
        const f = createFunction(expression, names);
        const value = f.value(x);
        fc.pre(Math.abs(value) < 1e4);
        const gradient = gradientAt(f, x);
        fc.pre(gradient.every((part) => Math.abs(part) < 1e4));
        for (let k = 0; k < x.length; k++) {
          const expected = difference((at) => f.value(at), x, k);
          // Where the function bends too fast for its differences, they tell nothing.
          const rough = difference(
            (at) => f.value(at),
            x.map((v, i) => (i === k ? v + 1e-4 : v)),
            k,
          );
          if (Math.abs(rough - expected) > 0.05 * (1 + Math.abs(expected))) return;
          assertNear(gradient[k], expected, Math.abs(value), `∂/∂${names[k]} of ${expression}`);
        }
      }),
      { numRuns: 1500, seed: 11 },
    );
  });

  it("of second order are those of the gradient's differences, and symmetric", () => {
    fc.assert(
      fc.property(smooth, point, (expression, x) => {
        const f = createFunction(expression, names);
        const gradient = gradientAt(f, x);
        const hessian = f.hessian(x);
        const n = names.length;
        fc.pre(Math.abs(f.value(x)) < 1e3 && hessian.every((part) => Math.abs(part) < 1e3));
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) {
            const [a, b] = [hessian[j * n + k], hessian[k * n + j]];
            assert.ok(Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a)), `${expression}: ${a} and ${b}`);
            const expected = difference((at) => gradientAt(f, at)[j], x, k);
            const rough = difference(
              (at) => gradientAt(f, at)[j],
              x.map((v, i) => (i === k ? v + 1e-4 : v)),
              k,
            );
            if (Math.abs(rough - expected) > 0.05 * (1 + Math.abs(expected))) return;
            assertNear(a, expected, Math.abs(gradient[j]), `∂²/∂${names[j]}∂${names[k]} of ${expression}`);
          }
        }
      }),
      { numRuns: 800, seed: 12 },
    );
  });

  it("of the Rosenbrock function are exact", () => {
    const f = createFunction("(1-x)^2 + 100*(y-x^2)^2");
    assert.ok(Math.abs(Math.hypot(...gradientAt(f, [-1.2, 1])) - 232.867687754) < 1e-9);
    assert.deepEqual([...gradientAt(f, [1, 1])], [0, 0]);
    assert.deepEqual([...f.hessian([1, 1])], [802, -400, -400, 200]);
  });

  it("of a whole power of a negative number are finite", () => {
    const f = createFunction("x^3");
    assert.equal(gradientAt(f, [-2])[0], 12);
    assert.equal(f.hessian([-2])[0], -12);
  });

  it("at kinks are PyTorch's", () => {
    assert.deepEqual([...gradientAt(createFunction("abs(x)"), [0])], [0]);
    assert.deepEqual([...gradientAt(createFunction("max(x, y)"), [1, 1])], [0.5, 0.5]);
    assert.deepEqual([...gradientAt(createFunction("min(x, y)"), [1, 2])], [1, 0]);
  });

  it("do not suffer from what does not count", () => {
    // The derivative of the square root is infinite at 0, where the other argument is chosen.
    assert.deepEqual([...gradientAt(createFunction("max(sqrt(x), 1)"), [0])], [0]);
    assert.deepEqual([...gradientAt(createFunction("y + 0*x", ["x", "y"]), [3, 4])], [0, 1]);
  });

  it("are 0 for a variable that does not appear", () => {
    const f = createFunction("x^2", ["y", "x"]);
    assert.deepEqual([...gradientAt(f, [5, 3])], [0, 6]);
    assert.deepEqual([...f.hessian([5, 3])], [0, 0, 0, 2]);
  });
});

describe("A function without a value", () => {
  const faults: [string, number[], RegExp][] = [
    ["1 + log(x - 3)", [1], /^log\(x - 3\) is the logarithm of a negative number \(−2\)$/],
    ["log(x)", [0], /logarithm of 0/],
    ["sqrt(x)", [-4], /square root of a negative number \(−4\)/],
    ["1/x", [0], /1\/x is a division by 0/],
    ["(x - 1)^0.3", [0], /negative number \(−1\) to a power that is not whole \(0\.3\)/],
    ["x^-2", [0], /0 to a negative power/],
    ["exp(x)", [1000], /exp\(x\) is too large for a number/],
    ["x^2", [1e200], /x\^2 is too large/],
    ["x", [Infinity], /a variable is too large/],
  ];
  for (const [expression, x, clause] of faults) {
    it(`says why ${expression} has none at ${x.join()}`, () => {
      assert.match(createFunction(expression).explainNonFinite(x) ?? "", clause);
    });
  }

  it("has nothing to say of one that has a value", () => {
    assert.equal(createFunction("log(x)").explainNonFinite([1]), null);
  });
});
