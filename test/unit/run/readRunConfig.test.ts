/** What is said of a function that is to be minimised, with a caret at the character. */
import assert from "node:assert/strict";
import type { ConfigLanguage } from "../../../src/config/files";
import { readRunConfig } from "../../../src/run/readRunConfig";

function problemsOf(
  text: string,
  language: ConfigLanguage = "json",
): { at: string; from: number; message: string; repaired?: string }[] {
  const { problems, functionRun } = readRunConfig(text, language);
  if (problems.length > 0) assert.equal(functionRun, null);
  return problems.map(({ start, end, message, replacement }) => ({
    at: text.slice(start, end),
    from: start,
    message,
    ...(replacement && {
      repaired: text.slice(0, replacement.start) + replacement.text + text.slice(replacement.end),
    }),
  }));
}

function config(section: object, more: object = {}): string {
  return JSON.stringify({ function: section, ...more });
}

describe("a run config of a function", () => {
  it("becomes a function that is ready to be minimised", () => {
    const text = config(
      { expression: "(1-x)^2 + 100*(y-x^2)^2", start: { x: -1.2, y: 1 }, domain: { y: [-1, 3] } },
      { optimizer: { type: "sgd", learningRate: 0.001 }, steps: 7 },
    );
    const { config: network, functionRun, problems } = readRunConfig(text, "json");
    assert.deepEqual(problems, []);
    assert.equal(network, null);
    assert(functionRun);
    assert.deepEqual(functionRun.f.variables, ["x", "y"]);
    assert.deepEqual([...functionRun.start], [-1.2, 1]);
    assert.deepEqual(functionRun.domain, [null, [-1, 3]]);
    assert.deepEqual(
      [functionRun.config.steps, functionRun.config.gradientTolerance, functionRun.config.seed],
      [7, 1e-6, 1],
    );
    assert.ok(Math.abs(functionRun.f.value(functionRun.start) - 24.2) < 1e-12);
  });

  it("orders variables as in the start, else as in the domain, else by first appearance", () => {
    const order = (section: object) =>
      readRunConfig(config({ expression: "b + a*c", ...section }), "json").functionRun?.f.variables;
    assert.deepEqual(order({ start: { c: 1, b: 2, a: 3 }, domain: { a: [0, 1] } }), ["c", "b", "a"]);
    assert.deepEqual(order({ domain: { c: [0, 1], a: [0, 1], b: [0, 1] } }), ["c", "a", "b"]);
    assert.deepEqual(order({ domain: { c: [0, 1] } }), ["c", "b", "a"]);
    assert.deepEqual(order({}), ["b", "a", "c"]);
  });

  it("starts by chance where it does not say, always at the same point of the domain", () => {
    const start = (more: object) =>
      readRunConfig(config({ expression: "x^2", domain: { x: [5, 6] } }, more), "json").functionRun!.start[0];
    assert.ok(start({}) >= 5 && start({}) <= 6);
    assert.equal(start({}), start({ seed: 1 }));
    assert.notEqual(start({}), start({ seed: 2 }));
    const [x] = readRunConfig(config({ expression: "x^2", start: "random" }), "json").functionRun!.start;
    assert.ok(x >= -2 && x <= 2);
  });

  it("may start outside of its domain", () => {
    assert.deepEqual(problemsOf(config({ expression: "x^2", start: { x: 9 }, domain: { x: [0, 1] } })), []);
  });

  it("has a caret at the character of the expression that is wrong", () => {
    const text = '{ "function": { "expression": "x^2 + sinn(y)" } }';
    const [problem, ...others] = problemsOf(text);
    assert.equal(others.length, 0);
    assert.match(problem.message, /no function "sinn": did you mean "sin"/);
    assert.equal(problem.at, "sinn");
    assert.equal(problem.from, text.indexOf("sinn"));
    assert.equal(problem.repaired, text.replace("sinn", "sin"));
  });

  it("has it at the closing quote where something is missing at the end", () => {
    const text = '{ "function": { "expression": "x^2 +" } }';
    const [problem] = problemsOf(text);
    assert.match(problem.message, /missing after "\+"/);
    assert.equal(problem.from, text.indexOf('" }'));
  });

  it("finds the character behind escapes and in folded YAML", () => {
    const escaped = String.raw`{ "function": { "expression": "\u0078^2 +\t$ 1" } }`;
    assert.deepEqual([problemsOf(escaped)[0].at, problemsOf(escaped)[0].from], ["$", escaped.indexOf("$")]);
    for (const yaml of [
      "function:\n  expression: x^2 + $ 1\n",
      "function:\n  expression: 'x^2 + $ 1'\n",
      'function:\n  expression: "x^2 +\\x20$ 1"\n',
      "function:\n  expression: >-\n    x^2\n    + $ 1\n",
      "function:\n  expression: |\n    x^2\n    + $ 1\n",
      "function:\n  expression: x^2\n    + $ 1\n",
    ]) {
      const [problem] = problemsOf(yaml, "yaml");
      assert.deepEqual([problem.at, problem.from], ["$", yaml.indexOf("$")], yaml);
    }
  });

  it("knows which variables there are", () => {
    const expression = "(1-x)^2 + 100*(yy-x^2)^2";
    const [slip] = problemsOf(config({ expression, start: { x: 1, yyy: 2 } }));
    assert.match(slip.message, /no variable "yy": did you mean "yyy"/);
    assert.equal(slip.at, "yy");
    const [missing] = problemsOf(config({ expression: "x + y", start: { x: 1 } }));
    assert.match(missing.message, /"function.start" has no number for the variable y; add it/);
    assert.equal(missing.at, '{"x":1}');
    const [more] = problemsOf(config({ expression: "alpha", start: { alpha: 1 }, domain: { alpa: [0, 1] } }));
    assert.match(more.message, /no variable "alpa": did you mean "alpha"/);
    assert.equal(more.at, '"alpa"');
    assert.match(more.repaired ?? "", /"alpha":\[0,1\]/);
    assert.match(
      problemsOf(config({ expression: "x", start: { x: 1, z: 1 } }))[0].message,
      /has no variable "z"; it has x/,
    );
    const [constant] = problemsOf(config({ expression: "x", start: { x: 1, e: 1 } }));
    assert.match(constant.message, /"e" is a constant and cannot be a variable/);
    assert.equal(constant.at, '"e"');
    assert.match(
      problemsOf(config({ expression: "x", start: { "": 1 } }))[0].message,
      /not a variable's name/,
    );
    assert.match(problemsOf(config({ expression: "2 + 3" }))[0].message, /has no variable/);
  });

  it("refuses a start where the function has no value", () => {
    const [problem] = problemsOf(config({ expression: "log(x)", start: { x: -1 } }));
    assert.match(
      problem.message,
      /where log\(x\) is the logarithm of a negative number \(−1\); choose another/,
    );
    assert.equal(problem.at, '{"x":-1}');
    const [nowhere] = problemsOf(config({ expression: "log(x)", domain: { x: [-2, -1] } }));
    assert.match(nowhere.message, /no finite value anywhere in its domain/);
    assert.equal(nowhere.at, '{"x":[-2,-1]}');
  });

  it("is read as before where it is a network's", () => {
    const { config: network, functionRun } = readRunConfig('{"data":{"file":"a.csv","target":"b"}}', "json");
    assert.equal(network?.data.file, "a.csv");
    assert.equal(functionRun, null);
  });
});
