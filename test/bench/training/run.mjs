// Speed of whole training steps beside other libraries: node run.mjs [W1,W5,looking,mnist,scale …]; without names all, into RESULTS.md.
//
// Every peer is one process that stays alive, pinned to one core, and they measure in turn, a tenth of a second each, round after
// round: what else the machine does then slows all alike, and ratios keep their meaning. First all must report the same loss of
// the first epoch, from the same data, starting weights and order.
import { build } from "esbuild";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildKernel } from "../../../scripts/kernel.mjs";
import { dataOf, workloads } from "./workloads.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
/** TensorFlow Playground's src/nn.ts, for W1; it is no part of this project. */
const playground = process.env["DOWNHILL_PLAYGROUND"];
/** Public data sets, among them MNIST as parquet files. */
const datasets = process.env["DOWNHILL_DATASETS"] ?? path.join(here, "../../../../shared/datasets");
const ROUNDS = 5;
const SECONDS = 0.1;
/** A peer whose epoch takes more µs has one round: it is far behind, and its spread tells nothing. */
const SLOW = 400_000;
/** How many times faster than the faster of PyTorch and scikit-learn we mean to be. */
const goals = { W1: 100, W2: 50, W3: 5, W4: 2, W5: 1.25, W5b: 0.65, W6: 0.6, W7: 1.5 };
/** The same of Downhill on two threads, against them on one. */
const goalsOfTwo = { W4: 2.5, W5: 2, W5b: 1.1, W6: 1, W7: 1.8 };
const TWO = "2 threads";
const wanted = process.argv[2]?.split(",");

const scratch = mkdtempSync(path.join(tmpdir(), "downhill-bench-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main() {
  const peers = await startPeers();
  const rows = [];
  for (const workload of workloads()) {
    if (wanted && !wanted.includes(workload.name)) continue;
    const row = await compare(peers, workload);
    rows.push(row);
    process.stderr.write(`${describe(row)}\n`);
  }
  for (const peer of peers) peer.child.stdin.end();
  let text = report(peers, rows);
  for (const [name, part] of Object.entries({ looking, mnist, scale })) {
    if (!wanted || wanted.includes(name)) text += await part();
  }
  process.stdout.write(text);
  if (!wanted) writeFileSync(path.join(here, "../RESULTS.md"), text);
}

async function startPeers() {
  buildKernel();
  const ours = path.join(scratch, "downhill.cjs");
  await bundleOurs("downhill.ts", ours);
  const python = "/usr/bin/python3";
  const has = (module) => spawnSync(python, ["-c", `import ${module}`]).status === 0;
  await bundleOurs("../../../../src/run/kernelThread.ts", path.join(scratch, "kernelThread.cjs"));
  const peers = [start("Downhill", process.execPath, [ours, "wasm"])];
  if (availableParallelism() > 1) peers.push(start(TWO, process.execPath, [ours, "wasm", "2"], 2));
  peers.push(start("reference", process.execPath, [ours, "reference"]));
  if (has("torch")) peers.push(start("PyTorch", python, [path.join(here, "peers/pytorch.py"), "1"]));
  if (has("sklearn")) peers.push(start("scikit-learn", python, [path.join(here, "peers/sklearn_mlp.py")]));
  for (const backend of ["wasm", "cpu"]) {
    peers.push(start(`tfjs ${backend}`, process.execPath, [path.join(here, "peers/tfjs.mjs"), backend]));
  }
  if (playground) {
    const bundle = path.join(scratch, "playground.cjs");
    await bundleOurs("playground.ts", bundle, { "playground-nn": path.resolve(playground) });
    peers.push(start("Playground", process.execPath, [bundle]));
  }
  peers.push(start("brain.js", process.execPath, [path.join(here, "peers/brain.mjs")]));
  return peers;
}

async function bundleOurs(source, outfile, alias = {}) {
  await build({
    alias,
    entryPoints: [path.join(here, "peers", source)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    loader: { ".wasm": "binary" },
    logLevel: "error",
  });
}

/** What looking costs: evaluations and loss surfaces. */
async function looking() {
  const bundle = path.join(scratch, "forward.cjs");
  await bundleOurs("forward.ts", bundle);
  const { stdout } = spawnSync(process.execPath, [bundle], { encoding: "utf8" });
  const { evaluation, surface } = JSON.parse(stdout);
  const lines = [
    "",
    "## Looking",
    "",
    "How many times faster a row is evaluated than trained on (one thread, in turn):",
    "",
  ];
  lines.push("| network | × |", "|---|---|");
  for (const [name, ratio] of Object.entries(evaluation)) lines.push(`| ${name} | ${figure(ratio)} |`);
  lines.push("", "A loss surface of 64 × 64 points, from the first layer's values at three of them:", "");
  lines.push("| network | ms |", "|---|---|");
  for (const [name, milliseconds] of Object.entries(surface))
    lines.push(`| ${name} | ${figure(milliseconds)} |`);
  return `${lines.join("\n")}\n`;
}

/** A whole run of the command line on all of MNIST. */
async function mnist() {
  const title = ["", "## MNIST", ""];
  const [train, test] = ["mnist-train-60k-wide.parquet", "mnist-test-1k.parquet"];
  if (![train, test].every((file) => existsSync(path.join(datasets, file)))) {
    return [...title, "Not measured: the data sets are not there (DOWNHILL_DATASETS).", ""].join("\n");
  }
  const root = path.join(here, "../../..");
  spawnSync(process.execPath, [path.join(root, "scripts/build.mjs"), "--production"], { stdio: "inherit" });
  // Files must lie beside the run config.
  for (const file of [train, test]) copyFileSync(path.join(datasets, file), path.join(scratch, file));
  const config = {
    data: { file: train, target: "label", testFile: test, split: { validation: 0 } },
    task: "classification",
    network: { hidden: [128] },
    optimizer: { type: "adam", learningRate: 0.001 },
    schedule: { type: "cosine" },
    batchSize: 128,
    epochs: 10,
  };
  const configFile = path.join(scratch, "mnist.train.json");
  writeFileSync(configFile, JSON.stringify(config));
  const cli = path.join(root, "dist/cli.js");
  const { stdout, stderr } = spawnSync(process.execPath, [cli, "train", configFile, "--events", "-"], {
    cwd: scratch,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const done = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .find(({ type }) => type === "done");
  if (done?.status !== "completed") return [...title, `Failed: ${stderr.split("\n")[0]}`, ""].join("\n");
  return [
    ...title,
    "784-128-10 on the 60,000 training images, batch 128, Adam 0.001 down a cosine, ten epochs on the command line with its default threads:",
    `**${figure(done.trainingSeconds / 10)} s an epoch** inside steps, **${(100 * done.test.accuracy).toFixed(1)} %** of 1,000 test images right.`,
    "",
  ].join("\n");
}

/** Widths of a hidden layer, many rows, many parameters. */
async function scale() {
  const bundle = path.join(scratch, "scale.cjs");
  await bundleOurs("scale.ts", bundle);
  const ask = (...what) => {
    const { stdout } = spawnSync(process.execPath, [bundle, ...what], { encoding: "utf8" });
    return JSON.parse(stdout);
  };
  const lines = [
    "",
    "## Width",
    "",
    "64 inputs, one hidden layer, 10 classes, batch 128, Adam. The cost of a step must not grow faster than its operations.",
    "",
    "| hidden units | ms a step | GFLOP/s | |",
    "|---|---|---|---|",
  ];
  for (const units of [64, 128, 256, 512, 1024, 2048, 4096]) {
    const { milliseconds, gigaflops } = ask("width", String(units));
    lines.push(
      `| ${units} | ${figure(milliseconds)} | ${figure(gigaflops)} | ${"█".repeat(Math.round(gigaflops / 2))} |`,
    );
  }
  lines.push(
    "",
    "## Memory",
    "",
    "What a process gains by a run, beside data + 2 × parameters × (2 + slots of the optimiser) + activations of one batch. Adam, batch 128.",
    "",
    "| | parameters | ms a step | MB | formula | beyond |",
    "|---|---|---|---|---|---|",
  );
  for (const [name, what] of [
    ["1,000,000 rows of 100", "rows"],
    ["784-2800-2700-10", "parameters"],
  ]) {
    const { parameters, milliseconds, megabytes, formula } = ask(what);
    lines.push(
      `| ${name} | ${parameters} | ${figure(milliseconds)} | ${figure(megabytes)} | ${figure(formula)} | ${figure(megabytes - formula)} |`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function start(name, command, commandArguments, coreCount = 1) {
  // So many cores, the last ones, so that no peer gains another thread.
  const pinned = spawnSync("taskset", ["--version"]).status === 0;
  const last = availableParallelism() - 1;
  const [program, list] = pinned
    ? ["taskset", ["-c", `${last - coreCount + 1}-${last}`, command, ...commandArguments]]
    : [command, commandArguments];
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", TF_CPP_MIN_LOG_LEVEL: "3" };
  const child = spawn(program, list, { stdio: ["pipe", "pipe", "ignore"], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { name, child, lines };
}

/** Sends a request; a line that is no JSON is chatter of a library. */
async function ask({ child, lines }, request) {
  child.stdin.write(`${JSON.stringify(request)}\n`);
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return { error: "the process ended" };
    if (value.startsWith("{")) return JSON.parse(value);
  }
}

async function compare(peers, workload) {
  const file = path.join(scratch, "data.bin");
  writeFileSync(file, dataOf(workload));
  const losses = {};
  const times = {};
  for (const peer of peers) {
    const { loss, error } = await ask(peer, { prepare: { ...workload, file } });
    if (error && peer.name !== "Playground")
      process.stderr.write(`${workload.name}: ${peer.name}: ${error}\n`);
    if (!error) {
      losses[peer.name] = loss;
      times[peer.name] = [];
    }
  }
  const expected = losses["reference"];
  for (const [name, loss] of Object.entries(losses)) {
    if (loss !== null && Math.abs(loss - expected) > 1e-4 * expected) {
      throw new Error(`${workload.name}: ${name} has the loss ${loss}, the reference ${expected}`);
    }
  }
  // The first round compiles and is thrown away.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const peer of peers) {
      if (!times[peer.name] || (round > 1 && median(times[peer.name]) * workload.batches > SLOW)) continue;
      const { microseconds } = await ask(peer, { measure: round === 0 ? 3 * SECONDS : SECONDS });
      if (round > 0) times[peer.name].push(microseconds);
    }
  }
  return { workload, losses, times };
}

function sorted(values) {
  return values.toSorted((a, b) => a - b);
}

function median(values) {
  return sorted(values)[Math.floor(values.length / 2)];
}

/** The faster of the two that run natively. */
function native({ times }) {
  const both = [times["PyTorch"], times["scikit-learn"]].filter(Boolean).map(median);
  return both.length === 0 ? null : Math.min(...both);
}

function ratioText(row, name = "Downhill") {
  const best = native(row);
  if (best === null) return "–";
  const ours = row.times[name];
  if (!ours) return "–";
  // Round by round, so that the spread is that of the ratio and not of the machine.
  const rounds = ours.map((value, i) => {
    const others = [row.times["PyTorch"], row.times["scikit-learn"]].filter(Boolean).map((list) => list[i]);
    return Math.min(...others) / value;
  });
  const [low, ...rest] = sorted(rounds);
  return `**${figure(median(rounds))}** (${figure(low)}–${figure(rest.at(-1) ?? low)})`;
}

function figure(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function describe(row) {
  const ours = median(row.times["Downhill"]);
  const others = Object.entries(row.times).map(([name, list]) => `${name} ${figure(median(list))}`);
  return `${row.workload.optimizer} ${row.workload.name} ${figure(ours)} µs: ${others.join(", ")}`;
}

function report(peers, rows) {
  const names = peers.map(({ name }) => name);
  const { model } = cpus()[0];
  const lines = [
    "# Speed of a training step",
    "",
    `Written by \`npm run bench\` on ${availableParallelism()} cores of ${model.trim()}, Node ${process.versions.node}. Microseconds a`,
    "step (forward, backward and update; ours with the loss and the gradient norm of every step), median of",
    `${ROUNDS} rounds in which all took turns, each pinned to one core, but for Downhill's "2 threads", pinned to two. "Ratio" is how many times faster Downhill is than the faster of PyTorch`,
    "and scikit-learn (both on one thread), in brackets the lowest and highest round. All report the same loss of the first epoch;",
    "brain.js, which trains sample by sample on a loss of its own, and scikit-learn's two-class W3 are there for their speed alone.",
    "Playground is TensorFlow Playground's own code, where it is at hand; it knows W1's plain gradient descent alone.",
    "Where the machine has other work, times rise and spreads widen; then only the ratios tell something, and the quietest rounds most.",
    "",
  ];
  for (const optimizer of ["sgd", "adam"]) {
    lines.push(`## ${optimizer === "sgd" ? "Plain gradient descent" : "Adam"}`, "");
    lines.push(
      `| | network | batch | ${names.join(" | ")} | ratio | goal | ratio, 2 threads | goal | ÷ tfjs |`,
    );
    lines.push(`|---|---|---|${names.map(() => "---").join("|")}|---|---|---|---|---|`);
    for (const row of rows.filter(({ workload }) => workload.optimizer === optimizer)) {
      const { name, inputs, hidden, outputs, batch } = row.workload;
      const cells = names.map((peer) => (row.times[peer] ? figure(median(row.times[peer])) : "–"));
      const tfjs = ["tfjs wasm", "tfjs cpu"].flatMap((peer) =>
        row.times[peer] ? [median(row.times[peer])] : [],
      );
      const overTfjs = tfjs.length === 0 ? "–" : figure(Math.min(...tfjs) / median(row.times["Downhill"]));
      const network = [inputs, ...hidden, outputs].join("-");
      lines.push(
        `| ${name} | ${network} | ${batch} | ${cells.join(" | ")} | ${ratioText(row)} | ${goals[name]} | ${ratioText(row, TWO)} | ${goalsOfTwo[name] ?? "–"} | ${overTfjs} |`,
      );
    }
    lines.push("");
  }
  return lines.join("\n");
}
