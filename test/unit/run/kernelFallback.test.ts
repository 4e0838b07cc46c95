/** A run whose kernels trap goes on with the reference, and its folder says so. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { RunFile } from "../../../src/run/runFile";
import { removeTemporaryFolders, reportedSteps, smallRun, temporaryFolder } from "./support";

const settings = { network: { hidden: [40] }, epochs: 6, batchSize: 7, seed: 3 };

/** Has the kernels of engines made within `body` trap in their calls after the first `good` ones. */
async function trapping<T>(good: number, body: () => Promise<T>): Promise<T> {
  const { Instance } = WebAssembly;
  let calls = 0;
  function Trapping(module: WebAssembly.Module, imports: WebAssembly.Imports) {
    const { exports } = new Instance(module, imports);
    const runSteps = (...args: number[]): unknown => {
      if (++calls > good) throw new WebAssembly.RuntimeError("memory access out of bounds");
      return (exports["runSteps"] as (...all: number[]) => unknown)(...args);
    };
    return { exports: { ...exports, runSteps } };
  }
  WebAssembly.Instance = Trapping as unknown as typeof WebAssembly.Instance;
  try {
    return await body();
  } finally {
    WebAssembly.Instance = Instance;
  }
}

function runFileOf(run: ReturnType<typeof smallRun>): RunFile {
  const file = path.join(run.start.workspaceFolder, ".downhill/runs", run.start.id, "run.json");
  return JSON.parse(readFileSync(file, "utf8")) as RunFile;
}

describe("a run whose kernels trap", () => {
  afterEach(removeTemporaryFolders);

  for (const [what, hidden] of [
    ["the general kernels", [40]],
    ["generated steps", [4]],
  ] as const) {
    it(`ends as it would have, and run.json names both kernels (${what})`, async () => {
      const config = { ...settings, network: { hidden } };
      const whole = smallRun(temporaryFolder(), config);
      const { result: expected } = await whole.run();
      assert.equal(runFileOf(whole).kernelAtEnd, undefined);

      const run = smallRun(temporaryFolder(), config);
      const { result } = await trapping(3, () => run.run());
      const { kernel, kernelAtEnd, status } = runFileOf(run);
      assert.match(kernel, /^wasm/);
      assert.equal(kernelAtEnd, "reference-float32-1");
      assert.equal(status, "completed");
      assert.deepEqual([result.status, result.steps, result.epochs], ["completed", 42, 6]);
      assert.deepEqual(reportedSteps(run.events).step, reportedSteps(whole.events).step);
      // Not the same bits, but the same run.
      const [actual, planned] = [result.training?.loss, expected.training?.loss];
      assert.ok(Math.abs((actual ?? 0) / (planned ?? 0) - 1) < 1e-3, `${actual} instead of ${planned}`);
    });
  }
});
