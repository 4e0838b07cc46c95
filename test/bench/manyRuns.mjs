// How long 5,000 runs take to be listed: with the index that the editor keeps, without one, and read one by one.
// Usage: node test/bench/manyRuns.mjs [runs]
import { build } from "esbuild";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const count = Number(process.argv[2] ?? 5000);
const root = path.join(import.meta.dirname, "../..");
const scratch = mkdtempSync(path.join(os.tmpdir(), "downhill-many-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

cpSync(path.join(root, "examples/iris.csv"), path.join(scratch, "iris.csv"));
const config = { data: { file: "iris.csv", target: "species" }, epochs: 2 };
writeFileSync(path.join(scratch, "iris.train.json"), JSON.stringify(config));
const trained = spawnSync(process.execPath, [path.join(root, "dist/cli.js"), "train", "iris.train.json"], {
  cwd: scratch,
  encoding: "utf8",
});
if (trained.status !== 0) throw new Error(trained.stderr);
const runs = path.join(scratch, ".downhill/runs");
const [first] = readdirSync(runs);
const run = JSON.parse(readFileSync(path.join(runs, first, "run.json"), "utf8"));
for (let i = 0; i < count; i++) {
  const id = `2026-01-01-${i}-iris`;
  mkdirSync(path.join(runs, id));
  const file = { ...run, id, startedAt: run.startedAt - i * 1000 };
  writeFileSync(path.join(runs, id, "run.json"), JSON.stringify(file, null, 2));
}

const bundle = path.join(scratch, "index.cjs");
await build({
  stdin: {
    contents: 'export { RunIndex } from "./src/run/runIndex"; export { listRuns } from "./src/run/runStore";',
    resolveDir: root,
  },
  bundle: true,
  platform: "node",
  format: "cjs",
  outfile: bundle,
  define: { DOWNHILL_VERSION: '"bench"' },
});
/** @type {{ RunIndex: typeof import("../../src/run/runIndex").RunIndex, listRuns: typeof import("../../src/run/runStore").listRuns }} */
const { RunIndex, listRuns } = createRequire(import.meta.url)(bundle);

/** @param {string} name @param {() => Promise<unknown>} work */
async function timed(name, work) {
  const startedAt = performance.now();
  await work();
  console.log(`${name.padEnd(40)} ${(performance.now() - startedAt).toFixed(0).padStart(6)} ms`);
}

console.log(`${count} runs`);
for (let round = 0; round < 3; round++) {
  await timed("read one by one", () => listRuns(runs));
  rmSync(path.join(runs, ".index.json"), { force: true });
  await timed("without an index", () => new RunIndex(runs).list());
  const index = new RunIndex(runs);
  await index.list();

  await timed("saved the index", () => index.save());
  console.log(`the index is ${(statSync(path.join(runs, ".index.json")).size / 1e6).toFixed(1)} MB`);
  await timed("with the index", () => new RunIndex(runs).list());
  await timed("looked for changes", () => index.verify());
}
