import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { downhill, eventsIn, removeWorkspaces, start, workspace, type EventLine } from "../cli/built";
import { pythonWithTorch, skipWithoutTorch } from "./support";

const config = (engine: object, rest: object = {}): string =>
  JSON.stringify({
    data: { file: "iris.csv", target: "species", split: { test: 0.1 } },
    network: { hidden: [8], dropout: 0 },
    batchSize: 11,
    epochs: 15,
    schedule: { type: "cosine" },
    earlyStopping: { patience: 20 },
    engine,
    ...rest,
  });

const pytorch = (more: object = {}): object => ({
  type: "pytorch",
  python: pythonWithTorch(),
  device: "cpu",
  threads: 1,
  ...more,
});

function lossesOf(events: EventLine[]): number[] {
  return events.flatMap((event) =>
    event.type === "step" ? [Number(event.loss), Number(event.gradientNorm), Number(event.learningRate)] : [],
  );
}

function assertClose(given: readonly number[], wanted: readonly number[]): void {
  assert.equal(given.length, wanted.length);
  given.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-4 * Math.abs(wanted[i]), `${i}`));
}

/** Processes whose command line holds a text. */
function processesWith(text: string): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(text) && !line.includes("ps -eo"));
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(what());
}

describe("a run on PyTorch", () => {
  before(skipWithoutTorch);
  after(removeWorkspaces);

  it("is the run of the built-in engine, to its last metric", async () => {
    const folder = workspace(["examples/iris.csv"], {
      "p.train.json": config(pytorch()),
      "b.train.json": config({ type: "builtin" }),
    });
    for (const name of ["p", "b"]) {
      const args = [`${name}.train.json`, "--events", `${name}.jsonl`, "--log-every", "1"];
      const { status, stderr } = await downhill(folder, "train", ...args);
      assert.equal(status, 0, stderr);
    }
    const [p, b] = ["p", "b"].map((name) => eventsIn(path.join(folder, `${name}.jsonl`)));
    assert.ok(lossesOf(b).length > 400);
    assertClose(lossesOf(p), lossesOf(b));
    assert.equal(p.length, b.length);
    const [pDone, bDone] = [p, b].map((events) => events[events.length - 1]);
    assert.equal(pDone.status, "completed");
    for (const set of ["training", "validation", "test"]) {
      const [ours, theirs] = [pDone, bDone].map((done) => done[set] as { loss: number; accuracy: number });
      assertClose([ours.loss], [theirs.loss]);
      assert.equal(ours.accuracy, theirs.accuracy);
    }
    const runs = path.join(folder, ".downhill", "runs");
    const run = JSON.parse(
      readFileSync(
        path.join(runs, readdirSync(runs).filter((name) => name.endsWith("-p"))[0], "run.json"),
        "utf8",
      ),
    ) as { kernel: string };
    assert.match(run.kernel, /^pytorch-\d+\.\d+.*-cpu$/);
  });

  it("that is killed leaves no process, and goes on where it was", async () => {
    const folder = workspace(["examples/iris.csv"], {
      "whole.train.json": config(pytorch(), { epochs: 80 }),
      "cut.train.json": config(pytorch({ processes: 2 }), { epochs: 80 }),
    });
    const { child, finished } = start(folder, "train", "cut.train.json");
    const runs = path.join(folder, ".downhill", "runs");
    const checkpoint = (): boolean => {
      try {
        const [name] = readdirSync(runs).filter((each) => !each.startsWith("."));
        return readdirSync(path.join(runs, name)).includes("checkpoint.safetensors");
      } catch {
        return false;
      }
    };
    await until(checkpoint);
    const scripts = processesWith(os.tmpdir() + "/downhill-pytorch-");
    assert.ok(scripts.length >= 3, scripts.join("\n"));
    child.kill("SIGKILL");
    await finished;
    const mine = scripts.map((line) => Number.parseInt(line, 10));
    await until(() => mine.every((pid) => spawnSync("ps", ["-p", `${pid}`]).status !== 0));
    const [name] = readdirSync(runs).filter((each) => !each.startsWith("."));
    const resumed = await downhill(
      folder,
      "train",
      "cut.train.json",
      "--resume",
      name,
      "--events",
      "cut.jsonl",
    );
    assert.equal(resumed.status, 0, resumed.stderr);
    const whole = await downhill(folder, "train", "whole.train.json", "--events", "whole.jsonl");
    assert.equal(whole.status, 0, whole.stderr);
    const [cutDone, wholeDone] = ["cut", "whole"].map((file) => {
      const done = eventsIn(path.join(folder, `${file}.jsonl`)).at(-1);
      const { loss } = done?.training as { loss: number };
      return [Number(done?.steps), loss];
    });
    assertClose(cutDone, wholeDone);
  });
});
