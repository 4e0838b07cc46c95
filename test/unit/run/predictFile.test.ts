import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describeNetwork } from "../../../src/engine/network";
import { predictFile } from "../../../src/run/predictFile";
import type { TrainedNetwork } from "../../../src/run/trainedModel";
import { removeTemporaryFolders, temporaryFolder } from "./support";

describe("Predicting a file", () => {
  afterEach(removeTemporaryFolders);

  /** y = 2x + 1 */
  const line = (format: TrainedNetwork["format"]): TrainedNetwork => ({
    network: describeNetwork(1, [], 1),
    parameters: Float32Array.of(2, 1),
    loss: "mse",
    format,
    note: null,
    model: {
      name: "line",
      preparation: {
        features: [{ kind: "number", column: "x", impute: 0, mean: 0, scale: 1 }],
        inputSize: 1,
        inputNames: ["x"],
        target: { task: "regression", columns: ["y"], mean: [0], scale: [1] },
      },
      layers: [],
      missingMarkers: [],
      origin: { version: "test", run: "line", step: 0, epoch: 0 },
    },
  });

  async function predicted(format: TrainedNetwork["format"], name: string, text: string): Promise<string> {
    const file = path.join(temporaryFolder(), name);
    writeFileSync(file, text);
    const control = { progress: () => undefined, breathe: () => Promise.resolve() };
    let written = "";
    for await (const piece of (await predictFile(line(format), file, control)).text) written += piece;
    return written;
  }

  it("goes by the run's format where the extension tells none", async () => {
    assert.equal(await predicted("tsv", "data.txt", "x\tz\n1\ta\n2\tb\n"), "x,z,predicted_y\n1,a,3\n2,b,5\n");
    assert.equal(await predicted("tsv", "data.jsonl", '{"x": 3}\n'), "x,predicted_y\n3,7\n");
    await assert.rejects(predicted(null, "data.txt", "x\n1\n"), /has no extension that tells its format/);
  });
});
