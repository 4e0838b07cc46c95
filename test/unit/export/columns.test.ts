/** Columns that the data files of the other tests do not have, and names that could break a format. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Preparation } from "../../../src/data/preparation";
import type { Table } from "../../../src/data/table";
import { describeNetwork, parameterCount } from "../../../src/engine/network";
import { exportModel } from "../../../src/export/formats";
import { toJavaScript } from "../../../src/export/javascript";
import { toOnnx } from "../../../src/export/onnx";
import { Predictor } from "../../../src/run/predictor";
import type { TrainedNetwork } from "../../../src/run/trainedModel";
import { removeTemporaryFolders, temporaryFolder } from "../run/support";
import { onnxRuntime } from "./onnxruntime";
import { pythonWith } from "./python";
import { trained } from "./trained";

interface Module {
  predict: (row: Record<string, unknown>) => { label: string; probabilities: Record<string, number> };
}

const list = 'a list */ """ of numbers';
const label = "label";
const classes = ['quo"te', "new\nline", "__proto__", 'back\\slash */ """'];

/** A column of lists, and one that is called as an output of the ONNX model is. */
const preparation: Preparation = {
  features: [
    { kind: "vector", column: list, impute: [1, 2, 3], mean: [0, 1, 2], scale: [1, 2, 4] },
    { kind: "category", column: label, impute: "x", labels: ["1", "x", "é"] },
  ],
  inputSize: 6,
  inputNames: [],
  target: { task: "classification", column: "kind", classes },
};

function handMade(): TrainedNetwork {
  const network = describeNetwork(6, [{ units: 5, activation: "relu" }], classes.length);
  const parameters = Float32Array.from({ length: parameterCount(network) }, (_, i) => Math.sin(i * 1.3));
  const [first, second] = [parameters.subarray(0, 35), parameters.subarray(35)];
  return {
    network,
    parameters,
    loss: "categorical-cross-entropy",
    format: null,
    note: null,
    model: {
      name: 'hand\nmade */ """',
      preparation,
      layers: [
        { inputs: 6, units: 5, activation: "relu", weight: first.subarray(0, 30), bias: first.subarray(30) },
        {
          inputs: 5,
          units: 4,
          activation: "identity",
          weight: second.subarray(0, 20),
          bias: second.subarray(20),
        },
      ],
      missingMarkers: ["", "NA"],
      origin: { version: "0", run: "none", step: 1, epoch: 1 },
    },
  };
}

const rows = [
  { [list]: [1, 2, 3], [label]: "é" },
  { [list]: [4, null, -3], [label]: "1" },
  { [list]: null, [label]: "NA" },
  { [list]: [0.5, 0.25, 9], [label]: "unseen" },
];

const table: Table = {
  file: "hand.json",
  rowCount: 4,
  lines: null,
  notes: [],
  columns: [
    {
      kind: "vector",
      name: list,
      width: 3,
      values: Float64Array.of(1, 2, 3, 4, NaN, -3, NaN, NaN, NaN, 0.5, 0.25, 9),
      missing: 1,
    },
    {
      kind: "category",
      name: label,
      codes: Int32Array.of(0, 1, -1, 2),
      labels: ["é", "1", "unseen"],
      missing: 1,
      text: { cells: 3, numbers: 1, firstRow: 0, firstValue: "é" },
    },
  ],
};

/** Of each row, in the order of the classes. */
function expected(): number[][] {
  const { decoded } = new Predictor(handMade()).predict(table);
  assert.ok(decoded.task === "classification");
  return rows.map((_, row) => [...decoded.probabilities.subarray(4 * row, 4 * row + 4)]);
}

function assertAlike(actual: number[][]): void {
  expected().forEach((row, at) =>
    row.forEach((value, index) => {
      assert.ok(
        Math.abs(actual[at][index] - value) < 1e-5,
        `row ${at}: ${actual[at].join()} for ${row.join()}`,
      );
    }),
  );
}

describe("exports of columns of lists, and of names that are hard to write", () => {
  after(removeTemporaryFolders);

  it("predict alike in JavaScript", async () => {
    const file = path.join(temporaryFolder(), "model.mjs");
    writeFileSync(file, toJavaScript(handMade().model));
    const { predict } = (await import(pathToFileURL(file).href)) as Module;
    assertAlike(rows.map((row) => classes.map((name) => predict(row).probabilities[name])));
    assert.throws(() => predict({ [label]: "x" }), /TypeError: The row lacks the column "a list/);
    assert.throws(() => predict({ ...rows[0], [list]: [1, 2] }), /needs a list of 3 numbers/);
    assert.throws(() => predict({ ...rows[0], [list]: [1, 2, "many"] }), /needs a number, not "many"/);
    assert.deepEqual(predict({ ...rows[1], [label]: 1 }), predict(rows[1]), "a number is its label");
  });

  it("have types in JavaScript that TypeScript checks strictly", async function () {
    this.timeout(120_000);
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "lists.mjs"), toJavaScript(handMade().model));
    for (const name of ["dates and booleans", "penguin mass", "penguins"]) {
      const { model } = await trained(name);
      writeFileSync(path.join(folder, `${name.replaceAll(" ", "-")}.mjs`), toJavaScript(model));
    }
    const use = `
      import { predict } from "./penguins.mjs";
      import { predict as mass } from "./penguin-mass.mjs";
      import "./lists.mjs";
      import "./dates-and-booleans.mjs";
      const row = { island: "Dream", beak_length_mm: 39, beak_depth_mm: null, flipper_length_mm: "181", sex: null };
      export const label: string = predict({ ...row, body_mass_g: 3750 }).label;
      export const adelie: number = predict({ ...row, body_mass_g: 3750 }).probabilities.Adelie;
      export const grams: number = mass({ ...row, species: "Adelie" }).body_mass_g;
      // @ts-expect-error a column is missing
      predict(row);
    `;
    writeFileSync(path.join(folder, "use.ts"), use);
    const tsc = path.join(DOWNHILL_ROOT, "node_modules/typescript/bin/tsc");
    const options =
      "--noEmit --strict --checkJs --target es2022 --module nodenext --lib es2022,dom --ignoreConfig";
    const checked = spawnSync(process.execPath, [tsc, ...options.split(" "), "use.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(checked.stdout, "");
    assert.equal(checked.status, 0);
  });

  it("predict alike in ONNX Runtime", async function () {
    this.timeout(300_000);
    const ort = onnxRuntime();
    const session = await ort.InferenceSession.create(toOnnx(handMade().model));
    const numbers = Float32Array.from(table.columns[0].kind === "vector" ? table.columns[0].values : []);
    // The output gives way to the column.
    assert.deepEqual(session.outputNames, ["probabilities", "label_2"]);
    const outputs = await session.run({
      [list]: new ort.Tensor("float32", numbers, [4, 3]),
      [label]: new ort.Tensor("string", ["é", "1", "NA", "unseen"], [4, 1]),
    });
    const probabilities = outputs.probabilities.data as Float32Array;
    assertAlike(rows.map((_, row) => [...probabilities.subarray(4 * row, 4 * row + 4)]));
    const best = expected().map((row) => classes[row.indexOf(Math.max(...row))]);
    assert.deepEqual([...outputs.label_2.data], best);
  });

  it("predict alike in PyTorch", function () {
    const python = pythonWith("torch");
    if (python === null) return void this.skip();
    const folder = temporaryFolder();
    for (const { name, content } of exportModel("pytorch", handMade().model, "hand.py")) {
      writeFileSync(path.join(folder, name), content);
    }
    const script = "import json, sys, hand; print(json.dumps(hand.load().predict(json.load(sys.stdin))))";
    const options = { cwd: folder, encoding: "utf8", input: JSON.stringify(rows) } as const;
    const { status, stdout, stderr } = spawnSync(python, ["-c", script], options);
    assert.equal(status, 0, stderr);
    const predictions = JSON.parse(stdout) as { probabilities: Record<string, number> }[];
    assertAlike(predictions.map(({ probabilities }) => Object.values(probabilities)));
  });
});
