import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import type { FunctionDescription } from "../../../src/protocol/run";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { readRunFile } from "../../../src/run/runFile";
import { listRuns, loadRun } from "../../../src/run/runStore";
import { runSession } from "../../../src/run/session";
import { removeTemporaryFolders, reportedSteps, temporaryFolder } from "./support";

const rosenbrock = {
  function: { expression: "(1-x)^2 + 100*(y-x^2)^2", start: { x: -1.2, y: 1 } },
  optimizer: { type: "sgd", learningRate: 0.001 },
  steps: 1000,
};

type Done = Extract<RunEvent, { type: "done" }>["result"];

async function minimise(
  config: object,
  more: Partial<StartRun> = {},
  onEvent: (event: RunEvent, control: Control) => void = () => undefined,
): Promise<{ events: RunEvent[]; result: Done; folder: string; start: StartRun }> {
  const folder = temporaryFolder();
  const configFile = path.join(folder, "f.train.json");
  const configText = JSON.stringify(config);
  writeFileSync(configFile, configText);
  const start: StartRun = {
    id: "2026-01-01-000000-000-f",
    configFile,
    configText,
    workspaceFolder: folder,
    runsFolder: path.join(folder, ".downhill/runs"),
    steps: 1,
    trajectory: true,
    ...more,
  };
  const control = new Control(createFlags());
  const events: RunEvent[] = [];
  await runSession(start, control, (event) => {
    events.push(event);
    onEvent(event, control);
  });
  const last = events[events.length - 1];
  assert(last.type === "done");
  return { events, result: last.result, folder, start };
}

function points(events: RunEvent[]): number[][] {
  return events.flatMap((event) =>
    event.type === "report" && event.steps
      ? Array.from(event.steps.step, (_, i) => (event.steps?.point ?? []).map((values) => values[i]))
      : [],
  );
}

describe("A run that minimises a function", () => {
  afterEach(removeTemporaryFolders);

  it("tells how healthy its steps were, also when it is opened again", async () => {
    const { events, folder, start } = await minimise(rosenbrock, { health: true });
    const told = events.flatMap((event) => (event.type === "report" && event.health ? [event.health] : []));
    const ratios = told.flatMap(({ values }) => [...values["decreaseRatio"]]);
    assert.equal(ratios.length, 1000);
    assert.ok(ratios.slice(100).every((ratio) => ratio > 0.9 && ratio < 1.1));
    const { health } = await loadRun(path.join(folder, ".downhill/runs", start.id));
    assert.ok((health?.step.length ?? 0) > 10);
    assert.deepEqual(Object.keys(health?.values ?? {}).sort(), ["angle", "decreaseRatio"]);
  });

  it("tells every step with its value and point before the update", async () => {
    const { events, result } = await minimise(rosenbrock);
    const { step, loss } = reportedSteps(events);
    assert.deepEqual(
      step,
      Array.from({ length: 1000 }, (_, i) => i + 1),
    );
    assert.ok(Math.abs(loss[0] - 24.2) < 1e-12);
    assert.deepEqual(points(events)[0], [-1.2, 1]);
    assert.ok(Math.abs(points(events)[1][0] + 0.9844) < 1e-12);
    assert.equal(result.status, "completed");
    assert.equal(result.steps, 1000);
    assert.ok(Math.abs(result.function!.point[0] - 0.327262775) < 1e-9);
    assert.equal(result.function!.criticalPoint, "not-critical");
    assert.match(
      result.message,
      /^Made all 1,?\u202f?.?000 steps without reaching a critical point: at x = 0\.327/,
    );
  });

  it("thins the steps without losing their points", async () => {
    const { events } = await minimise(
      { ...rosenbrock, steps: 50_000, gradientTolerance: 0 },
      { steps: "thinned" },
    );
    const { step, loss } = reportedSteps(events);
    assert.ok(step.length < 10_000);
    assert.equal(step.at(-1), 50_000);
    points(events).forEach(([x, y], i) => {
      assert.ok(Math.abs((1 - x) ** 2 + 100 * (y - x * x) ** 2 - loss[i]) <= 1e-12 * (1 + loss[i]));
    });
  });

  it("describes itself with all that makes the descent once more", async () => {
    const { events } = await minimise({ ...rosenbrock, gradientClipNorm: 5 });
    const start = events.find((event) => event.type === "start");
    const { function: facts, totalSteps } = start?.description as FunctionDescription;
    assert.equal(facts.expression, rosenbrock.function.expression);
    assert.deepEqual(
      [facts.variables, facts.start, facts.domain],
      [
        ["x", "y"],
        [-1.2, 1],
        [null, null],
      ],
    );
    assert.deepEqual([facts.optimizer.learningRate, facts.gradientClipNorm, totalSteps], [0.001, 5, 1000]);
  });

  it("keeps a folder that can be listed and loaded", async () => {
    const { folder, result, events } = await minimise(rosenbrock);
    const runs = path.join(folder, ".downhill/runs");
    const [stored, ...others] = await listRuns(runs);
    assert.equal(others.length, 0);
    assert.deepEqual([stored.name, stored.status, stored.result], ["f", "completed", result]);
    const files = readdirSync(stored.folder).map((name) => name.replace(/\d{6,}/, "*"));
    for (const name of [
      "run.json",
      "checkpoint.safetensors",
      "trajectory.safetensors",
      "events.out.tfevents.*.downhill",
    ]) {
      assert.ok(files.includes(name), `${name} in ${files.join()}`);
    }
    const { tensors, metadata } = decodeSafetensors(
      readFileSync(path.join(stored.folder, "checkpoint.safetensors")),
    );
    assert.deepEqual([tensors[0].name, [...tensors[0].values]], ["point", result.function!.point]);
    assert.equal(metadata.step, "1000");
    const snapshot = await loadRun(stored.folder);
    assert.equal(snapshot.description?.function?.expression, rosenbrock.function.expression);
    assert.equal(snapshot.steps.step.at(-1), 1000);
    const told = events.findLast((event) => event.type === "report" && event.trajectory);
    assert.deepEqual(snapshot.trajectory, told?.type === "report" ? told.trajectory : null);
    assert.deepEqual([...snapshot.trajectory!.points!.slice(0, 2)], [-1.2, 1]);
    assert.equal(snapshot.trajectory!.step.length, 1001);
    await assert.rejects(
      readRunFile(stored.folder),
      /describes a descent on a function, which has no network/,
    );
  });

  it("says what it has found, by the eigenvalues", async () => {
    const at = async (expression: string, start: object, more: object = {}) =>
      (
        await minimise(
          { function: { expression, start }, optimizer: { type: "sgd", learningRate: 0.1 }, ...more },
          { runsFolder: null },
        )
      ).result;
    const bowl = await at("(x-3)^2 + 2*y^2", { x: 0, y: 1 });
    assert.equal(bowl.function!.criticalPoint, "minimum");
    assert.match(
      bowl.message,
      /^Reached a minimum after \d+ steps: at x = 3, y = .*the Hessian's eigenvalues are 2 and 4, all positive\.$/,
    );
    const saddle = await at("x^2 - y^2", { x: 1, y: 0 });
    assert.equal(saddle.function!.criticalPoint, "saddle");
    assert.match(
      saddle.message,
      /a saddle point after .* eigenvalues are −2 and 2, of both signs, so that f falls one way/,
    );
    const flat = await at("x^4", { x: 0 });
    assert.equal(flat.function!.criticalPoint, "degenerate");
    assert.match(flat.message, /^The start is a degenerate critical point at x = 0/);
    const top = await at("-x^2", { x: 0 });
    assert.equal(top.function!.criticalPoint, "maximum");
  });

  it("ends as diverged where the function has no value, and keeps the last good point", async () => {
    const { result } = await minimise({
      function: { expression: "x + log(x)", start: { x: 0.5 } },
      optimizer: { type: "sgd", learningRate: 0.1 },
    });
    assert.equal(result.status, "diverged");
    assert.match(
      result.message,
      /^Stopped at step \d+, where log\(x\) is the logarithm of a negative number \(−[\d.]+\); .* kept: try a learning rate of 0\.01 or another start\.$/,
    );
    assert.ok(result.function!.point[0] > 0 && Number.isFinite(result.function!.value));
  });

  it("ends as diverged where the function falls without bound", async () => {
    const { result } = await minimise({
      function: { expression: "x^2 - y^2", start: { x: 1, y: 1e-6 } },
      optimizer: { type: "sgd", learningRate: 0.1 },
    });
    assert.equal(result.status, "diverged");
    assert.match(result.message, /^The function falls without bound: after \d+ steps, at x = /);
    assert.doesNotMatch(result.message, /NaN|Infinity|undefined/);
  });

  it("fails with a place in the text when the function is wrong", async () => {
    const { result, events } = await minimise({ function: { expression: "x^2 + (y" } });
    assert.equal(events.length, 1);
    assert.deepEqual([result.status, result.cause], ["failed", "config"]);
    assert.match(result.message, /^f\.train\.json:1:\d+: This "\(" is never closed; add a "\)"\.$/);
  });

  it("pauses, makes single steps, goes on, and stops", async () => {
    const seen: string[] = [];
    let steps = -1;
    const { result } = await minimise(
      { ...rosenbrock, steps: 1_000_000_000, gradientTolerance: 0 },
      { steps: "thinned", runsFolder: null },
      (event, control) => {
        if (event.type === "start") setTimeout(() => control.receive({ type: "pause" }), 30);
        if (event.type !== "report") return;
        const { status, step } = event.progress;
        if (status === "paused" && seen.length === 0) {
          seen.push("paused");
          steps = step;
          control.receive({ type: "step" });
        } else if (status === "paused" && step > steps && seen.length === 1) {
          seen.push(`made ${step - steps}`);
          control.receive({ type: "resume" });
          setTimeout(() => control.receive({ type: "stop" }), 60);
        }
      },
    );
    assert.deepEqual(seen, ["paused", "made 1"]);
    assert.equal(result.status, "stopped");
    assert.ok(result.steps > steps + 1);
    assert.match(result.message, /^Stopped at step .* of 1.000.000.000: at x = /);
  });

  it("puts the path of more than two variables on its principal plane", async () => {
    const { events } = await minimise({
      function: { expression: "x^2 + 3*y^2 + 5*z^2 + w^2", start: { x: 1, y: 2, z: -1, w: 3 } },
      optimizer: { type: "sgd", learningRate: 0.05 },
    });
    const told = events.findLast((event) => event.type === "report" && event.trajectory);
    assert(told?.type === "report" && told.trajectory);
    const { a, b, offPlane, explained, points: all } = told.trajectory;
    assert.equal(all?.length, 4 * a.length);
    const length = (i: number, j: number): number =>
      Math.hypot(...[0, 1, 2, 3].map((k) => all[4 * i + k] - all[4 * j + k]));
    const onPlane = (i: number, j: number): number => Math.hypot(a[i] - a[j], b[i] - b[j]);
    assert.ok(explained[0] > 0.8 && explained[0] + explained[1] > 0.99);
    const last = a.length - 1;
    assert.ok(Math.abs(length(0, last) - onPlane(0, last)) <= offPlane[0] + offPlane[last] + 1e-9);
  });
});
