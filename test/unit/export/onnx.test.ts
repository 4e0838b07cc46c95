import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { toOnnx } from "../../../src/export/onnx";
import type { TrainedModel } from "../../../src/run/trainedModel";
import { removeTemporaryFolders } from "../run/support";
import { onnxRuntime, type Ort, type OrtSession, type OrtTensor } from "./onnxruntime";
import { pythonWith } from "./python";
import { assertPredictions, cases, european, trained, type Predicted } from "./trained";

type Rows = readonly Record<string, string>[];

/** What a user of the model does with raw rows. */
function inputsOf(ort: Ort, session: OrtSession, rows: Rows): Record<string, OrtTensor> {
  const tensors = session.inputMetadata.map(({ name, type }): [string, OrtTensor] => {
    const texts = rows.map((row) => row[name]);
    const numbers = texts.map((text) => {
      if (text === "" || text === "NA") return NaN;
      if (/^\d{4}-\d\d-\d\d$/.test(text)) return Date.parse(text) / 86_400_000;
      return text === "Yes" ? 1 : text === "No" ? 0 : Number(text);
    });
    const data =
      type === "string"
        ? texts
        : type === "float64"
          ? Float64Array.from(numbers)
          : Float32Array.from(numbers);
    return [name, new ort.Tensor(type, data, [rows.length, 1])];
  });
  return Object.fromEntries(tensors);
}

async function predict(ort: Ort, model: TrainedModel, rows: Rows): Promise<Predicted[]> {
  const session = await ort.InferenceSession.create(toOnnx(model));
  const { target } = model.preparation;
  const outputs = await session.run(inputsOf(ort, session, rows));
  if (target.task === "regression") {
    assert.deepEqual(session.outputNames, target.columns);
    for (const column of target.columns) assert.deepEqual([...outputs[column].dims], [rows.length, 1]);
    return rows.map((_, row) => ({
      values: target.columns.map((column) => Number(outputs[column].data[row])),
    }));
  }
  const { length } = target.classes;
  assert.deepEqual(session.outputNames, ["probabilities", "label"]);
  assert.deepEqual([...outputs.label.dims], [rows.length]);
  assert.deepEqual([...outputs.probabilities.dims], [rows.length, length]);
  const probabilities = outputs.probabilities.data as Float32Array;
  return rows.map((_, row) => ({
    label: String(outputs.label.data[row]),
    probabilities: [...probabilities.subarray(row * length, (row + 1) * length)],
  }));
}

describe("the ONNX export", () => {
  let ort: Ort;
  before(function () {
    this.timeout(300_000);
    ort = onnxRuntime();
  });
  after(removeTemporaryFolders);

  for (const name of Object.keys(cases)) {
    // A graph takes numbers, and days; reading texts is its user's.
    if (name === european) continue;
    it(`predicts in ONNX Runtime as Downhill does: ${name}`, async () => {
      const run = await trained(name);
      assertPredictions(await predict(ort, run.model, run.held), run);
      // Any number of rows.
      const [first] = await predict(ort, run.model, run.held.slice(0, 1));
      assertPredictions([first], { ...run, held: run.held.slice(0, 1) });
    });
  }

  it("passes the checker of Debian's python3-onnx", async function () {
    const python = pythonWith("onnx");
    if (python === null) return void this.skip();
    for (const name of Object.keys(cases)) {
      const { folder, model } = await trained(name);
      const file = path.join(folder, "model.onnx");
      writeFileSync(file, toOnnx(model));
      const script = "import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)";
      const checked: SpawnSyncReturns<string> = spawnSync(python, ["-c", script, file], { encoding: "utf8" });
      assert.equal(checked.status, 0, `${name}: ${checked.stderr}`);
    }
  });
});
