import assert from "node:assert/strict";
import { describeTable } from "../../../src/data/describe";
import { dataCompletionsAt, dataHoverAt } from "../../../src/editor/dataHelp";
import { dataProblems, type DataAccess } from "../../../src/run/dataProblems";
import type { DataDescription } from "../../../src/protocol/describe";
import type { DataReading } from "../../../src/config/dataReferences";
import { exampleFile, tableOf, tableOfFile } from "../data/support";

async function iris(): Promise<DataDescription> {
  return { ...describeTable(await tableOfFile(exampleFile("iris.csv"))), bytes: 4000, complete: true };
}

/** A workspace with iris.csv and sub/penguins.csv. */
function access(description: Promise<DataDescription> = iris()): DataAccess {
  const files = ["iris.csv", "sub/penguins.csv"];
  return {
    fault: (name, key) =>
      Promise.resolve(files.includes(name) ? null : `${key} is ${name}, but there is no such file.`),
    refusal: () => Promise.resolve(null),
    description: async (name) => (name === "iris.csv" ? description : null),
    files: () => Promise.resolve(files),
    weights: () => Promise.resolve(["start.safetensors", "2026-01-01-iris"]),
  };
}

const config = (data: string): string => `{ "data": { "file": "iris.csv", ${data} } }`;

describe("Problems of the data that a run config names", () => {
  it("are none where all names are right", async () => {
    const text = config('"target": "species", "features": ["petal_length"], "ignore": []');
    assert.deepEqual(await dataProblems(text, "json", access()), []);
  });

  it("name what was meant, and replace it between its quotes", async () => {
    const text = config('"target": "speces", "ignore": ["petal_lenght"]');
    const problems = await dataProblems(text, "json", access());
    assert.deepEqual(
      problems.map(({ message, start, end }) => [message, text.slice(start, end)]),
      [
        ['iris.csv has no column "speces"; did you mean "species"?', '"speces"'],
        ['iris.csv has no column "petal_lenght"; did you mean "petal_length"?', '"petal_lenght"'],
      ],
    );
    for (const { replacement } of problems) assert.ok(replacement);
    const { start, end, text: mended } = problems[0].replacement!;
    assert.equal(text.slice(0, start) + mended + text.slice(end), text.replace("speces", "species"));
  });

  it("list the columns where nothing is near", async () => {
    const [problem] = await dataProblems(config('"target": "colour"'), "json", access());
    assert.match(problem.message, /^iris\.csv has no column "colour"; it has "sepal_length", .*"species"\.$/);
    assert.equal(problem.replacement, undefined);
  });

  it("write a name into YAML so that it is read as that name", async () => {
    const table = await tableOf("no: x,b\n1,2\n2,3\n");
    const description = Promise.resolve({ ...describeTable(table), bytes: 9, complete: true });
    const text = "data:\n  file: iris.csv\n  target: nox\n";
    const [problem] = await dataProblems(text, "yaml", access(description));
    assert.equal(problem.replacement?.text, '"no: x"');
  });

  it("are found for files, with one that is there", async () => {
    const text = '{ "data": { "file": "iris.cvs", "target": "anything" } }';
    const problems = await dataProblems(text, "json", access());
    assert.deepEqual(
      problems.map(({ message, replacement }) => [message, replacement?.text]),
      [['data.file is iris.cvs, but there is no such file; did you mean "iris.csv"?', "iris.csv"]],
    );
  });

  it("are one sentence where a file cannot be read, however many columns are named", async () => {
    const refused: DataAccess = {
      ...access(),
      refusal: (name) => Promise.resolve(`${name} is empty.`),
      description: () => Promise.resolve(null),
    };
    const text = config('"target": "species", "features": ["a", "b"]');
    const problems = await dataProblems(text, "json", refused);
    assert.deepEqual(
      problems.map(({ message, start, end }) => [message, text.slice(start, end)]),
      [["iris.csv is empty.", '"iris.csv"']],
    );
  });

  it("are those of the file as the config has it read", async () => {
    const asked: DataReading[] = [];
    const spied: DataAccess = {
      ...access(),
      refusal: (_, reading) => Promise.resolve((asked.push(reading), null)),
      description: (_, reading) => Promise.resolve((asked.push(reading), null)),
    };
    await dataProblems(
      config('"format": "tsv", "rows": 20, "badRows": "skip", "target": "y"'),
      "json",
      spied,
    );
    await dataProblems(config('"format": "xls", "rows": 0.5, "badRows": 1, "target": "y"'), "json", spied);
    const written = { format: "tsv", rows: 20, badRows: "skip" };
    const wrong = { format: null, rows: null, badRows: "error" };
    assert.deepEqual(asked, [written, written, wrong, wrong]);
  });

  it("say that nothing is left to predict from in a file with one column", async () => {
    const table = await tableOf("x\n1\n2\n4\n");
    const description = Promise.resolve({ ...describeTable(table), bytes: 9, complete: true });
    const text = config('"target": "x"');
    const problems = await dataProblems(text, "json", access(description));
    assert.deepEqual(
      problems.map(({ message, start, end }) => [message, text.slice(start, end)]),
      [[`No column of ${table.file} is left to predict "x" from; add columns to predict from.`, '"x"']],
    );
  });

  it("are found in as many rows as a run reads, be there more or not", async () => {
    const begun = Promise.resolve({ ...(await iris()), complete: false });
    const problemsWith = (rows: number) =>
      dataProblems(config(`"format": "jsonl", "rows": ${rows}, "target": "colour"`), "json", access(begun));
    assert.equal((await problemsWith(150)).length, 1);
    assert.equal((await problemsWith(151)).length, 0);
  });

  it("are not made up where later rows of a file may have further keys", async () => {
    const begun = { ...(await iris()), complete: false };
    const text = '{ "data": { "file": "iris.csv", "format": "jsonl", "target": "colour" } }';
    assert.deepEqual(await dataProblems(text, "json", access(Promise.resolve(begun))), []);
  });
});

describe("Hovering over data in a run config", () => {
  const at = async (text: string, word: string) =>
    (await dataHoverAt(text, "json", text.indexOf(word) + 1, access()))?.text ?? null;

  it("tells what a column holds", async () => {
    const text = config('"target": "species", "features": ["petal_length"]');
    const species = await at(text, "species");
    assert.match(
      species ?? "",
      /\*\*species\*\* · category, 3 values · nothing missing\n\nsetosa 50 · versicolor 50/,
    );
    const length = await at(text, "petal_length");
    assert.match(length ?? "", /number, 1 to 6\\\.9[^]*mean 3\.758 · median 4\.35[^]*`█/);
  });

  it("tells what a file holds", async () => {
    assert.match((await at(config('"target": "species"'), "iris.csv")) ?? "", /150 rows × 5 columns/);
  });

  it("shows names and values as text, never as Markdown", async () => {
    const table = await tableOf('"a*b*[x](command:y)",b\n<img>,1\n<b>,2\n<b>,3\n<img>,3\n');
    const description = Promise.resolve({ ...describeTable(table), bytes: 9, complete: true });
    const text = config('"target": "a*b*[x](command:y)"');
    const hover = await dataHoverAt(text, "json", text.indexOf("a*b"), access(description));
    assert.match(hover?.text ?? "", /a\\\*b\\\*\\\[x\\\]\\\(command:y\\\)/);
    assert.match(hover?.text ?? "", /\\<img\\> 2/);
  });

  it("is silent elsewhere", async () => {
    assert.equal(await at(config('"target": "speces"'), "speces"), null);
    assert.equal(await at(config('"target": "species"'), '"target'), null);
  });
});

describe("Completing data in a run config", () => {
  async function labels(marked: string): Promise<string[]> {
    const text = marked.replace("‸", "");
    return (await dataCompletionsAt(text, "json", marked.indexOf("‸"), access())).map(({ label }) => label);
  }

  it("offers weights and runs to start from, and describes none of them", async () => {
    const marked = config('"target": "species" }, "network": { "initialWeights": "‸"');
    assert.deepEqual(await labels(marked), ["start.safetensors", "2026-01-01-iris"]);
    const text = config('"target": "species" }, "network": { "initialWeights": "species"');
    assert.equal(await dataHoverAt(text, "json", text.lastIndexOf("species"), access()), null);
    assert.deepEqual(await dataProblems(text, "json", access()), []);
  });

  it("offers the likeliest target first", async () => {
    assert.equal((await labels(config('"target": "‸"')))[0], "species");
  });

  it("offers the columns in the order of the file, less those that have their part", async () => {
    assert.deepEqual(await labels(config('"target": "species", "ignore": ["sepal_width", "‸"]')), [
      "sepal_length",
      "petal_length",
      "petal_width",
    ]);
  });

  it("offers the workspace's data files", async () => {
    assert.deepEqual(await labels('{ "data": { "file": "‸" } }'), ["iris.csv", "sub/penguins.csv"]);
  });

  it("offers nothing elsewhere, nor of a file that cannot be read", async () => {
    assert.deepEqual(await labels(config('"missing": "‸"')), []);
    assert.deepEqual(await labels('{ "data": { "file": "gone.csv", "target": "‸" } }'), []);
  });
});
