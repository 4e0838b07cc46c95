import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseRunConfig } from "../../../src/config/parse";
import { keyAt } from "../../../src/config/locate";

type Language = "json" | "yaml";

const column = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !name.includes("\0"));
const fraction = fc.double({ min: 0, max: 0.49, noNaN: true });
const positive = fc.double({ min: 1e-9, max: 100, noNaN: true });
const count = fc.integer({ min: 1, max: 1000 });
const activation = fc.constantFrom(
  "identity",
  "relu",
  "leaky-relu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "gelu",
);
const some = { requiredKeys: [] };
const share = fc.double({ min: 0, max: 0.999, noNaN: true });

const variant = (type: string, parameters: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), ...parameters }, { requiredKeys: ["type"] });

const optimizer = fc.oneof(
  variant("sgd", { learningRate: positive, weightDecay: fraction }),
  variant("nesterov", { learningRate: positive, momentum: share }),
  variant("rmsprop", { decay: share, epsilon: positive, weightDecay: fraction }),
  variant("adamw", { beta1: share, beta2: share, epsilon: positive }),
  variant("adagrad", { epsilon: positive }),
);
const schedule = fc.oneof(
  variant("constant", { warmupSteps: count }),
  variant("step", { every: count, factor: positive }),
  variant("exponential", { factor: positive }),
  variant("cosine", { final: positive }),
  variant("one-cycle", { peak: positive }),
  variant("reduce-on-plateau", { factor: fc.double({ min: 0.1, max: 0.9, noNaN: true }), patience: count }),
);

/** Any valid run config, as plain data. */
const validConfig = fc.uniqueArray(column, { minLength: 4, maxLength: 8 }).chain((columns) =>
  fc.record(
    {
      data: fc.record(
        {
          file: fc.constantFrom("a.csv", "data/ä b.tsv", "C.TSV"),
          target: fc.constantFrom(columns[0], [columns[0]], columns.slice(0, 2)),
          features: fc.constant([columns[2]]),
          ignore: fc.constantFrom([], columns.slice(3)),
          split: fc.record(
            {
              validation: fraction,
              test: fraction,
              stratify: fc.boolean(),
              groupBy: fc.constant(columns[3]),
            },
            some,
          ),
          standardize: fc.boolean(),
          standardizeTarget: fc.boolean(),
          missing: fc.constantFrom("impute", "drop", "error"),
          rows: count,
        },
        { requiredKeys: ["file", "target"] },
      ),
      task: fc.constant("regression"),
      loss: fc.constantFrom("mse", "mae"),
      network: fc.record(
        {
          hidden: fc.array(
            fc.oneof(count, fc.record({ units: count, activation }, { requiredKeys: ["units"] })),
            { maxLength: 4 },
          ),
          activation,
          initializer: fc.constantFrom("auto", "zeros", "he-normal"),
          dropout: share,
          initialWeights: column,
        },
        some,
      ),
      optimizer,
      schedule,
      batchSize: fc.oneof(count, fc.constant("full")),
      epochs: count,
      shuffle: fc.boolean(),
      seed: fc.nat(),
      gradientClipNorm: positive,
      earlyStopping: fc.record({ patience: count, minDelta: fraction, restoreBest: fc.boolean() }, some),
    },
    { requiredKeys: ["data"] },
  ),
);

/** What must hold of any text at all. */
function assertSound(text: string, language: Language): void {
  const { config, problems } = parseRunConfig(text, language);
  assert.equal(
    config === null,
    problems.some(({ severity }) => severity === "error"),
  );
  let last = 0;
  for (const { start, end, message, replacement } of problems) {
    assert.ok(Number.isInteger(start) && Number.isInteger(end), message);
    assert.ok(
      last <= start && start <= end && end <= text.length,
      `${message} at ${start}–${end} of ${text.length}`,
    );
    last = start;
    assert.match(message, /^[^\n\r]+[.?]$/);
    if (replacement) {
      assert.ok(
        start <= replacement.start && replacement.start <= replacement.end && replacement.end <= end,
        message,
      );
    }
  }
  for (const offset of [0, Math.floor(text.length / 2), text.length]) keyAt(text, language, offset);
}

const inserted = fc.oneof(
  fc.constantFrom(
    ...[
      '"',
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "\n",
      "//",
      "/*",
      "*/",
      "NaN",
      "1e999",
      "-",
      "null",
      "\\",
      "'",
      "\t",
      "\r\n",
    ],
    ...[
      "&a ",
      "*a",
      "!!str ",
      "- ",
      "? ",
      "|\n",
      ">",
      "---\n",
      "%",
      "#",
      "<<: ",
      "\uFEFF",
      "\0",
      "\uD800",
      "true",
    ],
    ...['"type"', '"momentum": 2,', '"learningRate"', '"compare": [],', "__proto__", '"__proto__": {},'],
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);

const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(12), inserted }),
  {
    minLength: 1,
    maxLength: 5,
  },
);

function edited(text: string, changes: readonly { at: number; removed: number; inserted: string }[]): string {
  return changes.reduce((before, { at, removed, inserted: added }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + added + before.slice(start + removed);
  }, text);
}

/** Data that looks like a run config here and there, with anything in between. */
const anyData = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(0, -1, 0.5, 1e308, null, true, "", "adam", "full", "mse", "a.csv", "a.parquet"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          "data",
          "file",
          "target",
          "split",
          "network",
          "hidden",
          "units",
          "optimizer",
          "schedule",
          "type",
        ),
        fc.constantFrom(
          "momentum",
          "factor",
          "batchSize",
          "loss",
          "task",
          "function",
          "features",
          "ignore",
          "validation",
        ),
        fc.string({ maxLength: 8 }),
      ),
      tie("value"),
      { maxKeys: 6 },
    ),
  ),
})).value;

describe("whatever the text", () => {
  const languages = ["json", "yaml"] as const;

  it("nothing throws and every problem lies within it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.constantFrom(...languages), assertSound),
      { numRuns: 500 },
    );
  });

  it("nothing throws when a valid config is mutilated", () => {
    const text = fc
      .tuple(validConfig, fc.constantFrom(...languages), edits)
      .map(([config, language, changes]) => {
        const valid = language === "json" ? JSON.stringify(config, null, 2) : stringify(config);
        return [edited(valid, changes), language] as const;
      });
    fc.assert(
      fc.property(text, ([broken, language]) => assertSound(broken, language)),
      { numRuns: 400 },
    );
  });

  it("nothing throws on other data", () => {
    fc.assert(
      fc.property(anyData, (data) => {
        assertSound(JSON.stringify(data), "json");
        assertSound(stringify(data), "yaml");
      }),
      { numRuns: 500 },
    );
  });

  it("what ends too early is broken soundly at every place", () => {
    const text =
      '{ "data": { "file": "a.csv", "target": ["b"] }, // so\n "network": { "hidden": [8, {"units": 3}] } }';
    for (let end = 0; end < text.length; end++) assertSound(text.slice(0, end), "json");
    const yaml =
      "data: { file: a.csv, target: [b] } # so\nnetwork:\n  hidden:\n    - 8\n    - units: 3\nloss: 'mse'\n";
    for (let end = 0; end < yaml.length; end++) assertSound(yaml.slice(0, end), "yaml");
  });
});

describe("any valid config", () => {
  it("is the same in JSON and in YAML", () => {
    fc.assert(
      fc.property(validConfig, (config) => {
        const json = parseRunConfig(JSON.stringify(config), "json");
        assert.deepEqual(json.problems, []);
        assert.ok(json.config);
        for (const text of [stringify(config), JSON.stringify(config, null, 1)]) {
          assert.deepEqual(parseRunConfig(text, "yaml"), json);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps what it says", () => {
    fc.assert(
      fc.property(validConfig, (written) => {
        const { config } = parseRunConfig(JSON.stringify(written), "json");
        assert.ok(config);
        const expected = plainReading(written);
        assert.deepEqual(intersection(config, expected), expected);
      }),
      { numRuns: 300 },
    );
  });

  it("with one key misspelt is repaired by the suggestion", () => {
    fc.assert(
      fc.property(validConfig, fc.nat(), (config, pick) => {
        const keys = Object.keys(config).filter((key) => key !== "data");
        fc.pre(keys.length > 0);
        const key = keys[pick % keys.length];
        const text = JSON.stringify(config).replace(`"${key}":`, `"${key}x":`);
        const { problems } = parseRunConfig(text, "json");
        assert.equal(problems.length, 1);
        const { replacement } = problems[0];
        assert.ok(replacement);
        const repaired = text.slice(0, replacement.start) + replacement.text + text.slice(replacement.end);
        assert.equal(repaired, JSON.stringify(config));
      }),
      { numRuns: 200 },
    );
  });
});

type Plain = Record<string, unknown>;

/** The shorthands written out, by another road than the parser's. */
function plainReading(written: Plain): Plain {
  const copy = JSON.parse(JSON.stringify(written)) as Plain & { data: Plain; network?: Plain };
  copy.data.target = [copy.data.target].flat();
  const { network } = copy;
  if (network) {
    const activation = network.activation ?? "relu";
    const hidden = (network.hidden as unknown[] | undefined)?.map((layer) =>
      typeof layer === "number" ? { units: layer, activation } : { activation, ...(layer as Plain) },
    );
    delete network.activation;
    if (hidden) network.hidden = hidden;
  }
  return copy;
}

/** Of `whole`, only the keys that `part` has, all the way down. */
function intersection(whole: unknown, part: unknown): unknown {
  if (typeof whole !== "object" || typeof part !== "object" || whole === null || part === null) return whole;
  if (Array.isArray(whole)) return whole;
  return Object.fromEntries(
    Object.keys(part).map((key) => [key, intersection((whole as Plain)[key], (part as Plain)[key])]),
  );
}
