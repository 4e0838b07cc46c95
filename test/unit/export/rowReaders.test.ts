/** The texts that exported models read, held against the readers of data files. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FeatureEncoding } from "../../../src/data/preparation";
import { parseDate } from "../../../src/data/readers/dates";
import { numberStyleOf } from "../../../src/data/readers/numberStyle";
import { exportModel } from "../../../src/export/formats";
import type { TrainedModel } from "../../../src/run/trainedModel";
import { removeTemporaryFolders, temporaryFolder } from "../run/support";
import { pythonWith } from "./python";

const scale = { impute: 0, mean: 0, scale: 1 };
const features: FeatureEncoding[] = [
  { kind: "number", column: "plain", ...scale },
  { kind: "number", column: "comma", written: "decimalComma", ...scale },
  { kind: "number", column: "point", written: "decimalPoint", ...scale },
  { kind: "date", column: "day", written: "dayFirst", ...scale },
  { kind: "date", column: "month", written: "monthFirst", ...scale },
  { kind: "date", column: "either", ...scale },
  { kind: "boolean", column: "yes", impute: 1 },
];

const model: TrainedModel = {
  name: "texts",
  preparation: {
    features,
    inputSize: 7,
    inputNames: [],
    target: { task: "regression", columns: ["y"], mean: [0], scale: [1] },
  },
  layers: [
    { inputs: 7, units: 1, activation: "identity", weight: new Float32Array(7), bias: new Float32Array(1) },
  ],
  missingMarkers: ["", "NA"],
  origin: { version: "0", run: "none", step: 1, epoch: 1 },
};

const numbers = [
  "7", "-12.5", "1e3", ".5", "1,234", "1.234", "1,5", "1.234,5", "1,234.5", "12 %", "12%", "$1,234.50", "-€12",
  "1.234,50 €", "EUR 12", "12 USD", "1 234,5", "1'234'567", "1\u00a0234",
]; // prettier-ignore
const dates = [
  "2021-04-03", "2021/4/3", "2021-04-03T12:30Z", "2021-04-03 12:30:15.5+02:00", "3/4/2021", "3.4.21", "25/12/2021",
  "12/25/1969", "3 April 2021", "3. Sept 2021", "Apr 3, 2021", "12/31/68 11:59 PM", "2021-04", "May 2021",
]; // prettier-ignore

/** As a file with that one value is read, in doubt in the style of the column. */
function numberIn(text: string, point: "." | "," | null): number {
  const style = numberStyleOf([text], point === ",") ?? numberStyleOf([text], point !== ",");
  const likely = style?.other && point !== null && style.point !== point ? style.other : style;
  return likely?.parse(text) ?? NaN;
}

/** The order of the column, else the one that the date itself proves, as for a file with that one date. */
function dateIn(text: string, dayFirst: boolean): number {
  const day = parseDate(text, { dayFirst });
  return Number.isNaN(day) ? parseDate(text, { dayFirst: !dayFirst }) : day;
}

const rows = Array.from({ length: Math.max(numbers.length, dates.length) }, (_, i) => {
  const [number, date] = [numbers[i % numbers.length], dates[i % dates.length]];
  const yes = ["yes", "FALSE", "perhaps", "", "0"][i % 5];
  return { plain: number, comma: number, point: number, day: date, month: date, either: date, yes };
});
const expected = rows.map(({ plain, day, yes }) => [
  numberIn(plain, null),
  numberIn(plain, ","),
  numberIn(plain, "."),
  dateIn(day, true),
  dateIn(day, false),
  dateIn(day, !day.includes("/")),
  yes === "FALSE" || yes === "0" ? 0 : 1,
]);

function assertRead(actual: number[][]): void {
  actual.forEach((row, at) =>
    row.forEach((value, column) => {
      const wanted = Math.fround(expected[at][column]);
      const what = `${Object.values(rows[at])[column]} in ${features[column].column}: ${value} for ${wanted}`;
      assert.ok(Math.abs(Math.fround(value) - wanted) < 1e-6, what);
    }),
  );
}

describe("the texts that exported models read", () => {
  after(removeTemporaryFolders);

  it("mean in JavaScript what they mean in data files", async () => {
    const folder = temporaryFolder();
    for (const { name, content } of exportModel("javascript", model, "texts.mjs"))
      writeFileSync(path.join(folder, name), content);
    const { encode } = (await import(pathToFileURL(path.join(folder, "texts.mjs")).href)) as {
      encode: (row: object) => number[];
    };
    assert.ok(expected.every((row) => row.every((value) => !Number.isNaN(value))));
    assertRead(rows.map((row) => encode(row)));
    assert.throws(() => encode({ ...rows[0], plain: "1,23,4" }), /"plain" needs a number, not "1,23,4"\./);
    assert.throws(() => encode({ ...rows[0], day: "31/31/2021" }), /"day" needs a date such as/);
  });

  it("mean in Python what they mean in data files", function () {
    const python = pythonWith("torch");
    if (python === null) return void this.skip();
    const folder = temporaryFolder();
    for (const { name, content } of exportModel("pytorch", model, "texts.py"))
      writeFileSync(path.join(folder, name), content);
    const script = "import json, sys, texts; print(json.dumps(texts.encode(json.load(sys.stdin)).tolist()))";
    const options = { cwd: folder, encoding: "utf8", input: JSON.stringify(rows) } as const;
    const { status, stdout, stderr } = spawnSync(python, ["-c", script], options);
    assert.equal(status, 0, stderr);
    assertRead(JSON.parse(stdout) as number[][]);
  });
});
