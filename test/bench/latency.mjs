// Measures how soon a run obeys: from the command's sending until the report that tells of it, in the middle of small
// steps, of one step and of one evaluation of seconds, and while the data are being read. Prints a table and one line of
// JSON; exits with 1 when the median of one of them is more than 100 ms.
//
//   node test/bench/latency.mjs [rounds, default 5]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundle, median } from "./support.mjs";

const rounds = Number(process.argv[2] ?? 5);
const allowed = 100;

/** @typedef {import("../../src/protocol/worker").RunEvent} RunEvent */
/** @typedef {(event: RunEvent) => boolean} Fits */

/** @type {Fits} */
const stepping = (event) => event.type === "report" && event.progress.step > 20;
/** @type {Fits} */
const evaluated = (event) => event.type === "report" && event.epochs !== undefined;
/** @type {Fits} */
const started = (event) => event.type === "start";
/** @type {Fits} */
const reading = (event) => event.type === "loading" && (event.fraction ?? 0) > 0;

const small = { network: { hidden: [16] }, batchSize: 16, epochs: 10_000_000 };
const heavy = { network: { hidden: [400, 400] }, batchSize: "full", epochs: 3 };

/** @type {{ name: string; rows: number; config: object; ready: Fits; type: "pause" | "stop"; obeyed: string }[]} */
const cases = [
  { name: "pause, small steps", rows: 200, config: small, ready: stepping, type: "pause", obeyed: "paused" },
  { name: "stop, small steps", rows: 200, config: small, ready: stepping, type: "stop", obeyed: "stopped" },
  {
    name: "stop, in a long evaluation",
    rows: 20_000,
    config: heavy,
    ready: started,
    type: "stop",
    obeyed: "stopped",
  },
  {
    name: "stop, in a long step",
    rows: 20_000,
    config: heavy,
    ready: evaluated,
    type: "stop",
    obeyed: "stopped",
  },
  {
    name: "stop, while reading",
    rows: 400_000,
    config: small,
    ready: reading,
    type: "stop",
    obeyed: "stopped",
  },
];

const folder = mkdtempSync(path.join(os.tmpdir(), "downhill-bench-"));
try {
  const { startRun } = await bundle(folder);
  /** @type {Record<string, number>} */
  const medians = {};
  for (const each of cases) {
    const times = [];
    for (let round = 1; round <= rounds; round++) times.push(await latency(startRun, each, round));
    medians[each.name] = median(times);
    const numbers = times.map((time) => time.toFixed(1).padStart(7)).join(" ");
    console.log(`${each.name.padEnd(28)} ${numbers}   (ms)`);
  }
  console.log(JSON.stringify({ bench: "latency", rounds, medians, allowed }));
  process.exitCode = Math.max(...Object.values(medians)) <= allowed ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {typeof import("../../src/run/startRun").startRun} startRun
 * @param {(typeof cases)[number]} what
 * @param {number} round
 * @returns {Promise<number>} milliseconds
 */
async function latency(startRun, { name, rows, config, ready, type, obeyed }, round) {
  const dataFile = `rows-${rows}.csv`;
  writeFileSync(path.join(folder, dataFile), tableOf(rows));
  const trainer = startRun(
    {
      id: `${name.replaceAll(/\W+/g, "-")}-${round}`,
      configFile: path.join(folder, "bench.train.json"),
      configText: JSON.stringify({ data: { file: dataFile, target: "kind" }, ...config }),
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill", "runs"),
      steps: "thinned",
      trajectory: true,
    },
    path.join(folder, "worker.cjs"),
  );
  let asked = NaN;
  let took = NaN;
  /** @type {Promise<void>} */
  const done = new Promise((resolve) => {
    trainer.onEvent((event) => {
      if (Number.isNaN(asked)) {
        if (!ready(event)) return;
        asked = Infinity;
        void sleep(50).then(() => {
          asked = performance.now();
          trainer.send({ type });
        });
        return;
      }
      const told =
        event.type === "report" ? event.progress.status : event.type === "done" ? event.result.status : "";
      if (Number.isNaN(took) && told === obeyed) {
        took = performance.now() - asked;
        if (type === "pause") trainer.send({ type: "stop" });
      }
      if (event.type === "done") resolve();
    });
  });
  await done;
  return took;
}

/** @param {number} rows */
function tableOf(rows) {
  const lines = Array.from({ length: rows }, (_, i) =>
    [Math.sin(i), Math.cos(i * 3), Math.sin(i * 7), i % 3 ? "a" : "b"].join(","),
  );
  return ["x,y,z,kind", ...lines].join("\n");
}
