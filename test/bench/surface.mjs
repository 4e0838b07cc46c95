// The loss surface under a path, in processor time, so that other programs do not count: what 64 × 64 points take in the lab, and what
// the run's own thread gives up for it when it is looked at once a second. Run: node test/bench/surface.mjs [rounds]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle, median } from "./support.mjs";

const [rounds = 7] = process.argv.slice(2).map(Number);

const workloads = {
  "iris, 4-16-3": { inputs: 4, rows: 150, classes: 3, hidden: [16], batchSize: 16, steps: 2000 },
  "784-128-10 on 1,000 rows": {
    inputs: 784,
    rows: 1250,
    classes: 10,
    hidden: [128],
    batchSize: 32,
    steps: 600,
  },
};
const request = /** @type {const} */ ({ plane: { type: "path", aspect: 1.5 }, size: 64 });

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
const { runSession, Control, createFlags, LabBench, surface } = await bundle(folder);

/** Milliseconds of processor time. */
const used = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000;

/**
 * A run of so many steps, as a lab sees it.
 * @param {string} configFile @param {string} configText @param {number} steps
 */
async function lookedAt(configFile, configText, steps) {
  /** @type {import("../../src/run/lab/look").LookedAt[]} */
  const runs = [];
  const lookout = /** @type {import("../../src/run/lab/look").Lookout} */ (
    /** @type {unknown} */ ({
      open: (/** @type {import("../../src/run/lab/look").LookedAt} */ opened) => runs.push(opened),
      close: () => undefined,
    })
  );
  const start = { id: "run", configFile, configText, workspaceFolder: folder, runsFolder: null };
  const options = /** @type {const} */ ({ steps: "thinned", trajectory: true, lastStep: steps });
  await runSession({ ...start, ...options }, new Control(createFlags()), () => undefined, undefined, lookout);
  return runs[0];
}

try {
  for (const [name, { inputs, rows, classes, hidden, batchSize, steps }] of Object.entries(workloads)) {
    const columns = Array.from({ length: inputs }, (_, i) => `x${i}`);
    const lines = Array.from({ length: rows }, (_, row) =>
      [...columns.map((_, i) => Math.sin(row * 1.7 + i * 2.3).toFixed(4)), `c${row % classes}`].join(","),
    );
    writeFileSync(path.join(folder, "data.csv"), [[...columns, "y"].join(","), ...lines].join("\n"));
    const configFile = path.join(folder, "bench.train.json");
    const configText = JSON.stringify({
      data: { file: "data.csv", target: "y" },
      network: { hidden },
      optimizer: { type: "sgd", learningRate: 1e-3 },
      batchSize,
      epochs: 100_000,
    });
    const run = await lookedAt(configFile, configText, steps);
    const bench = new LabBench({ material: run.material, look: (path) => Promise.resolve(run.look(path)) });
    const wholes = [];
    const firsts = [];
    const looks = [];
    for (let round = 0; round <= rounds; round++) {
      const began = used();
      let first = 0;
      for await (const part of surface(bench, request, { breathe: () => Promise.resolve() })) {
        if (part.stride === 4) first = used() - began;
      }
      // Once to compile.
      if (round > 0) {
        wholes.push(used() - began);
        firsts.push(first);
      }
      const looked = used();
      for (let i = 0; i < 10; i++) run.look(true);
      looks.push((used() - looked) / 10);
    }
    const milliseconds = (/** @type {number[]} */ values) => `${median(values).toFixed(1)} ms`;
    console.log(
      `${name}: 64 × 64 points and the path's own losses in ${milliseconds(wholes)}, the first 16 × 16 in ${milliseconds(firsts)}; ` +
        `a look costs the run ${milliseconds(looks)}, once a second ${(median(looks) / 10).toFixed(2)} %`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
