import assert from "node:assert/strict";
import { parseRunConfig } from "../../../src/config/parse";
import { describeTable } from "../../../src/data/describe";
import { prepare } from "../../../src/data/prepare";
import { inferredValues } from "../../../src/editor/inferredValues";
import type { DataAccess } from "../../../src/run/dataProblems";
import { exampleFile, tableOf, tableOfFile, uniform } from "../data/support";
import type { Table } from "../../../src/data/table";

function access(table: Table, complete = true): DataAccess {
  return {
    fault: () => Promise.resolve(null),
    refusal: () => Promise.resolve(null),
    description: () => Promise.resolve({ ...describeTable(table), bytes: 1, complete }),
    files: () => Promise.resolve([]),
  };
}

/** The text with each hint in « » where it stands. */
async function shown(
  table: Table,
  text: string,
  language: "json" | "yaml" = "json",
  complete = true,
): Promise<string> {
  const hints = await inferredValues(text, language, access(table, complete));
  let marked = text;
  for (const { offset, text: hint } of hints.toSorted((a, b) => a.offset - b.offset).reverse())
    marked = `${marked.slice(0, offset)}«${hint}»${marked.slice(offset)}`;
  return marked;
}

describe("Values that a run config leaves to be inferred", () => {
  it("stand behind what is written, in JSON and YAML", async () => {
    const table = await tableOfFile(exampleFile("iris.csv"));
    assert.equal(
      await shown(
        table,
        '{ "data": { "file": "iris.csv", "target": "species" }, "network": { "hidden": [16] }, "optimizer": { "type": "adam" }, "batchSize": 32, "epochs": 100 }',
      ),
      '{ "data": { "file": "iris.csv", "target": "species"«3 classes · categorical-cross-entropy» }, "network": { "hidden": [16]«4 → 16 → 3 · 131 parameters» }, "optimizer": { "type": "adam"«learningRate 0.01» }, "batchSize": 32«= 4 steps an epoch», "epochs": 100«= 400 steps» }',
    );
    assert.equal(
      await shown(
        table,
        "data:\n  file: iris.csv\n  target: petal_width\nloss: mae\nbatchSize: full\n",
        "yaml",
      ),
      "data:\n  file: iris.csv\n  target: petal_width«regression»«6 → 16 → 1 · 129 parameters»\nloss: mae\nbatchSize: full«= 1 step an epoch»\n",
    );
  });

  it("leave out what the first rows of a large file do not tell", async () => {
    const table = await tableOfFile(exampleFile("iris.csv"));
    const text = '{ "data": { "file": "iris.csv", "target": "species" }, "batchSize": 32 }';
    assert.match(await shown(table, text, "json", false), /"batchSize": 32 }$/);
  });

  it("are none where the config is wrong, or the target is not there", async () => {
    const table = await tableOfFile(exampleFile("iris.csv"));
    for (const text of [
      '{ "data": { "file": "iris.csv" } }',
      '{ "data": { "file": "iris.csv", "target": "gone" } }',
    ])
      assert.deepEqual(await inferredValues(text, "json", access(table)), []);
  });

  const twins: [name: string, csv: string | null, config: object][] = [
    ["iris", null, { data: { file: "iris.csv", target: "species", split: { validation: 0.25, test: 0.1 } } }],
    [
      "penguins",
      null,
      { data: { file: "penguins.csv", target: "species" }, network: { hidden: [8, 4] }, batchSize: 7 },
    ],
    ["penguin mass", null, { data: { file: "penguins.csv", target: "body_mass_g", ignore: ["island"] } }],
    ["breast cancer", null, { data: { file: "breast-cancer.csv", target: "diagnosis" }, batchSize: "full" }],
    [
      "weather",
      null,
      { data: { file: "seattle-weather.csv", target: "weather", split: { orderBy: "date" } } },
    ],
    [
      "missing targets",
      `a,b,y\n${Array.from({ length: 50 }, (_, row) => `${row * row},${row % 3 ? "p" : "q"},${row % 7 ? row / 3 : ""}`).join("\n")}\n`,
      { data: { file: "t.csv", target: "y" }, batchSize: 5 },
    ],
  ];
  for (const [name, csv, settings] of twins)
    it(`are those of the run itself: ${name}`, async () => {
      const text = JSON.stringify({ batchSize: 32, epochs: 3, network: { hidden: [16] }, ...settings });
      const { config } = parseRunConfig(text, "json");
      assert(config);
      const table = csv === null ? await tableOfFile(exampleFile(config.data.file)) : await tableOf(csv);
      const { task, loss, preparation, training } = prepare({ table, config, random: uniform() });
      const { target } = preparation;
      const outputs =
        target.task === "regression"
          ? target.columns.length
          : loss === "binary-cross-entropy"
            ? 1
            : target.classes.length;
      const layers = [preparation.inputSize, ...config.network.hidden.map(({ units }) => units), outputs];
      const hints = (await inferredValues(text, "json", access(table))).map((hint) =>
        hint.text.replaceAll("≈ ", ""),
      );
      const said = hints.join(" | ");
      assert(said.includes(task === "regression" ? task : "classes") && said.includes(loss), said);
      assert(said.includes(layers.join(" → ")), `${said} is not ${layers.join(" → ")}`);
      const batch = config.batchSize === "full" ? training.count : config.batchSize;
      const steps = Math.ceil(training.count / batch);
      assert(said.includes(`${steps} step${steps === 1 ? "" : "s"} an epoch`), `${said} is not ${steps}`);
    });
});
