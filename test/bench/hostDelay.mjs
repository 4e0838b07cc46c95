// Measures what a run costs the process that hosts it: the event loop's delay while a run goes on in its worker thread
// and is followed as the editor follows it, against idle, in one process, interleaved. Prints a table and one line of
// JSON; exits with 1 when the 99th percentile during a run is more than 4 ms above idle.
//
//   node test/bench/hostDelay.mjs [rounds, default 5] [seconds per round, default 3]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { bundle, median } from "./support.mjs";

const rounds = Number(process.argv[2] ?? 5);
const milliseconds = 1000 * Number(process.argv[3] ?? 3);
const allowed = 4;

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
try {
  const outcome = await measure();
  console.log(JSON.stringify(outcome));
  process.exitCode = outcome.aboveIdle <= allowed ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  const { startRun, LiveRun } = await bundle(folder);
  const idle = [];
  const running = [];
  console.log("round    idle p50   idle p99    run p50    run p99   (ms)      steps");
  for (let round = 1; round <= rounds; round++) {
    // Which comes first changes, so that a machine that slows down or speeds up favours neither.
    const quiet = round % 2 ? await delay() : null;
    const { run, steps } = await startTraining(startRun, LiveRun, round);
    const busy = await delay();
    await stop(run);
    const still = quiet ?? (await delay());
    idle.push(still);
    running.push(busy);
    const numbers = [still.p50, still.p99, busy.p50, busy.p99].map((value) => value.toFixed(2).padStart(10));
    console.log(`${String(round).padStart(5)} ${numbers.join(" ")}  ${String(steps()).padStart(16)}`);
  }
  /** @param {{ p99: number }[]} all */
  const p99 = (all) => median(all.map((each) => each.p99));
  return {
    bench: "hostDelay",
    rounds,
    idleP99: p99(idle),
    runP99: p99(running),
    aboveIdle: p99(running) - p99(idle),
    allowed,
  };
}

/** Delays of the event loop beyond the sampling interval, in milliseconds. */
async function delay() {
  const resolution = 1;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  histogram.disable();
  /** @param {number} p */
  const percentile = (p) => Math.max(0, histogram.percentile(p) / 1e6 - resolution);
  return { p50: percentile(50), p99: percentile(99) };
}

/**
 * A run that reports as much as runs can: tiny steps, every epoch evaluated, a path to follow, a folder to keep.
 * @param {typeof import("../../src/run/startRun").startRun} startRun
 * @param {typeof import("../../src/run/liveRun").LiveRun} LiveRun
 * @param {number} round
 */
async function startTraining(startRun, LiveRun, round) {
  const configFile = path.join(folder, "bench.train.json");
  const config = {
    data: { file: "bench.csv", target: "kind" },
    network: { hidden: [16] },
    batchSize: 16,
    epochs: 10_000_000,
  };
  const rows = Array.from({ length: 200 }, (_, i) =>
    [Math.sin(i), Math.cos(i * 3), i % 3 ? "a" : "b"].join(","),
  );
  writeFileSync(path.join(folder, "bench.csv"), ["x,y,kind", ...rows].join("\n"));
  writeFileSync(configFile, JSON.stringify(config));
  const id = `bench-${round}`;
  const trainer = startRun(
    {
      id,
      configFile,
      configText: JSON.stringify(config),
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill", "runs"),
      steps: "thinned",
      trajectory: true,
    },
    path.join(folder, "worker.cjs"),
  );
  const run = new LiveRun(trainer, { id, name: "bench", configFile });
  let latest = 0;
  /** @type {Promise<void>} */
  const stepping = new Promise((resolve) => {
    // A view takes a structured clone of every delta.
    run.onDelta((delta) => {
      structuredClone(delta);
      latest = delta.progress?.step ?? latest;
      if (latest > 0) resolve();
    });
  });
  await stepping;
  return { run, steps: () => latest };
}

/**
 * @param {import("../../src/run/liveRun").LiveRun} run
 * @returns {Promise<void>}
 */
function stop(run) {
  return new Promise((resolve) => {
    run.onDelta((delta) => {
      if (delta.result) resolve();
    });
    run.send({ type: "stop" });
  });
}
