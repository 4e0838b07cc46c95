/** Small trained networks, and what Downhill itself predicts with them for the rows that it held out. */
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readCells } from "../../../src/data/rawCells";
import type { Table } from "../../../src/data/table";
import { readTable } from "../../../src/data/readTable";
import { Predictor, type Predictions } from "../../../src/run/predictor";
import { readTrainedNetwork, type TrainedModel, type TrainedNetwork } from "../../../src/run/trainedModel";
import { sourceOf } from "../data/support";
import { smallRun, temporaryFolder } from "../run/support";

export interface Trained {
  /** The folder that holds the data file and the run. */
  folder: string;
  runFolder: string;
  dataFile: string;
  network: TrainedNetwork;
  model: TrainedModel;
  /** Rows that were not trained on, as they are written in the file: column → text. */
  held: Record<string, string>[];
  /** Downhill's own predictions of them. */
  expected: Predictions;
}

interface Case {
  data: string | { name: string; text: string };
  /** A run config without its data file. */
  config: { data: object; [key: string]: unknown };
}

/** The target takes two values, and every activation is used somewhere below. */
const twoTargets = [
  "a,b,colour,u,v",
  ...Array.from({ length: 120 }, (_, i) => {
    const [a, b] = [1000 + Math.sin(i * 1.7), 0.01 * Math.cos(i * 2.3)];
    const colour = ["red", "green", "blue", ""][i % 4];
    const u = 300 * Math.sin(i * 1.7) + 20 * (i % 4) + 5000;
    return [a, i % 7 === 0 ? "" : b, colour, u, 0.001 * b + 0.002 * (i % 4)].join(",");
  }),
].join("\n");

/** A class that depends on a date and on a yes or no, either of which may be missing. */
const visits = [
  "day,member,hour,came",
  ...Array.from({ length: 90 }, (_, i) => {
    const day = new Date(Date.UTC(2024, 0, 1 + 5 * i)).toISOString().slice(0, 10);
    const member = i % 3 === 0 ? "Yes" : "No";
    return [i % 11 === 0 ? "" : day, i % 13 === 0 ? "" : member, i % 24, i > 40 === (i % 3 === 0)].join(",");
  }),
].join("\n");

/** Numbers and dates as people write them, some of which could mean two things. */
const sales = [
  "on;price;share;units;gift;sold",
  ...Array.from({ length: 90 }, (_, i) => {
    const on = `${String(1 + (i % 28)).padStart(2, "0")}/${String(1 + (i % 12)).padStart(2, "0")}/2024`;
    const price = `${i % 4 === 0 ? "1." : ""}${100 + ((i * 37) % 800)}${i % 3 === 0 ? "" : `,${10 + (i % 80)}`} €`;
    const share = i % 9 === 0 ? "" : `${i % 50},5 %`;
    const units = `${1 + (i % 7)}.${100 + ((i * 17) % 800)}`;
    return [on, price, share, units, i % 2 === 0 ? "ja" : "nein", (i * 7) % 30 > 14].join(";");
  }),
].join("\n");

export const european = "numbers and dates of a European file";

export const cases: Record<string, Case> = {
  [european]: {
    data: { name: "sales.csv", text: sales },
    config: { data: { target: "sold" }, epochs: 20, network: { hidden: [6] } },
  },
  iris: {
    data: "iris.csv",
    config: {
      data: { target: "species" },
      epochs: 20,
      network: { hidden: [12, { units: 6, activation: "tanh" }] },
    },
  },
  penguins: {
    data: "penguins.csv",
    config: {
      data: { target: "species", split: { validation: 0.4 } },
      epochs: 20,
      network: {
        hidden: [
          { units: 9, activation: "gelu" },
          { units: 5, activation: "leaky-relu" },
        ],
      },
    },
  },
  "penguin sex": {
    data: "penguins.csv",
    config: {
      data: { target: "sex" },
      epochs: 10,
      network: {
        hidden: [
          { units: 7, activation: "silu" },
          { units: 7, activation: "elu" },
        ],
        dropout: 0.2,
      },
    },
  },
  "penguin mass": {
    data: "penguins.csv",
    config: {
      data: { target: "body_mass_g", split: { validation: 0.4 } },
      epochs: 20,
      network: {
        hidden: [
          { units: 8, activation: "softplus" },
          { units: 4, activation: "sigmoid" },
        ],
      },
    },
  },
  "dates and booleans": {
    data: { name: "visits.csv", text: visits },
    config: {
      data: { target: "came", features: ["day", "member", "hour"] },
      epochs: 20,
      network: { hidden: [6] },
    },
  },
  "two targets": {
    data: { name: "two.csv", text: twoTargets },
    config: { data: { target: ["u", "v"] }, epochs: 30, network: { hidden: [] } },
  },
};

const finished = new Map<string, Promise<Trained>>();

/** Trains a case, once. */
export function trained(name: string): Promise<Trained> {
  let promise = finished.get(name);
  if (!promise) finished.set(name, (promise = train(cases[name])));
  return promise;
}

async function train({ data, config }: Case): Promise<Trained> {
  const folder = temporaryFolder();
  const fileName = typeof data === "string" ? data : data.name;
  const dataFile = path.join(folder, fileName);
  if (typeof data === "string") copyFileSync(path.join(DOWNHILL_ROOT, "examples", data), dataFile);

  if (typeof data !== "string") writeFileSync(dataFile, data.text);
  const run = smallRun(folder, { ...config, data: { ...config.data, file: fileName } });
  const { result } = await run.run();
  assert.equal(result.status, "completed", result.message);
  const runFolder = path.join(folder, ".downhill", "runs", run.start.id);
  const network = await readTrainedNetwork(runFolder);
  const table = await readTable(sourceOf(readFileSync(dataFile)), { file: fileName, format: "csv" });
  // Every third row, so that any split has some of them held out.
  const rows = Uint32Array.from({ length: Math.floor(table.rowCount / 3) }, (_, i) => 3 * i);
  const all = await cellsOf(dataFile, table);
  return {
    folder,
    runFolder,
    dataFile,
    network,
    model: network.model,
    held: [...rows].map((row) => all[row]),
    expected: new Predictor(network).predict(table, rows),
  };
}

async function cellsOf(file: string, table: Table): Promise<Record<string, string>[]> {
  const rows: string[][] = [];
  for await (const block of readCells(sourceOf(readFileSync(file)), table, { file, format: "csv" }))
    rows.push(...block);
  const names = rows[0].map((name) => name.trim());
  return rows.slice(1).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i].trim()])));
}

/** A prediction as every format gives it. */
export type Predicted = { label: string; probabilities: number[] } | { values: number[] };

/** Checks predictions of the held rows against Downhill's own: 1e-5 of a probability, or of the spread of a target. */
export function assertPredictions(actual: readonly Predicted[], { expected, model, held }: Trained): void {
  const { decoded } = expected;
  const { target } = model.preparation;
  assert.equal(actual.length, held.length);
  actual.forEach((prediction, row) => {
    if (decoded.task === "classification" && target.task === "classification") {
      const { length } = target.classes;
      assert.ok("label" in prediction);
      assert.equal(prediction.label, target.classes[decoded.predicted[row]], `row ${row}`);
      assert.equal(prediction.probabilities.length, length);
      prediction.probabilities.forEach((value, index) =>
        assertClose(value, decoded.probabilities[row * length + index], 1e-5, `row ${row}`),
      );
    } else if (decoded.task === "regression" && target.task === "regression") {
      assert.ok("values" in prediction);
      const { length } = target.columns;
      assert.equal(prediction.values.length, length);
      prediction.values.forEach((value, index) =>
        assertClose(value, decoded.values[row * length + index], 1e-5 * target.scale[index], `row ${row}`),
      );
    } else assert.fail("the task is another");
  });
}

function assertClose(actual: number, expected: number, tolerance: number, where: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${where}: ${actual} instead of ${expected}`);
}
