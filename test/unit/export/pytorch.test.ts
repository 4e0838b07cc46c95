import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { exportModel } from "../../../src/export/formats";
import { removeTemporaryFolders } from "../run/support";
import { pythonWith } from "./python";
import { assertPredictions, cases, trained, type Predicted } from "./trained";

const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
import model
print(json.dumps(model.load().predict(json.load(sys.stdin))))
`;

describe("the PyTorch export", () => {
  const python = pythonWith("torch");
  before(function () {
    if (python === null) this.skip();
  });
  after(removeTemporaryFolders);

  for (const name of Object.keys(cases)) {
    it(`predicts in PyTorch as Downhill does: ${name}`, async () => {
      const run = await trained(name);
      for (const { name: file, content } of exportModel("pytorch", run.model, "model.py")) {
        writeFileSync(path.join(run.folder, file), content);
      }
      const { status, stdout, stderr } = spawnSync(python ?? "", ["-c", script, run.folder], {
        encoding: "utf8",
        input: JSON.stringify(run.held),
      });
      assert.equal(status, 0, stderr);
      const { target } = run.model.preparation;
      const rows = JSON.parse(stdout) as ({ label: string; probabilities: Record<string, number> } & Record<
        string,
        number
      >)[];
      const predictions = rows.map((row): Predicted => {
        if (target.task === "regression") return { values: target.columns.map((column) => row[column]) };
        assert.deepEqual(Object.keys(row.probabilities), target.classes);
        return { label: row.label, probabilities: Object.values(row.probabilities) };
      });
      assertPredictions(predictions, run);
    });
  }
});
