/** The tools for chat agents, called as the editor calls them. */
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { agentToolNames } from "../../../src/editor/contributed";
import { remove, show } from "./workspace";

async function call(name: string, input: object): Promise<Record<string, unknown>> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  const [part] = result.content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value) as Record<string, unknown>;
}

const tooFast = {
  data: { file: "penguins.csv", target: "body_mass_g" },
  optimizer: { type: "sgd", learningRate: 2 },
  batchSize: "full",
};

describe("Agent tools", function () {
  this.timeout(60_000);

  it("are known to the editor", () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const name of Object.values(agentToolNames)) assert.ok(names.includes(name), name);
  });

  it("say what is wrong with a file that is no run config", async () => {
    const missing = await call(agentToolNames.train, { config: "nothing.train.json" });
    assert.equal(missing["error"], "There is no nothing.train.json in this workspace.");
    const outside = await call(agentToolNames.readRun, { config: "../../etc/x.train.json" });
    assert.match(String(outside["error"]), /^There is no /);
  });

  it("train a run config, read its run and change it", async () => {
    const config = "agent.train.json";
    await show(config, JSON.stringify(tooFast));
    const trained = await call(agentToolNames.train, { config });
    assert.equal(trained["status"], "diverged");
    const read = await call(agentToolNames.readRun, { config });
    assert.equal(read["id"], trained["id"]);
    assert.match(JSON.stringify(read["advice"]), /optimizer.learningRate/);
    const wrong = await call(agentToolNames.changeConfig, {
      config,
      changes: [{ key: "optimizer.type", value: "x" }],
    });
    assert.match(String(wrong["error"]), /no longer fits|problem/);
    const changed = await call(agentToolNames.changeConfig, {
      config,
      changes: [{ key: "optimizer.learningRate", value: 0.1 }],
    });
    assert.equal(changed["changed"], true);
    assert.match(String(changed["text"]), /"learningRate": ?0.1/);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    remove(config);
  });
});
