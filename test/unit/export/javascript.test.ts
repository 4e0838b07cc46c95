import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { toJavaScript } from "../../../src/export/javascript";
import { removeTemporaryFolders } from "../run/support";
import { assertPredictions, cases, trained, type Predicted, type Trained } from "./trained";

type Row = Record<string, unknown>;
interface Module {
  predict: (row: Row) => { label: string; probabilities: Record<string, number> } & Record<string, number>;
  encode: (row: Row) => number[];
}

async function exported({ folder, model }: Trained): Promise<Module> {
  const file = path.join(folder, "model.mjs");
  writeFileSync(file, toJavaScript(model));
  return import(pathToFileURL(file).href) as Promise<Module>;
}

describe("the JavaScript export, in Node", () => {
  after(removeTemporaryFolders);

  for (const name of Object.keys(cases)) {
    it(`predicts as Downhill does: ${name}`, async () => {
      const run = await trained(name);
      const { predict } = await exported(run);
      const { target } = run.model.preparation;
      const predictions = run.held.map((row): Predicted => {
        const prediction = predict(row);
        if (target.task === "regression")
          return { values: target.columns.map((column) => prediction[column]) };
        assert.deepEqual(Object.keys(prediction.probabilities), target.classes);
        return { label: prediction.label, probabilities: Object.values(prediction.probabilities) };
      });
      assertPredictions(predictions, run);
    });
  }
});
