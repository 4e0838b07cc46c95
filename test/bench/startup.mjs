// Measures how soon a run is under way: from its start until the worker has read the data ("start"), until the first report with steps, and
// what of that a bare worker thread takes. Prints a table and one line of JSON. Reported, not judged: it depends on the machine.
//
// The workers are those of production builds, taken in turn, so that one can be compared with another:
//
//   node scripts/build.mjs --production; node test/bench/startup.mjs [rounds, default 9] [folders of builds, default dist]
import { mkdtempSync, rmSync, copyFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { fileURLToPath } from "node:url";
import { bundle, median } from "./support.mjs";

const rounds = Number(process.argv[2] ?? 9);
const root = fileURLToPath(new URL("../..", import.meta.url));
const given = process.argv.slice(3);
const builds = given.length > 0 ? given : [path.join(root, "dist")];

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
try {
  const { startRun } = await bundle(folder);
  copyFileSync(path.join(root, "examples/iris.csv"), path.join(folder, "iris.csv"));
  writeFileSync(path.join(folder, "empty.cjs"), "");
  const bare = [];
  const times = builds.map(() => ({
    started: /** @type {number[]} */ ([]),
    firstSteps: /** @type {number[]} */ ([]),
  }));
  for (let round = 0; round < rounds; round++) {
    bare.push(await bareWorker());
    for (const [index, build] of builds.entries()) {
      const { started, firstSteps } = await run(
        startRun,
        path.resolve(build, "worker.js"),
        `${round}-${index}`,
      );
      times[index].started.push(started);
      times[index].firstSteps.push(firstSteps);
    }
  }
  console.log("a bare worker thread      ", median(bare).toFixed(1), "ms");
  for (const [index, { started, firstSteps }] of times.entries()) {
    if (builds.length > 1) console.log(builds[index]);
    console.log("data read, kernels ready  ", median(started).toFixed(1), "ms");
    console.log("first steps reported      ", median(firstSteps).toFixed(1), "ms");
    const medians = { bare: median(bare), started: median(started), firstSteps: median(firstSteps) };
    console.log(JSON.stringify({ bench: "startup", build: builds[index], rounds, medians }));
  }
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
 * @param {string} workerFile
 * @param {string} id
 * @returns {Promise<{ started: number; firstSteps: number }>} milliseconds
 */
function run(startRun, workerFile, id) {
  const configText = JSON.stringify({ data: { file: "iris.csv", target: "species" } });
  const configFile = path.join(folder, "iris.train.json");
  writeFileSync(configFile, configText);
  const start = performance.now();
  const trainer = startRun(
    {
      id: `bench-${id}`,
      configFile,
      configText,
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill", "runs"),
      steps: "thinned",
      trajectory: true,
    },
    workerFile,
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
