import assert from "node:assert/strict";
import type { RunDescription } from "../../../../src/protocol/run";
import { fieldsOf, readFields } from "../../../../webview/change/fields";
import { changeMarkers } from "../../../../webview/change/marks";

const description = {
  learningRate: 0.01,
  batchSize: 32,
  momentum: 0.9,
  rows: { training: 1200, validation: 0, test: 0 },
} as RunDescription;

const typed = (texts: Record<string, string>) => (key: string) => texts[key] ?? "";

describe("the form that changes a run", () => {
  it("asks for what the run has, with its values of now", () => {
    assert.deepEqual(
      fieldsOf(description).map(({ key, value }) => [key, value]),
      [
        ["optimizer.learningRate", "0.01"],
        ["batchSize", "32"],
        ["optimizer.momentum", "0.9"],
      ],
    );
    const { momentum: _, ...adam } = description;
    assert.equal(fieldsOf({ ...adam, batchSize: 1200 }).length, 2);
    assert.equal(fieldsOf({ ...adam, batchSize: 1200 })[1].value, "full");
    assert.match(fieldsOf({ ...description, schedule: "cosine" })[0].hint, /cosine schedule .* scaled/);
  });

  it("changes what differs, however it is written", () => {
    const fields = fieldsOf(description);
    const same = { "optimizer.learningRate": "1e-2", batchSize: " 32", "optimizer.momentum": "0.90" };
    assert.deepEqual(readFields(fields, typed(same)), { changes: [], faults: new Map() });
    const { changes } = readFields(fields, typed({ ...same, batchSize: "full", "optimizer.momentum": "0" }));
    assert.deepEqual(changes, [
      { key: "batchSize", value: "full" },
      { key: "optimizer.momentum", value: 0 },
    ]);
  });

  it("says of each field what is wrong with it", () => {
    const { changes, faults } = readFields(
      fieldsOf(description),
      typed({ "optimizer.learningRate": "0", batchSize: "2.5", "optimizer.momentum": "0.5" }),
    );
    assert.deepEqual([...faults.keys()], ["optimizer.learningRate", "batchSize"]);
    assert.deepEqual(changes, [{ key: "optimizer.momentum", value: 0.5 }]);
  });
});

describe("the marks of changes", () => {
  it("stand at their steps, those of one step together", () => {
    assert.deepEqual(
      changeMarkers([
        { step: 5, key: "optimizer.learningRate", value: 0.1 },
        { step: 5, key: "batchSize", value: 2048 },
        { step: 5, key: "optimizer.learningRate", value: 0.003 },
        { step: 9, key: "optimizer.momentum", value: 0.5 },
        { step: 9, key: "batchSize", value: "full" },
      ]),
      [
        { step: 5, label: "η 0.003, batch 2,048" },
        { step: 9, label: "μ 0.5, batch full" },
      ],
    );
    assert.deepEqual(changeMarkers([{ step: 1, key: "seed" as never, value: 1 }]), []);
  });
});
