// Measures what an open panel costs a run: steps a second in its worker while the host forwards every change to a view, against a host that
// only takes the reports as the command line does; in turn, in one process. Prints a table and one line of JSON; exits with 1 when
// the median run with a panel is more than 3 % slower. Meaningful only where a core is free for the host.
//
//   node test/bench/panel.mjs [rounds, default 7] [seconds per run, default 2]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundle, median } from "./support.mjs";

const rounds = Number(process.argv[2] ?? 7);
const milliseconds = 1000 * Number(process.argv[3] ?? 2);
const allowed = 0.03;

const shapes = [
  { name: "2-4-1, 1,000 rows", hidden: [4], rows: 1000, batchSize: 10 },
  { name: "2-64-64-1, 5,000 rows", hidden: [64, 64], rows: 5000, batchSize: 64 },
];

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
try {
  const parts = await bundle(folder);
  /** @type {Record<string, number>} */
  const slower = {};
  console.log("                          without a panel   with a panel   (steps/s)");
  for (const shape of shapes) {
    writeTable(shape.rows);
    const ratios = [];
    for (let round = 0; round < rounds; round++) {
      // Which comes first changes, so that a machine that slows down or speeds up favours neither.
      const order = round % 2 ? [true, false] : [false, true];
      const speed = new Map();
      for (const panel of order) speed.set(panel, await stepsPerSecond(parts, shape, panel));
      ratios.push(speed.get(true) / speed.get(false));
      const numbers = [false, true].map((panel) => speed.get(panel).toFixed(0).padStart(14));
      console.log(`${shape.name.padEnd(26)} ${numbers.join(" ")}`);
    }
    slower[shape.name] = 1 - median(ratios);
  }
  console.log(JSON.stringify({ bench: "panel", rounds, slower, allowed }));
  process.exitCode = Math.max(...Object.values(slower)) <= allowed ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {Awaited<ReturnType<typeof bundle>>} parts
 * @param {(typeof shapes)[number]} shape
 * @param {boolean} panel
 */
async function stepsPerSecond({ startRun, LiveRun }, { hidden, batchSize }, panel) {
  const configFile = path.join(folder, "bench.train.json");
  const config = { data: { file: "bench.csv", target: "kind" }, network: { hidden }, batchSize, epochs: 1e7 };
  const configText = JSON.stringify(config);
  writeFileSync(configFile, configText);
  const trainer = startRun(
    {
      id: `bench-${process.hrtime.bigint()}`,
      configFile,
      configText,
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill", "runs"),
      steps: "thinned",
      trajectory: true,
    },
    path.join(folder, "worker.cjs"),
  );
  let step = 0;
  /** @type {Promise<void>} */
  const done = new Promise((resolve) => {
    trainer.onEvent((event) => {
      if (event.type === "report") step = event.progress.step;
      if (event.type === "done") resolve();
    });
  });
  if (panel) {
    const run = new LiveRun(trainer, { id: "bench", name: "bench", configFile });
    // A view takes a structured clone of every delta.
    run.onDelta((delta) => void structuredClone(delta));
  }
  while (step === 0) await sleep(10);
  // The kernels are compiled and the first reports are out.
  await sleep(300);
  const [first, started] = [step, performance.now()];
  await sleep(milliseconds);
  const speed = ((step - first) / (performance.now() - started)) * 1000;
  trainer.send({ type: "stop" });
  await done;
  return speed;
}

/** @param {number} rows */
function writeTable(rows) {
  const lines = Array.from({ length: rows }, (_, i) =>
    [Math.sin(i), Math.cos(i * 3), i % 3 ? "a" : "b"].join(","),
  );
  writeFileSync(path.join(folder, "bench.csv"), ["x,y,kind", ...lines].join("\n"));
}
