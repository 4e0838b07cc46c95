// What looking at steps costs a run: steps in a second of processor time with and without it, interleaved in one process, at the
// default settings, with the run kept and its path followed. Run: node test/bench/probing.mjs [seconds [rounds]]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundle, median } from "./support.mjs";

const [seconds = 3, rounds = 7] = process.argv.slice(2).map(Number);

const workloads = {
  "2-4-1, batch 10": { inputs: 2, rows: 300, hidden: [4], batchSize: 10, dropout: 0 },
  "4-16-3, batch 16": { inputs: 4, rows: 150, hidden: [16], batchSize: 16, dropout: 0 },
  "30-64-32-2, batch 32, dropout": { inputs: 30, rows: 570, hidden: [64, 32], batchSize: 32, dropout: 0.2 },
  "784-512-512-2, batch 128": { inputs: 784, rows: 2000, hidden: [512, 512], batchSize: 128, dropout: 0 },
};

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
const { runSession, Control, createFlags } = await bundle(folder);

/**
 * Steps in a second of processor time, from the first report on: waiting for other programs does not count.
 * @param {string} configFile @param {string} configText @param {boolean} health
 */
async function measure(configFile, configText, health) {
  const id = `run-${performance.now()}`;
  const control = new Control(createFlags());
  const runsFolder = path.join(folder, "runs");
  let [began, first, cpu, rate, probes] = [0, 0, 0, 0, 0];
  const used = () => process.cpuUsage().user + process.cpuUsage().system;
  await runSession(
    {
      id,
      configFile,
      configText,
      workspaceFolder: folder,
      runsFolder,
      steps: "thinned",
      trajectory: true,
      health,
    },
    control,
    (event) => {
      if (event.type !== "report" || event.progress.step === 0 || rate > 0) return;
      probes += event.health?.step.length ?? 0;
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
  rmSync(runsFolder, { recursive: true, force: true });
  return { rate, probes };
}

try {
  for (const [name, { inputs, rows, hidden, batchSize, dropout }] of Object.entries(workloads)) {
    const columns = Array.from({ length: inputs }, (_, i) => `x${i}`);
    const lines = Array.from({ length: rows }, (_, row) =>
      [...columns.map((_, i) => Math.sin(row * 1.7 + i * 2.3).toFixed(4)), row % 2 ? "a" : "b"].join(","),
    );
    writeFileSync(path.join(folder, "data.csv"), [[...columns, "y"].join(","), ...lines].join("\n"));
    const config = JSON.stringify({
      data: { file: "data.csv", target: "y" },
      network: { hidden, dropout },
      optimizer: { type: "adam", learningRate: 1e-4 },
      batchSize,
      epochs: 100_000_000,
    });
    const configFile = path.join(folder, "bench.train.json");
    const ratios = [];
    let looks = 0;
    for (let round = 0; round < rounds; round++) {
      // Which comes first changes, as the machine's speed drifts.
      const order = round % 2 ? [true, false] : [false, true];
      const rates = new Map();
      for (const health of order) {
        const { rate, probes } = await measure(configFile, config, health);
        rates.set(health, rate);
        looks += probes;
      }
      ratios.push(1 - rates.get(true) / rates.get(false));
    }
    const percent = (/** @type {number} */ ratio) => `${(100 * ratio).toFixed(1)} %`;
    console.log(
      `${name}: looking costs ${percent(median(ratios))} of the steps (rounds: ${ratios.map(percent).join(", ")}); ${(looks / rounds / seconds).toFixed(0)} looks a second`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
