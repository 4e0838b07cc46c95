import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { listRuns, loadRun } from "../../../src/run/runStore";
import {
  downhill,
  downhillInto,
  eventsIn,
  eventsOf,
  removeWorkspaces,
  start,
  workspace,
  type EventLine,
} from "./built";

const reference = path.join(DOWNHILL_ROOT, "test/reference");
const traces = readdirSync(reference).filter((name) =>
  existsSync(path.join(reference, name, "expected.json")),
);

const irisFiles = ["examples/iris.csv", "examples/iris.train.json"];
const endless = JSON.stringify({
  data: { file: "iris.csv", target: "species" },
  network: { hidden: [16] },
  epochs: 10_000_000,
});

const stepsOf = (events: EventLine[]): EventLine[] => events.filter(({ type }) => type === "step");

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("it did not happen within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("downhill train", function () {
  this.timeout(120_000);
  afterEach(removeWorkspaces);

  for (const name of traces) {
    it(`meets the reference trace ${name} within 1e-4`, async () => {
      const files = ["data.csv", "run.train.json", "initial.safetensors"];
      const folder = workspace(files.map((file) => path.join("test/reference", name, file)));
      const { status, stderr } = await downhill(
        folder,
        ...[
          "train",
          "run.train.json",
          "--events",
          "e.jsonl",
          "--log-every",
          "1",
          "--weights",
          "w.safetensors",
        ],
      );
      assert.deepEqual([status, stderr], [0, ""]);
      const expected = JSON.parse(readFileSync(path.join(reference, name, "expected.json"), "utf8")) as {
        loss: number[];
        gradientNorm: number[];
        finalWeights: Record<string, number[]>;
      };
      const close = (actual: unknown, wanted: number, what: string): void => {
        assert.ok(typeof actual === "number", what);
        // Weights near zero are compared on the scale of weights.
        assert.ok(
          Math.abs(actual - wanted) <= 1e-4 * Math.max(Math.abs(wanted), 1e-3),
          `${what}: ${actual}, ${wanted}`,
        );
      };
      const steps = stepsOf(eventsIn(path.join(folder, "e.jsonl")));
      assert.equal(steps.length, expected.loss.length);
      steps.forEach(({ step, loss, gradientNorm }, i) => {
        assert.equal(step, i + 1);
        close(loss, expected.loss[i], `loss of step ${i + 1}`);
        close(gradientNorm, expected.gradientNorm[i], `gradient norm of step ${i + 1}`);
      });
      const { tensors } = decodeSafetensors(readFileSync(path.join(folder, "w.safetensors")));
      assert.deepEqual(
        tensors.map((tensor) => tensor.name).sort(),
        Object.keys(expected.finalWeights).sort(),
      );
      for (const tensor of tensors) {
        const wanted = expected.finalWeights[tensor.name].flat();
        tensor.values.forEach((value, i) => close(value, wanted[i], `${tensor.name}[${i}]`));
      }
    });
  }

  it("writes every event, in order, with done last", async () => {
    const folder = workspace(irisFiles);
    const run = await downhill(folder, "train", "iris.train.json", "--events", "-", "--log-every", "1");
    assert.deepEqual([run.status, run.stderr], [0, ""]);
    const events = eventsOf(run.stdout);
    assert.equal(events[0].type, "start");
    assert.deepEqual(
      stepsOf(events).map(({ step }) => step),
      Array.from({ length: 800 }, (_, i) => i + 1),
    );
    const epochs = events.filter(({ type }) => type === "epoch");
    assert.deepEqual(
      epochs.map(({ epoch }) => epoch),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    // The 8 steps of an epoch, then its end.
    const order = events.filter(({ type }) => type === "step" || type === "epoch");
    order.forEach(({ type, epoch }, i) => {
      assert.equal(type, i % 9 === 8 ? "epoch" : "step");
      assert.equal(epoch, Math.floor(i / 9) + 1);
    });
    const { validation } = epochs[99] as unknown as { validation: { accuracy: number } };
    assert.ok(validation.accuracy > 0.9);
    const done = events[events.length - 1];
    assert.deepEqual([done.type, done.status, done.steps], ["done", "completed", 800]);
    assert.deepEqual(done.validation, validation);
    const rate = (120 * 100) / (done.trainingSeconds as number);
    assert.ok(Math.abs((done.samplesPerSecond as number) / rate - 1) < 1e-9);
    assert.equal("test" in done, false);
  });

  it("writes the steps 1, N+1, 2N+1, … and the last with --log-every N", async () => {
    const folder = workspace(irisFiles);
    const run = await downhill(folder, "train", "iris.train.json", "--events", "-", "--log-every", "300");
    assert.deepEqual(
      stepsOf(eventsOf(run.stdout)).map(({ step }) => step),
      [1, 301, 601, 800],
    );
  });

  it("thins the steps by default, and says what it reached in plain lines", async () => {
    const folder = workspace(irisFiles);
    const run = await downhill(folder, "train", "iris.train.json", "--events", "e.jsonl");
    const steps = stepsOf(eventsIn(path.join(folder, "e.jsonl")));
    assert.ok(steps.length > 100 && steps[0].step === 1 && steps.at(-1)?.step === 800);
    assert.match(run.stdout, /^Training iris: 120 training rows, 30 validation rows, network 4-16-3, adam/);
    assert.match(
      run.stdout,
      /\nTrained for 100 epochs .* accuracy on the validation rows, where always answering/,
    );
    assert.ok(!run.stdout.includes("\u001b"));
  });

  it("is the same bit for bit a second time", async () => {
    const folder = workspace(irisFiles);
    const events = [];
    for (const name of ["1", "2"]) {
      await downhill(
        folder,
        ...[
          "train",
          "iris.train.json",
          "--events",
          `${name}.jsonl`,
          "--log-every",
          "1",
          "--weights",
          `${name}.st`,
        ],
      );
      events.push(
        eventsIn(path.join(folder, `${name}.jsonl`)).filter(
          ({ type }) => type === "step" || type === "epoch",
        ),
      );
    }
    assert.deepEqual(events[0], events[1]);
    assert.deepEqual(readFileSync(path.join(folder, "1.st")), readFileSync(path.join(folder, "2.st")));
  });

  it("has no validation in any event when there are no validation rows", async () => {
    const folder = workspace([
      "test/reference/regression-mse-sgd/data.csv",
      "test/reference/regression-mse-sgd/run.train.json",
      "test/reference/regression-mse-sgd/initial.safetensors",
    ]);
    const run = await downhill(folder, "train", "run.train.json", "--events", "-");
    assert.doesNotMatch(run.stdout.replace(/"(configFile|folder|dataFile)":"[^"]*"/g, ""), /validation/);
    assert.match(run.stdout, /"epoch","epoch":1,.*"mae":.*"rmse":.*"r2":/);
  });

  it("keeps the run in the workspace, or where --runs says", async () => {
    const folder = workspace(irisFiles);
    await downhill(folder, "train", "iris.train.json");
    await downhill(folder, "train", "iris.train.json", "--runs", "elsewhere");
    const kept = await listRuns(path.join(folder, ".downhill/runs"));
    assert.deepEqual([kept.length, kept[0].status, kept[0].name], [1, "completed", "iris"]);
    assert.equal((await listRuns(path.join(folder, "elsewhere"))).length, 1);
    assert.ok(!existsSync(path.join(folder, ".gitignore")));
    // From another directory, the config's own folder is the workspace.
    const other = workspace();
    await downhill(other, "train", path.join(folder, "iris.train.json"));
    assert.equal((await listRuns(path.join(folder, ".downhill/runs"))).length, 2);
    assert.ok(!existsSync(path.join(other, ".downhill")));
  });

  it("exits with 3 when the run diverges, saying at which step and what to try", async () => {
    const config = {
      data: { file: "iris.csv", target: "petal_width", standardize: false },
      optimizer: { type: "sgd", learningRate: 1000 },
    };
    const folder = workspace(["examples/iris.csv"], { "fast.train.json": JSON.stringify(config) });
    const run = await downhill(folder, "train", "fast.train.json", "--events", "-", "--log-every", "1");
    const done = eventsOf(run.stdout).at(-1);
    assert.equal(run.status, 3);
    assert.deepEqual([done?.type, done?.status], ["done", "diverged"]);
    const steps = done?.steps as number;
    assert.match(
      run.stderr,
      new RegExp(
        `^downhill: Diverged at step ${steps + 1}, .*; the weights of step ${steps} are kept: try .*\\.\n$`,
      ),
    );
    assert.doesNotMatch(run.stdout, /NaN|Infinity/);
  });

  it("claims no finite loss for the weights whose loss made the run diverge", async () => {
    const folder = workspace(["examples/penguins.csv", "examples/too-fast.train.json"]);
    const run = await downhill(
      folder,
      "train",
      "too-fast.train.json",
      "--events",
      "e.jsonl",
      "--log-every",
      "1",
    );
    assert.equal(run.status, 3);
    const events = eventsIn(path.join(folder, "e.jsonl"));
    const done = events[events.length - 1];
    const steps = stepsOf(events);
    assert.ok(steps.every(({ loss }) => typeof loss === "number" && loss < 3.5e38));
    const last = steps.at(-1)?.step as number;
    assert.equal(done.steps, last);
    assert.match(
      run.stderr,
      new RegExp(
        `^downhill: Diverged at step ${last + 1}, where the loss became infinite; the weights of step ${last} are kept`,
      ),
    );
    // A full batch: the loss of the step after the last one is that of the weights that are kept.
    assert.equal((done.training as { loss: number | null }).loss, null);
  });

  it("stops at Ctrl-C, with a checkpoint and status 130", async () => {
    const folder = workspace(["examples/iris.csv"], { "long.train.json": endless });
    const run = start(
      folder,
      "train",
      "long.train.json",
      "--events",
      "e.jsonl",
      "--weights",
      "w.safetensors",
    );
    const file = path.join(folder, "e.jsonl");
    await until(() => existsSync(file) && readFileSync(file, "utf8").includes('"epoch":50,'));
    run.child.kill("SIGINT");
    const { status, stdout, stderr } = await run.finished;
    assert.deepEqual([status, stderr], [130, ""]);
    assert.match(stdout, /\nStopped at step [\d,]+ of 80,?000,?000|\nStopped at step/);
    assert.equal(eventsIn(file).at(-1)?.status, "stopped");
    const [kept] = await listRuns(path.join(folder, ".downhill/runs"));
    assert.equal(kept.status, "stopped");
    const checkpoint = decodeSafetensors(readFileSync(path.join(kept.folder, "checkpoint.safetensors")));
    assert.equal(checkpoint.metadata.step, String(kept.result?.steps));
    assert.deepEqual(
      decodeSafetensors(readFileSync(path.join(folder, "w.safetensors"))).tensors,
      checkpoint.tensors.filter(({ name }) => name.startsWith("layers.")),
    );
  });

  it("leaves an interrupted run with its charts when it is killed", async () => {
    const folder = workspace(["examples/iris.csv"], { "long.train.json": endless });
    const run = start(folder, "train", "long.train.json");
    const runs = path.join(folder, ".downhill/runs");
    await until(async () => (await listRuns(runs))[0]?.status === "running");
    await new Promise((resolve) => setTimeout(resolve, 800));
    run.child.kill("SIGKILL");
    await run.finished;
    const [kept] = await listRuns(runs);
    assert.equal(kept.status, "interrupted");
    const { steps, epochs, result } = await loadRun(kept.folder);
    assert.ok(steps.step.length > 50 && epochs.epoch.length > 10);
    assert.ok(steps.loss.every(Number.isFinite));
    assert.match(result?.message ?? "", /^Cut off after step [\d,]+ of/);
  });

  it("ends when nobody reads its events any more", async () => {
    const folder = workspace(["examples/iris.csv"], { "long.train.json": endless });
    const run = start(folder, "train", "long.train.json", "--events", "-");
    await until(() => run.child.stdout?.readableFlowing === true);
    run.child.stdout?.once("data", () => run.child.stdout?.destroy());
    const { status, stderr } = await run.finished;
    assert.deepEqual([status, stderr], [130, ""]);
  });

  it("says when events or weights cannot be written", async () => {
    const folder = workspace(irisFiles);
    const events = await downhill(folder, "train", "iris.train.json", "--events", "none/e.jsonl");
    assert.deepEqual(
      [events.status, events.stderr],
      [4, "downhill: The events cannot be written to none/e.jsonl, as there is no such folder.\n"],
    );
    const weights = await downhill(folder, "train", "iris.train.json", "--weights", "none/w.safetensors");
    assert.equal(weights.status, 4);
    assert.match(
      weights.stderr,
      /^Warning: The weights cannot be written to .*, as there is no such folder\.\n$/,
    );
    if (existsSync("/dev/full")) {
      const full = await downhill(folder, "train", "iris.train.json", "--events", "/dev/full");
      assert.deepEqual(
        [full.status, full.stderr],
        [4, "downhill: The events cannot be written, as the disk is full.\n"],
      );
    }
  });

  it("overwrites no file that it reads, and no two outputs with one another", async () => {
    const folder = workspace(irisFiles, {
      "v.train.json": JSON.stringify({
        data: { file: "iris.csv", target: "species", validationFile: "v.csv", testFile: "t.csv" },
        network: { initialWeights: "start.safetensors" },
      }),
      "v.csv": "kept",
      "t.csv": "kept",
      "start.safetensors": "kept",
    });
    symlinkSync("iris.csv", path.join(folder, "link.jsonl"));
    linkSync(path.join(folder, "iris.csv"), path.join(folder, "hard.jsonl"));
    const before = Object.fromEntries(
      readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
    );
    const cases: [string[], RegExp][] = [
      [
        ["iris.train.json", "--events", "iris.csv"],
        /--events iris\.csv would overwrite iris\.csv, which data\.file/,
      ],
      [["iris.train.json", "--weights", "./iris.csv"], /--weights \.\/iris\.csv would overwrite iris\.csv/],
      [["iris.train.json", "--events", "link.jsonl"], /would overwrite iris\.csv/],
      [["iris.train.json", "--events", "hard.jsonl"], /would overwrite iris\.csv/],
      [
        ["iris.train.json", "--events", "iris.train.json"],
        /would overwrite the run config iris\.train\.json/,
      ],
      [["v.train.json", "--weights", "v.csv"], /would overwrite v\.csv, which data\.validationFile names/],
      [["v.train.json", "--events", "t.csv"], /would overwrite t\.csv, which data\.testFile names/],
      [["v.train.json", "--weights", "start.safetensors"], /which network\.initialWeights names/],
      [["iris.train.json", "--events", "o", "--weights", "./o"], /would overwrite the file of --events/],
    ];
    for (const [args, message] of cases) {
      const run = await downhill(folder, "train", ...args);
      assert.equal(run.status, 2, args.join(" "));
      assert.match(run.stderr, message);
      assert.match(run.stderr, /^downhill: [^\n]+; see downhill --help\.\n$/);
    }
    for (const [name, text] of Object.entries(before)) {
      assert.equal(readFileSync(path.join(folder, name), "utf8"), text, name);
    }
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(before).sort());
  });

  it("overwrites nothing for a config that it cannot read", async () => {
    const folder = workspace([], { "bad.train.json": '{ "data": { "file": "d.csv" }', "d.csv": "kept" });
    const over = await downhill(folder, "train", "bad.train.json", "--events", "d.csv");
    const beside = await downhill(folder, "train", "bad.train.json", "--events", "e.jsonl");
    assert.deepEqual([over.status, beside.status], [1, 1]);
    assert.equal(readFileSync(path.join(folder, "d.csv"), "utf8"), "kept");
    assert.equal(eventsIn(path.join(folder, "e.jsonl")).at(-1)?.status, "failed");
  });

  it("writes weights through links, and into devices as they are", async function () {
    if (!existsSync("/dev/full")) return this.skip();
    const folder = workspace(irisFiles);
    mkdirSync(path.join(folder, "models"));
    for (const there of [false, true]) {
      const file = path.join(folder, "models", `${there}.st`);
      if (there) writeFileSync(file, "old");
      symlinkSync(file, path.join(folder, `${there}-link.st`));
      const run = await downhill(folder, "train", "iris.train.json", "--weights", `${there}-link.st`);
      assert.equal(run.status, 0);
      assert.ok(lstatSync(path.join(folder, `${there}-link.st`)).isSymbolicLink());
      assert.equal(decodeSafetensors(readFileSync(file)).tensors.length, 4);
    }
    symlinkSync("/dev/full", path.join(folder, "full.st"));
    const full = await downhill(folder, "train", "iris.train.json", "--weights", "full.st");
    assert.equal(full.status, 4);
    assert.match(
      full.stderr,
      /^Warning: The weights cannot be written to .*full\.st, as the disk is full\.\n$/,
    );
    assert.ok(lstatSync("/dev/full").isCharacterDevice());
    const gone = await downhill(
      folder,
      "train",
      "iris.train.json",
      "--events",
      "/dev/null",
      "--weights",
      "/dev/null",
    );
    assert.deepEqual([gone.status, gone.stderr], [0, ""]);
  });

  it("says when its output cannot be written", async function () {
    if (!existsSync("/dev/full")) return this.skip();
    const folder = workspace(irisFiles, { "bad.train.json": "{}" });
    for (const args of [["train", "iris.train.json"], ["check", "bad.train.json"], ["--help"]]) {
      const run = await downhillInto("/dev/full", folder, ...args);
      assert.deepEqual(
        [run.status, run.stderr],
        [4, "downhill: The output cannot be written, as the disk is full.\n"],
        args.join(" "),
      );
    }
  });

  it("trains without keeping the run where no folder can be made", async function () {
    if (!existsSync("/proc/self")) return this.skip();
    const folder = workspace(irisFiles);
    for (const runs of ["/proc/nope", "/proc/nope/deeper", "iris.csv/runs"]) {
      const run = await downhill(folder, "train", "iris.train.json", "--runs", runs);
      assert.equal(run.status, 0);
      assert.match(
        run.stderr,
        /^Warning: The run cannot be kept in .*; it goes on in memory only, .* will not be on the disk\.\n$/,
      );
    }
    const deep = await downhill(folder, "train", "iris.train.json", "--runs", "a/b/c");
    assert.deepEqual([deep.status, deep.stderr], [0, ""]);
    assert.equal(readdirSync(path.join(folder, "a/b/c")).length, 1);
  });

  it("ends at the second Ctrl-C, whatever it waits for", async function () {
    if (process.platform === "win32") return this.skip();
    const folder = workspace(["examples/iris.csv"], { "long.train.json": endless });
    // Nobody will ever read the weights.
    const makePipe = "mkfifo";
    execFileSync(makePipe, [path.join(folder, "pipe.st")]);
    const run = start(folder, "train", "long.train.json", "--weights", "pipe.st", "--events", "e.jsonl");
    const file = path.join(folder, "e.jsonl");
    await until(() => existsSync(file) && readFileSync(file, "utf8").includes('"epoch":50,'));
    run.child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual([run.child.exitCode, run.child.signalCode], [null, null], "it waits");
    run.child.kill("SIGINT");
    const { signal } = await run.finished;
    assert.equal(signal, "SIGKILL");
  });

  it("goes on with one warning when the run cannot be kept", async () => {
    const folder = workspace(irisFiles, { ".downhill": "in the way" });
    const run = await downhill(folder, "train", "iris.train.json", "--weights", "w.safetensors");
    assert.equal(run.status, 0);
    assert.match(
      run.stderr,
      /^Warning: The run cannot be kept in .*, as a part of that path is a file; it goes on in memory only, .* will not be on the disk\.\n$/,
    );
    assert.ok(existsSync(path.join(folder, "w.safetensors")));
  });
});

describe("bad input to downhill train", function () {
  this.timeout(60_000);
  afterEach(removeWorkspaces);

  const iris = readFileSync(path.join(DOWNHILL_ROOT, "examples/iris.csv"), "utf8");
  const lines = iris.split("\n");
  const cases: [string, string | Uint8Array | null, object, RegExp][] = [
    ["a missing target column", iris, { target: "specie" }, /specie.*sepal_length.*species/],
    ["no rows", `${lines[0]}\n`, {}, /no rows/i],
    ["one class only", lines.slice(0, 40).join("\n"), {}, /only one|one class|single/i],
    ["a regression target that is not numeric", iris, { task: "regression" }, /species/],
    ["ragged rows", iris.replace(lines[4], `${lines[4]},1`).replace(lines[9], "1,2"), {}, /\b2\b.*5.*10/],
    ["a duplicate header", iris.replace("sepal_width", "sepal_length"), {}, /sepal_length/],
    ["an empty file", "", {}, /empty/i],
    [
      "a binary file called .csv",
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      {},
      /PNG|binary/i,
    ],
    ["a file that was deleted", null, {}, /there is no file .*d\.csv/],
    ["a path outside the workspace", iris, { file: "../d.csv" }, /lies outside the workspace folder/],
  ];
  for (const [what, data, changes, message] of cases) {
    it(`${what}: one clear sentence, status 1, and a done event`, async () => {
      const { task, ...dataChanges } = changes as { task?: string };
      const config = {
        data: { file: "d.csv", target: "species", ...dataChanges },
        ...(task ? { task } : {}),
      };
      const folder = workspace([], {
        "bad.train.json": JSON.stringify(config),
        ...(data === null ? {} : { "d.csv": data }),
      });
      const run = await downhill(folder, "train", "bad.train.json", "--events", "e.jsonl");
      assert.equal(run.status, 1, run.stderr);
      assert.match(run.stderr, message);
      assert.match(run.stderr, /^downhill: [^\n]+[.?]\n$/);
      assert.doesNotMatch(run.stderr, /\bat .*:\d+:\d+|Error:/);
      assert.equal(run.stdout, "");
      const events = eventsIn(path.join(folder, "e.jsonl"));
      assert.deepEqual([events.length, events[0].type, events[0].status], [1, "done", "failed"]);
      assert.ok(!existsSync(path.join(folder, ".downhill")));
    });
  }

  it("a wrong config: the first problem, where it is", async () => {
    const folder = workspace([], {
      "bad.train.json": '{\n  "data": { "file": "d.csv", "target": "y" },\n  "epoch": 3\n}\n',
    });
    const run = await downhill(folder, "train", "bad.train.json", "--events", "-");
    assert.equal(run.status, 1);
    assert.match(run.stderr, /^downhill: bad\.train\.json:3:3: .*epochs[^\n]*\n$/);
    assert.equal(eventsOf(run.stdout).at(-1)?.status, "failed");
  });

  it("a config that is not there, is a folder, is no text or has another name", async () => {
    const folder = workspace([], { "x.csv": "a", "b.train.json": Uint8Array.of(0xff, 0xfe, 0xfd) });
    mkdirSync(path.join(folder, "f.train.json"));
    for (const [name, message] of [
      ["none.train.json", /there is no file/],
      ["f.train.json", /is a folder/],
      ["b.train.json", /not UTF-8/],
      ["x.csv", /is no run config/],
    ] as const) {
      const run = await downhill(folder, "train", name);
      assert.equal(run.status, 1);
      assert.match(run.stderr, message);
      assert.match(run.stderr, /^downhill: [^\n]+\.\n$/);
    }
  });
});

describe("the command line", function () {
  this.timeout(60_000);
  afterEach(removeWorkspaces);

  it("refuses wrong usage with status 2 and a hint", async () => {
    const folder = workspace(irisFiles);
    const config = "iris.train.json";
    const cases: [string[], RegExp][] = [
      [[], /A command is needed/],
      [["trian", config], /no command trian/],
      [["train"], /needs a run config/],
      [["train", config, "other.train.json"], /one run config, not 2/],
      [["train", config, "--fast"], /--fast/],
      [["train", config, "--log-every", "0"], /--log-every takes a whole number from 1, not 0/],
      [["train", config, "--log-every", "1.5"], /not 1\.5/],
      [["train", config, "--events"], /--events/],
      [["train", config, "--resume", ""], /--resume needs a name/],
      [["train", config, "--threads", "0"], /--threads takes a whole number from 1, not 0/],
      [["train", config, "--threads", "65"], /--threads takes a whole number up to 64, not 65/],
      [["predict", "run"], /predict takes a run and a data file/],
      [["describe"], /describe needs a data file/],
      [["export", "run"], /needs --format/],
      [["reproduce"], /downhill reproduce takes a run/],
    ];
    for (const [args, message] of cases) {
      const run = await downhill(folder, ...args);
      assert.equal(run.status, 2, args.join(" "));
      assert.match(run.stderr, message);
      assert.match(run.stderr, /^downhill: [^\n]+; see downhill --help\.\n$/);
      assert.equal(run.stdout, "");
    }
  });

  it("tells its version and its usage", async () => {
    const folder = workspace();
    assert.deepEqual(await downhill(folder, "--version"), {
      status: 0,
      signal: null,
      stdout: "1.2.3\n",
      stderr: "",
    });
    const help = await downhill(folder, "train", "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, /downhill train CONFIG/);
    assert.ok(help.stdout.split("\n").every((line) => line.length <= 110));
  });

  it("checks a config: every problem with its place, status 1 if there is any", async () => {
    const folder = workspace(irisFiles, {
      "bad.train.json":
        '{\n  "data": { "file": "iris.csv", "target": "species" },\n  "epoch": 3,\n  "batchSize": -1\n}\n',
      "gone.train.yaml": "data:\n  file: gone.csv\n  target: y\n",
    });
    assert.deepEqual(await downhill(folder, "check", "iris.train.json"), {
      status: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
    const bad = await downhill(folder, "check", "bad.train.json");
    assert.equal(bad.status, 1);
    const printed = bad.stdout.trimEnd().split("\n");
    assert.equal(printed.length, 2);
    assert.match(printed[0], /^bad\.train\.json:3:3: /);
    assert.match(printed[1], /^bad\.train\.json:4:16: /);
    const gone = await downhill(folder, "check", "gone.train.yaml");
    assert.equal(gone.status, 1);
    assert.match(gone.stdout, /^gone\.train\.yaml:2:9: data\.file is gone\.csv, but there is no file/);
  });

  it("checks the columns and files that a config names, with what was meant", async () => {
    const folder = workspace(irisFiles, {
      "wrong.train.json": JSON.stringify({
        data: { file: "iris.csv", target: "speces", ignore: ["petal_lenght", "colour"] },
      }),
      "typo.train.yaml": "data:\n  file: iriss.csv\n  target: species\n",
      "torn.csv": "a,b\n1,2\n3\n",
      "torn.train.yaml": "data:\n  file: torn.csv\n  target: c\n",
    });
    const wrong = await downhill(folder, "check", "wrong.train.json");
    assert.equal(wrong.status, 1);
    const printed = wrong.stdout.trimEnd().split("\n");
    assert.equal(printed.length, 3, wrong.stdout);
    assert.match(printed[0], /:1:37: iris\.csv has no column "speces"; did you mean "species"\?$/);
    assert.match(printed[1], /no column "petal_lenght"; did you mean "petal_length"\?$/);
    assert.match(printed[2], /no column "colour"; it has "sepal_length".*"species"\.$/);
    const typo = await downhill(folder, "check", "typo.train.yaml");
    assert.match(
      typo.stdout,
      /^typo\.train\.yaml:2:9: data\.file is iriss\.csv.*did you mean "iris\.csv"\?\n$/,
    );
    const torn = await downhill(folder, "check", "torn.train.yaml");
    assert.match(torn.stdout, /^torn\.train\.yaml:2:9: .*line 3.*\n.*:3:11: torn\.csv has no column "c"/);
  });
});
