// Measures how soon a run is under way: from its start until the worker has read the data ("start"), until the first report with steps, and
// what of that a bare worker thread takes. Prints a table and one line of JSON. Reported, not judged: it depends on the machine.
//
//   node test/bench/startup.mjs [rounds, default 9]
import { mkdtempSync, rmSync, copyFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { bundle, median } from "./support.mjs";

const rounds = Number(process.argv[2] ?? 9);
const root = fileURLToPath(new URL("../..", import.meta.url));

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
try {
  const { startRun } = await bundle(folder);
  copyFileSync(path.join(root, "examples/iris.csv"), path.join(folder, "iris.csv"));
  writeFileSync(path.join(folder, "empty.cjs"), "");
  /** @type {Record<string, number[]>} */
  const times = { bare: [], started: [], firstSteps: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await bareWorker());
    const { started, firstSteps } = await run(startRun, round);
    times.started.push(started);
    times.firstSteps.push(firstSteps);
  }
  const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  console.log("a bare worker thread      ", medians.bare.toFixed(1), "ms");
  console.log("data read, kernels ready  ", medians.started.toFixed(1), "ms");
  console.log("first steps reported      ", medians.firstSteps.toFixed(1), "ms");
  console.log(JSON.stringify({ bench: "startup", rounds, medians }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns {Promise<number>} milliseconds until an empty worker has ended */
function bareWorker() {
  const start = performance.now();
  return new Promise((resolve) => {
    new Worker(path.join(folder, "empty.cjs")).on("online", () => resolve(performance.now() - start));
  });
}

/**
 * @param {typeof import("../../src/run/startRun").startRun} startRun
 * @param {number} round
 * @returns {Promise<{ started: number; firstSteps: number }>} milliseconds
 */
function run(startRun, round) {
  const configText = JSON.stringify({ data: { file: "iris.csv", target: "species" } });
  const configFile = path.join(folder, "iris.train.json");
  writeFileSync(configFile, configText);
  const start = performance.now();
  const trainer = startRun(
    {
      id: `bench-${round}`,
      configFile,
      configText,
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill", "runs"),
      steps: "thinned",
      trajectory: true,
    },
    path.join(folder, "worker.cjs"),
  );
  let started = NaN;
  let firstSteps = NaN;
  return new Promise((resolve) => {
    trainer.onEvent((event) => {
      if (event.type === "start") started = performance.now() - start;
      if (event.type === "report" && event.steps && Number.isNaN(firstSteps)) {
        firstSteps = performance.now() - start;
        trainer.send({ type: "stop" });
      }
      if (event.type === "done") resolve({ started, firstSteps });
    });
  });
}
