// What keeping a run (journal, checkpoints, keyframes, path) costs it: steps in a second of processor time with and without a
// folder, interleaved in one process. Run: node test/bench/keeping.mjs [seconds [rounds]]
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle, median } from "./support.mjs";

const [seconds = 3, rounds = 7] = process.argv.slice(2).map(Number);

const workloads = {
  "4-16-3, batch 16": { inputs: 4, rows: 150, hidden: [16], batchSize: 16 },
  "30-64-32-2, batch 32": { inputs: 30, rows: 570, hidden: [64, 32], batchSize: 32 },
  "200-512-256-2, batch 64": { inputs: 200, rows: 2000, hidden: [512, 256], batchSize: 64 },
};

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
const { runSession, Control, createFlags } = await bundle(folder);

/**
 * Steps in a second of processor time, also of the threads that write: waiting for other programs does not count.
 * @param {string} configFile @param {string} configText @param {string | null} runsFolder
 */
async function stepsPerSecond(configFile, configText, runsFolder) {
  const id = `run-${performance.now()}`;
  const control = new Control(createFlags());
  let began = 0;
  let first = 0;
  let cpu = 0;
  let rate = 0;
  const used = () => process.cpuUsage().user + process.cpuUsage().system;
  await runSession(
    { id, configFile, configText, workspaceFolder: folder, runsFolder, steps: "thinned", trajectory: false },
    control,
    (event) => {
      if (event.type !== "report" || event.progress.step === 0 || rate > 0) return;
      const now = performance.now();
      // The first steps are slow until the code is compiled.
      if (began === 0) [began, first, cpu] = [now, event.progress.step, used()];
      else if (now - began > 1000 * seconds) {
        rate = (event.progress.step - first) / ((used() - cpu) / 1e6);
        control.flag[0]++;
        control.receive({ type: "stop" });
      }
    },
  );
  return rate;
}

try {
  for (const [name, { inputs, rows, hidden, batchSize }] of Object.entries(workloads)) {
    const columns = Array.from({ length: inputs }, (_, i) => `x${i}`);
    const lines = Array.from({ length: rows }, (_, row) =>
      [...columns.map((_, i) => Math.sin(row * 1.7 + i * 2.3).toFixed(4)), row % 2 ? "a" : "b"].join(","),
    );
    writeFileSync(path.join(folder, "data.csv"), [[...columns, "y"].join(","), ...lines].join("\n"));
    const config = JSON.stringify({
      data: { file: "data.csv", target: "y" },
      network: { hidden },
      optimizer: { type: "adam", learningRate: 1e-4 },
      batchSize,
      epochs: 100_000_000,
    });
    const configFile = path.join(folder, "bench.train.json");
    const runs = path.join(folder, "runs");
    const ratios = [];
    for (let round = 0; round < rounds; round++) {
      // Which comes first changes, as the machine's speed drifts.
      const order = round % 2 ? [runs, null] : [null, runs];
      const rates = new Map();
      for (const where of order) rates.set(where, await stepsPerSecond(configFile, config, where));
      ratios.push(1 - rates.get(runs) / rates.get(null));
    }
    const kept = readdirSync(runs, { recursive: true }).map((file) => path.join(runs, String(file)));
    const bytes = kept.reduce((sum, file) => sum + statSync(file).size, 0) / rounds;
    const percent = (/** @type {number} */ ratio) => `${(100 * ratio).toFixed(1)} %`;
    console.log(
      `${name}: keeping costs ${percent(median(ratios))} of the steps (rounds: ${ratios.map(percent).join(", ")}); ${(bytes / 1e6).toFixed(1)} MB a run`,
    );
    rmSync(runs, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
