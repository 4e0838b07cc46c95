import assert from "node:assert/strict";
import { parseRunConfig } from "../../../src/config/parse";
import { formatProblem } from "../../../src/config/problem";

interface Expected {
  /** What the problem's range covers. */
  at: string;
  message: RegExp;
  /** The text after the problem's replacement. */
  repaired?: string;
}

type Language = "json" | "yaml";

function check(text: string, expected: Expected[], language: Language = "json"): void {
  const { config, problems } = parseRunConfig(text, language);
  assert.equal(config, null, text);
  const shown = problems
    .map(({ start, end, message }) => `${text.slice(start, end)} | ${message}`)
    .join("\n");
  assert.equal(problems.length, expected.length, `${text}\n${shown}`);
  expected.forEach(({ at, message, repaired }, i) => {
    const problem = problems[i];
    assert.equal(text.slice(problem.start, problem.end), at, shown);
    assert.match(problem.message, message);
    assertOneSentence(problem.message);
    const { replacement } = problem;
    const after =
      replacement && text.slice(0, replacement.start) + replacement.text + text.slice(replacement.end);
    assert.equal(after, repaired, shown);
  });
}

function assertOneSentence(message: string): void {
  assert.match(message, /^["A-Z\-+.].*[.?]$/, message);
  assert.doesNotMatch(message, /\n|undefined|\[object|!/, message);
  assert.ok(message.length < 330, message);
}

/** Checks one wrong key or value beside a valid data section. */
function checkKey(keys: string, at: string, message: RegExp, repaired?: string): void {
  const around = (inside: string) => `{ "data": { "file": "a.csv", "target": "b" }, ${inside} }`;
  check(around(keys), [{ at, message, repaired: repaired === undefined ? undefined : around(repaired) }]);
}

/** Checks one wrong key or value in the data section. */
function checkData(keys: string, at: string, message: RegExp, repaired?: string): void {
  const around = (inside: string) => `{ "data": { ${inside} } }`;
  check(around(keys), [{ at, message, repaired: repaired === undefined ? undefined : around(repaired) }]);
}

describe("problems of a run config", () => {
  it("says what an unknown key may have meant", () => {
    checkKey(
      '"epoch": 3',
      '"epoch"',
      /Unknown key "epoch" at the top level: did you mean "epochs"\?/,
      '"epochs": 3',
    );
    checkKey('"batch_size": 3', '"batch_size"', /did you mean "batchSize"\?/, '"batchSize": 3');
    checkKey('"Optimiser": {}', '"Optimiser"', /did you mean "optimizer"\?/, '"optimizer": {}');
    checkKey(
      '"optimizer": { "lr": 3 }',
      '"lr"',
      /Unknown key "lr" in "optimizer": did you mean "learningRate"\?/,
      '"optimizer": { "learningRate": 3 }',
    );
    checkKey(
      '"network": { "hidden": [{ "unit": 3 }] }',
      '"unit"',
      /in "network.hidden\[0\]": did you mean "units"\?/,
      '"network": { "hidden": [{ "units": 3 }] }',
    );
  });

  it("says where a key belongs that stands in the wrong section", () => {
    checkKey('"hidden": [3]', '"hidden"', /did you mean "hidden" in "network"\?/);
    checkKey('"lr": 3', '"lr"', /did you mean "learningRate" in "optimizer"\?/);
    checkKey('"optimizer": { "epochs": 3 }', '"epochs"', /did you mean "epochs" at the top level\?/);
    checkKey('"stratify": true', '"stratify"', /did you mean "stratify" in "data.split"\?/);
  });

  it("lists the keys where nothing is near", () => {
    checkKey(
      '"zzz": 3',
      '"zzz"',
      /^Unknown key "zzz" at the top level; the keys here are "data", .*"earlyStopping", .* and "engine"\.$/,
    );
    checkKey('"earlyStopping": { "zzz": 3 }', '"zzz"', /are "patience", "minDelta" and "restoreBest"\.$/);
    checkKey('"__proto__": 3', '"__proto__"', /Unknown key "__proto__"/);
    checkKey('"toString": 3', '"toString"', /Unknown key "toString"/);
    checkKey('"optimizer": { "constructor": 3 }', '"constructor"', /Unknown key "constructor"/);
  });

  it("does not suggest a key that is there already", () => {
    checkKey('"epochs": 3, "epoch": 4', '"epoch"', /did you mean "epochs"/);
  });

  it("says which words a key takes", () => {
    checkKey(
      '"loss": "huber"',
      '"huber"',
      /^"loss" must be one of "mse", "mae", "binary-cross-entropy" or "categorical-cross-entropy", not "huber"\.$/,
    );
    checkKey(
      '"loss": "cross-entropy"',
      '"cross-entropy"',
      /did you mean "categorical/,
      '"loss": "categorical-cross-entropy"',
    );
    checkKey('"task": "Regression"', '"Regression"', /did you mean "regression"/, '"task": "regression"');
    checkKey(
      '"optimizer": { "type": "adm" }',
      '"adm"',
      /^"optimizer.type" must be one of .* did you mean "adam"\?$/,
      '"optimizer": { "type": "adam" }',
    );
    checkKey('"optimizer": { "type": "toString" }', '"toString"', /"optimizer.type" must be one of/);
    checkKey(
      '"network": { "activation": "swish" }',
      '"swish"',
      /"silu"\?/,
      '"network": { "activation": "silu" }',
    );
    checkKey(
      '"schedule": { "type": "plateau" }',
      '"plateau"',
      /plateau"\?/,
      '"schedule": { "type": "reduce-on-plateau" }',
    );
    checkKey(
      '"batchSize": "ful"',
      '"ful"',
      /whole number of at least 1 or "full", not "ful"/,
      '"batchSize": "full"',
    );
    checkKey('"loss": 3', "3", /must be one of .*, not 3\.$/);
  });

  it("refuses another optimizer's or schedule's parameter", () => {
    checkKey(
      '"optimizer": { "type": "sgd", "momentum": 0.9 }',
      '"momentum"',
      /^"momentum" is a parameter of "momentum" and "nesterov", not of "sgd"; leave it out or change the type\.$/,
    );
    checkKey(
      '"optimizer": { "momentum": 0.9 }',
      '"momentum"',
      /not of "adam", the default; add a "type" or leave it out\.$/,
    );
    checkKey(
      '"optimizer": { "type": "adam", "decay": 0.9 }',
      '"decay"',
      /is a parameter of "rmsprop", not of "adam"/,
    );
    checkKey(
      '"schedule": { "type": "cosine", "factor": 0.9 }',
      '"factor"',
      /"step", "exponential" and "reduce-on-plateau"/,
    );
    checkKey(
      '"optimizer": { "type": "sgd", "eps": 1 }',
      '"eps"',
      /Unknown key "eps" in "optimizer"; the keys here are "type", "learningRate" and "weightDecay"\./,
    );
    // With an unknown type every parameter is let through, so that one slip is one problem.
    checkKey('"optimizer": { "type": "zzzzzz", "momentum": 0.9 }', '"zzzzzz"', /must be one of/);
  });

  it("checks every range", () => {
    const wrong: [string, string, RegExp][] = [
      ['"epochs": 0', "0", /"epochs" must be a whole number of at least 1, not 0\./],
      ['"epochs": -3', "-3", /at least 1, not -3/],
      ['"epochs": 1.5', "1.5", /must be a whole number/],
      ['"epochs": 1e300', "1e300", /"epochs" must be at most 1000000000, not 1e300\./],
      ['"epochs": 1e999', "1e999", /must be a finite number, not 1e999/],
      ['"batchSize": 0', "0", /whole number of at least 1 or "full"/],
      ['"seed": -1', "-1", /whole number of at least 0/],
      ['"seed": 4294967296', "4294967296", /at most 4294967295/],
      ['"gradientClipNorm": 0', "0", /above 0/],
      ['"network": { "dropout": 1 }', "1", /of at least 0 and below 1, not 1\./],
      ['"network": { "dropout": -0.1 }', "-0.1", /of at least 0 and below 1/],
      ['"network": { "hidden": [0] }', "0", /"network.hidden\[0\]" must be a whole number of at least 1/],
      [
        '"network": { "hidden": [{ "units": 1e9 }] }',
        "1e9",
        /"network.hidden\[0\].units" must be at most 1000000/,
      ],
      [
        '"optimizer": { "learningRate": 0 }',
        "0",
        /"optimizer.learningRate" must be a number above 0, not 0\./,
      ],
      ['"optimizer": { "learningRate": -1e999 }', "-1e999", /finite/],
      ['"optimizer": { "learningRate": 1e-999 }', "1e-999", /above 0, not 1e-999/],
      ['"optimizer": { "weightDecay": -1 }', "-1", /at least 0/],
      ['"optimizer": { "beta2": 1 }', "1", /below 1/],
      ['"optimizer": { "epsilon": 0 }', "0", /above 0/],
      ['"optimizer": { "type": "momentum", "momentum": 1 }', "1", /below 1/],
      ['"optimizer": { "type": "rmsprop", "decay": 1 }', "1", /below 1/],
      ['"schedule": { "warmupSteps": 0.5 }', "0.5", /whole number of at least 0/],
      ['"schedule": { "type": "step", "every": 0 }', "0", /at least 1/],
      ['"schedule": { "type": "exponential", "factor": 0 }', "0", /above 0/],
      ['"schedule": { "type": "reduce-on-plateau", "factor": 1 }', "1", /above 0 and below 1/],
      ['"schedule": { "type": "cosine", "final": -1 }', "-1", /at least 0/],
      ['"schedule": { "type": "one-cycle", "peak": 0 }', "0", /above 0/],
      ['"earlyStopping": { "patience": 0 }', "0", /at least 1/],
      ['"earlyStopping": { "minDelta": -1 }', "-1", /at least 0/],
    ];
    for (const [keys, at, message] of wrong) checkKey(keys, at, message);
    checkData('"file": "a.csv", "target": "b", "rows": 0', "0", /at least 1/);
    checkData(
      '"file": "a.csv", "target": "b", "split": { "validation": 1 }',
      "1",
      /"data.split.validation" .* below 1/,
    );
  });

  it("says what a value of the wrong kind should be", () => {
    checkKey('"epochs": null', "null", /^"epochs" has no value; it must be a whole number of at least 1\.$/);
    checkKey('"epochs": [1]', "[1]", /not a list/);
    checkKey('"epochs": {}', "{}", /not an object/);
    checkKey('"epochs": true', "true", /not true/);
    checkKey('"epochs": "12"', '"12"', /did you mean 12\?/, '"epochs": 12');
    checkKey('"epochs": "twelve"', '"twelve"', /whole number of at least 1, not "twelve"\.$/);
    checkKey('"batchSize": "32"', '"32"', /did you mean 32\?/, '"batchSize": 32');
    checkKey('"shuffle": "yes"', '"yes"', /true or false, not "yes": did you mean true\?/, '"shuffle": true');
    checkKey('"shuffle": 0', "0", /did you mean false\?/, '"shuffle": false');
    checkKey('"network": { "hidden": 16 }', "16", /did you mean \[16\]\?/, '"network": { "hidden": [16] }');
    checkKey('"network": { "hidden": ["8"] }', '"8"', /did you mean 8\?/, '"network": { "hidden": [8] }');
    checkKey('"network": { "hidden": [[8]] }', "[8]", /or an object with "units", not a list/);
    checkKey('"network": [16]', "[16]", /"network" must be an object, not a list/);
    checkKey(
      '"optimizer": "adm"',
      '"adm"',
      /did you mean \{ "type": "adam" \}/,
      '"optimizer": { "type": "adam" }',
    );
    checkKey('"earlyStopping": true', "true", /must be an object/);
    checkData(
      '"file": 3, "target": "b"',
      "3",
      /the name of a file, not 3: did you mean "3"\?/,
      '"file": "3", "target": "b"',
    );
    checkData(
      '"file": "a.csv", "target": 2020',
      "2020",
      /did you mean "2020"\?/,
      '"file": "a.csv", "target": "2020"',
    );
    checkData('"file": "a.csv", "target": {}', "{}", /a column or a list of column names, not an object/);
    checkData(
      '"file": "a.csv", "target": "b", "ignore": "id"',
      '"id"',
      /\["id"\]/,
      '"file": "a.csv", "target": "b", "ignore": ["id"]',
    );
    checkData('"file": "", "target": "b"', '""', /^"data.file" is empty; give the name of a file\.$/);
    checkData('"file": "a\\u0000.csv", "target": "b"', '"a\\u0000.csv"', /NUL/);
    checkData('"file": "a.csv", "target": []', "[]", /empty list; name at least one/);
    checkData('"file": "a.csv", "target": "b", "features": []', "[]", /empty list/);
    checkData('"file": "a.csv", "target": ["b", "c", "b"]', '"b"', /"b" stands twice in "data.target"/);
    check(`{ "data": ${"[".repeat(200)}${"]".repeat(200)} }`, [
      { at: `${"[".repeat(200)}${"]".repeat(200)}`, message: /not a list/ },
    ]);
    checkKey(
      `"network": { "hidden": [${"1,".repeat(101)}] }`,
      `[${"1,".repeat(101)}]`,
      /101 items, but may have at most 100/,
    );
  });

  it("names what is missing", () => {
    check("{}", [
      { at: "{", message: /^The key "data" is missing; it must be an object with "file" and "target"\.$/ },
    ]);
    check('{ "data": {} }', [
      { at: '"data"', message: /^The key "file" in "data" is missing; it must be the name of a file\.$/ },
      { at: '"data"', message: /"target" in "data" is missing; it must be the name of a column or a list/ },
    ]);
    checkKey('"network": { "hidden": [{}] }', "{}", /"units" in "network.hidden\[0\]" is missing/);
    check("epochs: 3\n", [{ at: "e", message: /"data" is missing/ }], "yaml");
    // A misspelt key is one problem, not two.
    check('{ "dta": { "file": "a.csv" } }', [
      { at: '"dta"', message: /"data"/, repaired: '{ "data": { "file": "a.csv" } }' },
    ]);
  });

  it("refuses what is not available yet, at its key", () => {
    for (const key of ["folds"]) {
      checkKey(
        `"${key}": [{ "anything": 1 }]`,
        `"${key}"`,
        new RegExp(`^"${key}" is not available yet; remove it\\.$`),
      );
    }
    checkKey(
      '"engine": { "fastMath": true }',
      '"fastMath"',
      /^"engine\.fastMath" is not available yet; remove it\.$/,
    );
  });

  it("keeps the keys of networks and of functions apart", () => {
    checkKey('"function": { "expression": "x^2" }', '"data"', /^"data" is for training a network; remove it/);
    check('{ "function": { "expression": "x^2" }, "epochs": 10, "loss": "mse" }', [
      { at: '"epochs"', message: /of which a function has none; use "steps"/ },
      { at: '"loss"', message: /a function is its own loss; remove it/ },
    ]);
    checkKey('"steps": 10', '"steps"', /a network is trained for so many "epochs"/);
    checkKey('"gradientTolerance": 0', '"gradientTolerance"', /a network may have "earlyStopping"/);
  });

  it("says what is wrong with a function", () => {
    const around = (inside: string) => `{ "function": { ${inside} } }`;
    const wrong = (inside: string, at: string, message: RegExp) => check(around(inside), [{ at, message }]);
    wrong(
      "",
      '"function"',
      /"expression" in "function" is missing; it must be a function such as "x\^2 \+ y\^2"/,
    );
    wrong(
      '"expression": []',
      "[]",
      /"function.expression" must be a function such as "x\^2 \+ y\^2", not a list/,
    );
    const x = '"expression": "x^2", ';
    wrong(
      `${x}"start": [1, 2]`,
      "[1, 2]",
      /"random" or an object with a number for each variable, not a list/,
    );
    check(around(`${x}"start": "radnom"`), [
      { at: '"radnom"', message: /did you mean "random"\?/, repaired: around(`${x}"start": "random"`) },
    ]);
    wrong(`${x}"start": { "x": "a" }`, '"a"', /"function.start.x" must be a number, not "a"/);
    wrong(`${x}"domain": { "x": [1] }`, "[1]", /must be a list of two numbers, but has 1 item/);
    wrong(`${x}"domain": { "x": [1, null] }`, "null", /"function.domain.x\[1\]" has no value/);
    wrong(
      `${x}"domain": { "x": [2, 1] }`,
      "[2, 1]",
      /is empty: its first number, 2, must be below its second, 1/,
    );
    wrong(`${x}"begin": 1`, '"begin"', /keys here are "expression", "start" and "domain"/);
  });

  it("knows formats by their names and extensions", () => {
    for (const format of ["csv", "tsv", "json", "jsonl", "parquet"]) {
      for (const data of [`"file": "a.${format}"`, `"file": "a", "format": "${format}"`])
        assert.deepEqual(parseRunConfig(`{ "data": { ${data}, "target": "b" } }`, "json").problems, []);
    }
    checkData(
      '"file": "a.csv", "target": "b", "format": "ndjson"',
      '"ndjson"',
      /mean "jsonl"\?/,
      '"file": "a.csv", "target": "b", "format": "jsonl"',
    );
    checkData(
      '"file": "a.csv", "validationFile": "v.xlsx", "target": "b"',
      '"v.xlsx"',
      /ends in "\.xlsx", which tells no format/,
    );
    checkData(
      '"file": "a.dat", "target": "b"',
      '"a.dat"',
      /^"a.dat" ends in ".dat", which tells no format; add "format"/,
    );
    checkData('"file": "dir.csv/a", "target": "b"', '"dir.csv/a"', /has no extension/);
  });

  it("finds contradictions between keys", () => {
    checkKey(
      '"task": "classification", "loss": "mse"',
      '"mse"',
      /is for regression, but the task is classification; use a cross-entropy/,
    );
    checkKey('"task": "classification", "loss": "mae"', '"mae"', /is for regression/);
    checkKey(
      '"loss": "binary-cross-entropy", "task": "regression"',
      '"binary-cross-entropy"',
      /use "mse" or "mae"/,
    );
    checkKey(
      '"loss": "categorical-cross-entropy", "task": "regression"',
      '"categorical-cross-entropy"',
      /is for classification/,
    );
    const two = '"data": { "file": "a.csv", "target": ["b", "c"] }';
    check(`{ ${two}, "task": "classification" }`, [
      { at: '"classification"', message: /There are 2 target columns/ },
    ]);
    check(`{ ${two}, "loss": "binary-cross-entropy" }`, [
      { at: '"binary-cross-entropy"', message: /There are 2 target columns/ },
    ]);
    checkData(
      '"file": "a.csv", "target": "b", "features": ["a", "b"]',
      '"b"',
      /The target "b" cannot be a feature as well/,
    );
    checkData(
      '"file": "a.csv", "target": ["c", "b"], "ignore": ["b"]',
      '"b"',
      /The target "b" cannot be ignored/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "features": ["a"], "ignore": ["a"]',
      '"a"',
      /is a feature and is ignored as well/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "validation": 0.5, "test": 0.5 }',
      "0.5",
      /No rows are left .* validation 0\.5 and test 0\.5/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "test": 0.8 }',
      "0.8",
      /validation 0\.2 \(the default\) and test 0\.8/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "validationFile": "v.csv", "split": { "validation": 0.2 }',
      "0.2",
      /come from "validationFile"/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "validationFile": "a.csv"',
      '"a.csv"',
      /is the data file itself/,
    );
    for (const other of ["data", "validation"]) {
      const file = other === "data" ? "a.csv" : "v.csv";
      checkData(
        `"file": "a.csv", "target": "b", "validationFile": "v.csv", "testFile": "${file}" `,
        `"${file}"`,
        new RegExp(`The test file is the ${other} file itself`),
      );
    }
    checkData(
      '"file": "a.csv", "target": "b", "testFile": "t.csv", "split": { "test": 0.25 }',
      "0.25",
      /^The test rows come from "testFile"; remove this share or that file\.$/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "groupBy": "b" }',
      '"b"',
      /^The rows cannot be split by the target "b"/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "orderBy": "b" }',
      '"b"',
      /^The rows cannot be split by the target "b"/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "orderBy": "day", "groupBy": "house" }',
      '"day"',
      /^Rows are split either by "groupBy" or by "orderBy"/,
    );
    checkData(
      '"file": "a.csv", "target": "b", "split": { "orderBy": "day", "stratify": true }',
      "true",
      /cannot keep the classes in proportion/,
    );
  });

  it("refuses class weights where there are no classes", () => {
    const around = (data: string, rest: string) =>
      `{ "data": { "file": "a.csv", ${data}, "classWeights": "balanced" }${rest} }`;
    for (const [data, rest, because] of [
      ['"target": "b"', ', "task": "regression"', "the task is regression"],
      ['"target": "b"', ', "loss": "mae"', 'the loss "mae" is for regression'],
      ['"target": ["b", "c"]', "", "several target columns make a regression"],
    ]) {
      const message = new RegExp(`^Class weights are for classification, but ${because}; remove`);
      check(around(data, rest), [{ at: '"balanced"', message }]);
    }
    checkData(
      '"file": "a.csv", "target": "b", "classWeights": "balance"',
      '"balance"',
      /did you mean "balanced"\?/,
      '"file": "a.csv", "target": "b", "classWeights": "balanced"',
    );
  });

  it("are one line each, whatever the text of the value is", () => {
    const text = "data:\n  file: a.csv\n  target: b\nnetwork:\n  hidden:\n    momentum: 0\n    data: 0\n";
    check(
      text,
      [{ at: "momentum: 0\n    data: 0", message: /^"network.hidden" must be a list, not an object/ }],
      "yaml",
    );
  });

  it("does not build on values that are wrong themselves", () => {
    checkData(
      '"file": "a.csv", "target": "b", "split": { "validation": "x", "test": 0.9 }',
      '"x"',
      /must be a number/,
    );
    checkKey(
      '"task": "clasification", "loss": "mse"',
      '"clasification"',
      /did you mean/,
      '"task": "classification", "loss": "mse"',
    );
  });

  it("reports everything at once, in the order of the text", () => {
    const text = `{
      "epochs": 0,
      "data": { "target": "b", "file": "a.xlsx", "colour": "blue" },
      "seed": "x",
      "loss": "mse", "task": "classification"
    }`;
    check(text, [
      { at: "0", message: /epochs/ },
      { at: '"a.xlsx"', message: /tells no format/ },
      { at: '"colour"', message: /Unknown key/ },
      { at: '"x"', message: /seed/ },
      { at: '"mse"', message: /is for regression/ },
    ]);
  });

  it("says that a text is empty or no object", () => {
    for (const language of ["json", "yaml"] as const) {
      check("", [{ at: "", message: /The run config is empty/ }], language);
      check(" \n\n", [{ at: " \n\n", message: /The run config is empty/ }], language);
      check("[1, 2]", [{ at: "[", message: /must be an object of keys and values, not a list/ }], language);
      check('"abc"', [{ at: '"', message: /not "abc"/ }], language);
    }
    check("// nothing\n/* here */", [{ at: "// nothing\n/* here */", message: /empty/ }]);
    check("# nothing\n", [{ at: "# nothing\n", message: /empty/ }], "yaml");
    check("null", [{ at: "n", message: /The run config has no value/ }]);
  });

  it("does not read a text that is far too long", () => {
    const rows = `[${'{"question": "why", "answer": 42},'.repeat(40_000)}]`;
    for (const language of ["json", "yaml"] as const) {
      check(rows, [{ at: "[", message: /too long for a run config/ }], language);
    }
  });

  it("knows the path of each problem", () => {
    const { problems } = parseRunConfig(
      '{ "data": { "file": "a.csv", "target": "b" }, "network": { "hidden": [1, { "units": 0 }] } }',
      "json",
    );
    assert.deepEqual(problems[0].path, ["network", "hidden", 1, "units"]);
  });

  it("is printed as file:line:column: message", () => {
    const text = '{\n  "data": { "file": "a.csv", "target": "b" },\r\n  "epochs": 0 }';
    const [problem] = parseRunConfig(text, "json").problems;
    assert.equal(
      formatProblem("dir/a.train.json", text, problem),
      'dir/a.train.json:3:13: "epochs" must be a whole number of at least 1, not 0.',
    );
  });
});

describe("a broken JSON text", () => {
  it("says what is wrong in a sentence", () => {
    const cases: [string, string, RegExp, string?][] = [
      ['{"a":\n 1 "b": 2}', '"b"', /A comma is missing before this/],
      ['{"epochs": }', "}", /A value is missing here/],
      ['{"epochs" 1}', "1", /A colon is missing/],
      ['{"epochs": 1', "", /A closing brace "}" is missing/],
      ['{"network": {"hidden": [1}', "}", /A closing bracket|A comma/],
      ['{"epochs": 1}}', "}", /The run config has ended before this/],
      ['{"loss": "mse', '"mse', /This text has no closing quote/],
      ['{"epochs": NaN}', "NaN", /NaN is no number that a run config can hold/],
      ['{"epochs": -Infinity}', "-Infinity", /-Infinity is no number/],
      ['{"epochs": .5}', ".5", /".5" is not a number that JSON knows/],
      ['{"epochs": 1.}', "1.", /This number is not complete/],
      ['{"shuffle": True}', "True", /did you mean true\?/, '{"shuffle": true}'],
      ["{'epochs': 1}", "'epochs'", /double quotes only/, '{"epochs": 1}'],
      ["{epochs: 1}", "epochs", /In JSON the word epochs must stand in double quotes/, '{"epochs": 1}'],
      ['{"epochs": 1 /* end', "/* end", /This comment does not end/],
      ['{"data": {"file": "a\\d.csv"}}', '"a\\d.csv"', /write a backslash twice, and use \/ in paths/],
      ['{"loss": "\\u12"}', '"\\u12"', /four hexadecimal digits/],
      ['{"loss": "m\tse"}', '"m\tse"', /control character/],
    ];
    for (const [text, at, message, repaired] of cases) {
      const { config, problems } = parseRunConfig(text, "json");
      assert.equal(config, null);
      const syntax = problems.filter((problem) => problem.syntax);
      assert.equal(syntax.length, 1, `${text}: ${syntax.map((problem) => problem.message).join(" | ")}`);
      const [{ start, end, message: said, replacement }] = syntax;
      assert.match(said, message, text);
      assertOneSentence(said);
      assert.equal(text.slice(start, end), at, text);
      if (repaired !== undefined) {
        assert.ok(replacement, text);
        assert.equal(
          text.slice(0, replacement.start) + replacement.text + text.slice(replacement.end),
          repaired,
        );
      }
    }
  });

  it("still says what is wrong in the rest, but not what is missing", () => {
    check('{ "epochs": 0,\n "lr": 1,\n "loss": "ms\n}', [
      { at: "0", message: /epochs/ },
      { at: '"lr"', message: /learningRate/ },
      { at: '"ms', message: /no closing quote/ },
    ]);
    check('{ "zzz": }', [{ at: "}", message: /A value is missing/ }]);
    check('{ "epo', [{ at: '"epo', message: /no closing quote/ }]);
  });

  it("says on each line what is wrong there", () => {
    check("{\n'epochs': 1,\n'seed': 2\n}", [
      { at: "'epochs'", message: /double quotes/, repaired: "{\n\"epochs\": 1,\n'seed': 2\n}" },
      { at: "'seed'", message: /double quotes/, repaired: "{\n'epochs': 1,\n\"seed\": 2\n}" },
    ]);
  });

  it("may not have a key twice", () => {
    checkKey('"epochs": 1, "epochs": 2', '"epochs"', /The key "epochs" stands here twice; keep one of them/);
  });

  it("may be nested too deeply", () => {
    for (const open of ["[", '{"a":']) {
      const { problems } = parseRunConfig(open.repeat(200_000), "json");
      assert.deepEqual(
        problems.map(({ message }) => message),
        ["The run config is nested too deeply to be read."],
      );
    }
  });
});

describe("a broken YAML text", () => {
  it("says what is wrong in a sentence", () => {
    const cases: [string, RegExp][] = [
      ["data:\n\tfile: a.csv", /indented with spaces, not with tabs/],
      ["epochs: [1", /A closing bracket "\]" is missing/],
      ["optimizer: {type: sgd", /A closing brace "}" is missing/],
      ['loss: "mse', /no closing quote/],
      ["data: !custom { file: a.csv, target: b }", /plain data; remove this tag/],
      ["seed: !!binary aGk=", /plain data; remove this tag/],
      ["epochs: 1\n seed: 2", /A key stands within a value here/],
      ["epochs\nseed: 2", /followed by a colon/],
      ["data:\n    file: a.csv\n  target: b", /not indented like the lines/],
      ["seed: 1\n---\nseed: 2", /one document/],
      ["seed: *nothing", /There is no anchor &nothing before this alias/],
      ["? [a]\n: 1", /A key must be plain text/],
      ["%FOO\n---\nseed: 1", /no YAML directives/],
      ["seed: @x", /not valid YAML/],
    ];
    for (const [text, message] of cases) {
      const { config, problems } = parseRunConfig(text, "yaml");
      assert.equal(config, null, text);
      const syntax = problems.filter((problem) => problem.syntax);
      assert.equal(syntax.length, 1, `${text}: ${syntax.map((problem) => problem.message).join(" | ")}`);
      assert.match(syntax[0].message, message, text);
      assertOneSentence(syntax[0].message);
    }
  });

  const data = "data: { file: a.csv, target: b }\n";

  it("has the same problems at its own places", () => {
    check(`${data}epochs: 0\n`, [{ at: "0", message: /at least 1/ }], "yaml");
    check(`${data}epochs: .nan\n`, [{ at: ".nan", message: /finite number, not \.nan/ }], "yaml");
    check(`${data}epochs:\nseed: 1\n`, [{ at: "epochs", message: /"epochs" has no value/ }], "yaml");
    check(`${data}loss: msd\n`, [{ at: "msd", message: /"mse"/, repaired: `${data}loss: mse\n` }], "yaml");
    check(
      `${data}loss: 'msd'\n`,
      [{ at: "'msd'", message: /"mse"/, repaired: `${data}loss: 'mse'\n` }],
      "yaml",
    );
    check(
      `${data}epoch: 3\n`,
      [{ at: "epoch", message: /"epochs"/, repaired: `${data}epochs: 3\n` }],
      "yaml",
    );
    check(
      `${data}optimizer:\n  typ: sgd\n`,
      [{ at: "typ", message: /"type"/, repaired: `${data}optimizer:\n  type: sgd\n` }],
      "yaml",
    );
    check(
      `${data}shuffle: yes\n`,
      [{ at: "yes", message: /true/, repaired: `${data}shuffle: true\n` }],
      "yaml",
    );
    check(`${data}seed: 1\nseed: 2\n`, [{ at: "seed", message: /stands here twice/ }], "yaml");
  });

  it("shows a missing quote and a wrong block where they begin", () => {
    check(`loss: "msd\nseed: 0.5\n`, [{ at: '"msd', message: /no closing quote/ }], "yaml");
    check(`loss: 'msd`, [{ at: "'msd", message: /no closing quote/ }], "yaml");
    check("data:\n  - [1]\nseed: 1\n", [{ at: "- [1]", message: /not a list/ }], "yaml");
    check("data: { file: a.csv, target: @x }\n", [{ at: "@", message: /not valid YAML/ }], "yaml");
  });

  it("shows what is wrong behind an alias at the alias", () => {
    const text = `data: { file: a.csv, target: b }\nnetwork: { hidden: [&a { units: 0 }, *a] }\n`;
    check(
      text,
      [
        { at: "0", message: /hidden\[0\].units/ },
        { at: "*a", message: /hidden\[1\].units/ },
      ],
      "yaml",
    );
  });

  it("does not let aliases multiply", () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}, *l${i}]`,
    );
    const { config, problems } = parseRunConfig(`l0: &l0 [1, 1]\n${levels.join("\n")}\n`, "yaml");
    assert.equal(config, null);
    assert.ok(problems.some(({ message }) => /aliases here multiply/.test(message)));
    assert.equal(parseRunConfig("data: &a { file: *a }\n", "yaml").config, null);
  });
});
