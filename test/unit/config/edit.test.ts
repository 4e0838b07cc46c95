import assert from "node:assert/strict";
import fc from "fast-check";
import { changeValues, difference } from "../../../src/config/edit";

describe("Changing values of a run config", () => {
  it("leaves comments and layout of JSON as they are", () => {
    const text =
      '// A bowl.\n{\n  "function": {\n    "expression": "x^2", // f\n    "start": { "x": 1 }\n  },\n}\n';
    const changed = changeValues(text, "json", [
      { path: ["function", "start", "x"], value: -2.5 },
      { path: ["optimizer", "learningRate"], value: 0.3 },
    ]);
    assert.ok(
      changed.startsWith(
        '// A bowl.\n{\n  "function": {\n    "expression": "x^2", // f\n    "start": { "x": -2.5 }\n  },',
      ),
    );
    assert.match(changed, /"optimizer": \{\s*"learningRate": 0\.3\s*\}/);
  });

  it("leaves comments of YAML as they are", () => {
    const text = "# A bowl.\nfunction:\n  expression: x^2 # f\n  start: { x: 1 }\n";
    const changed = changeValues(text, "yaml", [
      { path: ["function", "start", "x"], value: 3 },
      { path: ["optimizer", "learningRate"], value: 0.3 },
    ]);
    assert.equal(
      changed,
      "# A bowl.\nfunction:\n  expression: x^2 # f\n  start: { x: 3 }\noptimizer:\n  learningRate: 0.3\n",
    );
  });

  it("is told as one edit, which makes the one text of the other", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }),
        fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }),
        (before, after) => {
          const { start, end, text } = difference(before, after);
          assert.ok(start <= end);
          assert.equal(before.slice(0, start) + text + before.slice(end), after);
          if (before === after) assert.equal(text + String(end - start), "0");
        },
      ),
    );
    assert.deepEqual(difference("lr: 0.1, x", "lr: 0.25, x"), { start: 6, end: 7, text: "25" });
  });
});

describe("removing a key of a run config", () => {
  it("leaves the rest as it is, in JSON and in YAML", () => {
    const path = ["network", "initialWeights"];
    const json = '{\n  // mine\n  "network": { "hidden": [4], "initialWeights": "a" }\n}\n';
    const changed = changeValues(json, "json", [{ path, value: undefined }]);
    assert.ok(changed.includes("// mine"));
    assert.deepEqual(JSON.parse(changed.replace("// mine", "")), { network: { hidden: [4] } });
    const yaml = "# mine\nnetwork:\n  hidden: [4]\n  initialWeights: a\n";
    assert.equal(
      changeValues(yaml, "yaml", [{ path, value: undefined }]),
      "# mine\nnetwork:\n  hidden: [ 4 ]\n",
    );
  });
});
