import assert from "node:assert/strict";
import type { AnyDescription } from "../../../src/protocol/run";
import type { ViewCommand } from "../../../src/protocol/webview";
import { modelItems } from "../../../webview/panel/modelMenu";

describe("The menu of a run's model", () => {
  const send = (): void => undefined;
  const network = { folder: "/w/.downhill/runs/1-iris" } as AnyDescription;

  it("exports, predicts and branches once the run has made a step", () => {
    const sent: ViewCommand[] = [];
    const items = modelItems(network, 3, (command) => sent.push(command));
    for (const item of items) item.run();
    assert.deepEqual(sent, ["exportModel", "predict", "branchRun"]);
    assert.ok(items.every(({ disabled }) => !disabled));
    assert.ok(modelItems(network, 0, send).every(({ disabled }) => disabled));
  });

  it("has of a function its curves, and nothing where nothing is kept", () => {
    const descent = { folder: "/w/.downhill/runs/1-f", function: {} } as AnyDescription;
    assert.deepEqual(
      modelItems(descent, 3, send).map(({ label }) => label),
      ["Export Curves…"],
    );
    assert.deepEqual(modelItems({ ...network, folder: null }, 3, send), []);
    assert.deepEqual(modelItems(null, 0, send), []);
  });
});
