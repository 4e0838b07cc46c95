import assert from "node:assert/strict";
import { withExplored } from "../../../src/run/exploredChange";
import { readRunConfig } from "../../../src/run/readRunConfig";

const json = `// Watch it.
{
  "function": { "expression": "x^2 + y^2", "start": { "x": 1, "y": 2 } },
  "optimizer": { "type": "momentum", "learningRate": 0.1, "momentum": 0.8, "weightDecay": 0.01 }
}
`;

describe("Keeping an explored descent in the run config", () => {
  it("changes the start and the learning rate only", () => {
    const changed = withExplored(json, "json", { start: { x: -1.5, y: 2 }, learningRate: 0.05 });
    assert.equal(changed, json.replace('"x": 1', '"x": -1.5').replace("0.1,", "0.05,"));
  });

  it("replaces the optimizer, whose parameters mean nothing to another", () => {
    const changed = withExplored(json, "json", { optimizer: "adam", learningRate: 0.2 });
    const { functionConfig, problems } = readRunConfig(changed!, "json");
    assert.deepEqual(problems, []);
    assert.equal(functionConfig?.optimizer.type, "adam");
    assert.deepEqual(
      [functionConfig.optimizer.learningRate, functionConfig.optimizer.weightDecay],
      [0.2, 0.01],
    );
    assert.match(changed!, /^\/\/ Watch it\./);
  });

  it("writes a start where there was none, or chance decided", () => {
    for (const start of ["", ', "start": "random"']) {
      const changed = withExplored(`{"function": {"expression": "x^2"${start}}}`, "json", {
        start: { x: 0.5 },
      });
      assert.deepEqual([...readRunConfig(changed!, "json").functionRun!.start], [0.5]);
    }
    const yaml = withExplored("function:\n  expression: x^2\n", "yaml", {
      start: { x: 0.5 },
      learningRate: 1,
    });
    const { functionRun } = readRunConfig(yaml!, "yaml");
    assert.deepEqual([functionRun!.start[0], functionRun!.config.optimizer.learningRate], [0.5, 1]);
  });

  it("changes nothing of a config that has become another one", () => {
    assert.equal(withExplored('{"function": {"expression": "a+b"}}', "json", { start: { x: 1 } }), null);
    assert.equal(
      withExplored('{"data": {"file": "a.csv", "target": "b"}}', "json", { learningRate: 1 }),
      null,
    );
    assert.equal(withExplored("{ broken", "json", { learningRate: 1 }), null);
  });

  it("goes into the entry of the run that it is about", () => {
    const several = JSON.stringify({
      function: { expression: "x^2", start: { x: 1 } },
      compare: [{ name: "a" }, { name: "b", optimizer: { type: "momentum", learningRate: 0.1 } }],
    });
    const changed = (change: object, variant: string) =>
      JSON.parse(withExplored(several, "json", change, variant) ?? "") as {
        function: { start: object };
        compare: object[];
      };
    assert.deepEqual(changed({ learningRate: 0.3 }, "b").compare[1], {
      name: "b",
      optimizer: { type: "momentum", learningRate: 0.3 },
    });
    assert.deepEqual(changed({ learningRate: 0.3 }, "a").compare[0], {
      name: "a",
      optimizer: { learningRate: 0.3 },
    });
    // All have the same start.
    assert.deepEqual(changed({ start: { x: 2 } }, "b").function.start, { x: 2 });
  });
});
