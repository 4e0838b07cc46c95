/** Functions from the command line: `downhill train` and `downhill check`. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { downhill, eventsIn, removeWorkspaces, workspace } from "./built";

function folderWith(config: object): string {
  const folder = workspace([]);
  writeFileSync(path.join(folder, "f.train.json"), JSON.stringify(config));
  return folder;
}

const rosenbrock = {
  function: { expression: "(1-x)^2 + 100*(y-x^2)^2", start: { x: -1.2, y: 1 } },
  optimizer: { type: "sgd", learningRate: 0.001 },
  steps: 1000,
};

describe("downhill train on a function", function () {
  this.timeout(60_000);
  afterEach(removeWorkspaces);

  it("writes every step with its value and point before the update, and how it ended", async () => {
    const folder = folderWith(rosenbrock);
    const { status, stderr } = await downhill(
      folder,
      "train",
      "f.train.json",
      "--events",
      "e.jsonl",
      "--log-every",
      "1",
    );
    assert.equal(status, 0, stderr);
    const events = eventsIn(path.join(folder, "e.jsonl"));
    const steps = events.filter(({ type }) => type === "step");
    assert.equal(steps.length, 1000);
    assert.deepEqual(Object.keys(steps[0]), [
      "type",
      "step",
      "epoch",
      "loss",
      "gradientNorm",
      "learningRate",
      "point",
    ]);
    const [{ loss, gradientNorm, learningRate, point }, second] = steps as unknown as {
      loss: number;
      gradientNorm: number;
      learningRate: number;
      point: number[];
    }[];
    assert.deepEqual(
      [loss.toPrecision(10), gradientNorm.toPrecision(12), learningRate, point],
      ["24.20000000", "232.867687754", 0.001, [-1.2, 1]],
    );
    assert.ok(Math.abs(second.loss - 5.35291158) < 1e-8 && Math.abs(second.point[0] + 0.9844) < 1e-12);
    const done = events[events.length - 1] as unknown as Record<string, unknown>;
    assert.equal(done["type"], "done");
    assert.deepEqual(
      [done["status"], done["steps"], done["criticalPoint"]],
      ["completed", 1000, "not-critical"],
    );
    const [x, y] = done["point"] as number[];
    assert.ok(Math.abs(x - 0.327262775) < 1e-9 && Math.abs(y - 0.1040128) < 1e-9);
    assert.ok(Math.abs((done["value"] as number) - ((1 - x) ** 2 + 100 * (y - x * x) ** 2)) < 1e-12);
    assert.equal(typeof done["gradientNorm"], "number");
    assert.ok(existsSync(path.join(folder, ".downhill/runs")));
  });

  it("writes steps 1, N+1, 2N+1, … and the last", async () => {
    const folder = folderWith(rosenbrock);
    await downhill(folder, "train", "f.train.json", "--events", "e.jsonl", "--log-every", "300");
    const steps = eventsIn(path.join(folder, "e.jsonl")).filter(({ type }) => type === "step");
    assert.deepEqual(
      steps.map(({ step }) => step),
      [1, 301, 601, 901, 1000],
    );
    assert.ok(steps.every((line) => Array.isArray((line as Record<string, unknown>)["point"])));
  });

  it("says in a sentence what it found, and writes the point where it is told to", async () => {
    const folder = folderWith({
      function: { expression: "(x-3)^2 + y^2", start: { x: 0, y: 1 } },
      optimizer: { type: "sgd", learningRate: 0.1 },
    });
    const { status, stdout } = await downhill(folder, "train", "f.train.json", "--weights", "w.safetensors");
    assert.equal(status, 0);
    assert.match(stdout, /Minimising f: f\(x, y\) = \(x-3\)\^2 \+ y\^2, sgd, learning rate 0\.1/);
    assert.match(stdout, /Reached a minimum after \d+ steps: at x = 3/);
    const [tensor] = decodeSafetensors(readFileSync(path.join(folder, "w.safetensors"))).tensors;
    assert.deepEqual([tensor.name, tensor.shape], ["point", [2]]);
  });

  it("exits with 3 where the descent leaves the function's values, saying where", async () => {
    const folder = folderWith({
      function: { expression: "x + log(x)", start: { x: 0.5 } },
      optimizer: { type: "sgd", learningRate: 0.1 },
    });
    const { status, stderr } = await downhill(folder, "train", "f.train.json", "--events", "e.jsonl");
    assert.equal(status, 3);
    assert.match(
      stderr,
      /downhill: Stopped at step \d+, where log\(x\) is the logarithm of a negative number/,
    );
    assert.equal(eventsIn(path.join(folder, "e.jsonl")).at(-1)?.["status"], "diverged");
  });

  it("exits with 1 and a place in the text when the function is wrong", async () => {
    const folder = folderWith({ function: { expression: "x^2 + 2y" } });
    const { status, stderr } = await downhill(folder, "train", "f.train.json");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^downhill: f\.train\.json:1:\d+: An operator is missing between "2" and "y": for a product write 2\*y\.\n$/,
    );
  });

  it("is the same run with the same seed, and another with another", async () => {
    const points: unknown[] = [];
    for (const seed of [3, 3, 4]) {
      const folder = folderWith({
        function: { expression: "x^2+y^2", start: "random", domain: { x: [1, 2] } },
        seed,
        steps: 5,
      });
      await downhill(folder, "train", "f.train.json", "--events", "e.jsonl");
      points.push(eventsIn(path.join(folder, "e.jsonl")).at(-1)?.["point"]);
    }
    assert.deepEqual(points[0], points[1]);
    assert.notDeepEqual(points[0], points[2]);
  });

  it("does not overwrite its config", async () => {
    const folder = folderWith(rosenbrock);
    const { status, stderr } = await downhill(folder, "train", "f.train.json", "--events", "f.train.json");
    assert.equal(status, 2);
    assert.match(stderr, /would overwrite the run config/);
  });
});

describe("downhill check on a function", () => {
  afterEach(removeWorkspaces);

  it("prints what is wrong in the expression, with its column", async () => {
    const folder = folderWith({ function: { expression: "x^2 + sinn(y)", start: { x: 1, y: 1 } } });
    const { status, stdout } = await downhill(folder, "check", "f.train.json");
    assert.equal(status, 1);
    assert.equal(stdout, 'f.train.json:1:34: There is no function "sinn": did you mean "sin"?\n');
    assert.equal((await downhill(folderWith(rosenbrock), "check", "f.train.json")).status, 0);
  });
});
