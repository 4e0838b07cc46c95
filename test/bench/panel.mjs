// Measures what an open panel costs a run: steps of its worker while the host forwards every change to a view, against a host that
// only takes the reports as the command line does; in turn, in one process. On Linux a step is counted against the CPU time of the
// worker's thread, so that a busy machine matters little; elsewhere against the clock, which means something only where a core is free for the
// host. Prints a table and one line of JSON; exits with 1 when the median run with a panel is more than 3 % slower.
//
//   node test/bench/panel.mjs [rounds, default 7] [seconds per run, default 2]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  console.log("                          without a panel   with a panel   (steps a second of its thread)");
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
  // One thread computes, so that all that a step costs is seen.
  const config = {
    data: { file: "bench.csv", target: "kind" },
    network: { hidden },
    batchSize,
    epochs: 1e7,
    engine: { threads: 1 },
  };
  const configText = JSON.stringify(config);
  writeFileSync(configFile, configText);
  const before = new Set(threads().keys());
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
  const own = busiest(before);
  const [first, started] = [step, seconds(own)];
  await sleep(milliseconds);
  const speed = (step - first) / (seconds(own) - started);
  trainer.send({ type: "stop" });
  await done;
  return speed;
}

/** The CPU seconds of this process's threads so far; none where the system does not tell. @returns {Map<string, number>} */
function threads() {
  try {
    const tasks = readdirSync("/proc/self/task");
    return new Map(
      tasks.map((id) => [
        id,
        Number(readFileSync(`/proc/self/task/${id}/schedstat`, "utf8").split(" ")[0]) / 1e9,
      ]),
    );
  } catch {
    return new Map();
  }
}

/** The thread that has computed most of those that came since. @param {Set<string>} before */
function busiest(before) {
  const since = [...threads()].filter(([id]) => !before.has(id));
  return since.sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** CPU seconds of a thread, or else of the clock. @param {string | undefined} thread */
function seconds(thread) {
  return (thread && threads().get(thread)) || performance.now() / 1000;
}

/** @param {number} rows */
function writeTable(rows) {
  const lines = Array.from({ length: rows }, (_, i) =>
    [Math.sin(i), Math.cos(i * 3), i % 3 ? "a" : "b"].join(","),
  );
  writeFileSync(path.join(folder, "bench.csv"), ["x,y,kind", ...lines].join("\n"));
}
