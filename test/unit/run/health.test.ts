/** Looking at steps while a run goes: it is told, kept and bounded, and changes nothing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { HealthColumns } from "../../../src/protocol/health";
import type { EpochColumns } from "../../../src/protocol/run";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { thinHealth } from "../../../src/run/columns";
import { EpochHistory } from "../../../src/run/history";
import { HealthHistory } from "../../../src/run/health/healthHistory";
import { ProbePace } from "../../../src/run/health/probePace";
import { loadRun } from "../../../src/run/runStore";
import { journalOf, removeTemporaryFolders, smallRun, temporaryFolder, type SmallRun } from "./support";

const id = "2026-01-01-000000-000-small";
const runFolder = (folder: string): string => path.join(folder, ".downhill/runs", id);

const configs: Record<string, object> = {
  "dropout and Adam": {
    data: { target: "kind", ignore: ["y"] },
    network: { hidden: [6, 4], dropout: 0.2 },
    optimizer: { type: "adam", learningRate: 0.05 },
    batchSize: 7,
    epochs: 12,
  },
  "clipping, weight decay and momentum": {
    network: { hidden: [5] },
    optimizer: { type: "momentum", learningRate: 0.2, weightDecay: 0.01 },
    gradientClipNorm: 0.5,
    batchSize: 5,
    epochs: 12,
  },
  "plain descent on all rows": {
    network: { hidden: [3] },
    optimizer: { type: "sgd", learningRate: 0.1 },
    batchSize: "full",
    epochs: 60,
  },
};

function begin(folder: string, config: object, start: Partial<StartRun>): SmallRun {
  return smallRun(folder, config, { id, weightsFile: path.join(folder, "w.safetensors"), ...start });
}

/** All probes that were told. */
function probes(events: readonly RunEvent[]): HealthColumns {
  const all = new HealthHistory();
  for (const event of events) if (event.type === "report" && event.health) all.append(event.health);
  return all.columns();
}

/** What happened, without how long it took. */
function outcome(
  folder: string,
  { events }: SmallRun,
): { losses: number[]; norms: number[]; epochs: EpochColumns; weights: Buffer } {
  const losses: number[] = [];
  const norms: number[] = [];
  const epochs = new EpochHistory();
  for (const event of events) {
    if (event.type !== "report") continue;
    losses.push(...(event.steps?.loss ?? []));
    norms.push(...(event.steps?.gradientNorm ?? []));
    if (event.epochs) epochs.append(event.epochs);
  }
  const weights = readFileSync(path.join(folder, "w.safetensors"));
  return { losses, norms, epochs: epochs.columns(), weights };
}

describe("looking at the steps of a run", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);

  for (const [name, config] of Object.entries(configs)) {
    it(`changes no bit of it: ${name}`, async () => {
      const seen = await Promise.all(
        ([false, "every-step"] as const).map(async (health) => {
          const folder = temporaryFolder();
          const run = begin(folder, config, { health });
          await run.run();
          const { losses } = outcome(folder, run);
          assert.equal(probes(run.events).step.length, health === false ? 0 : losses.length);
          return outcome(folder, run);
        }),
      );
      assert.deepEqual(seen[0], seen[1]);
    });

    it(`is the same run where it goes on: ${name}`, async () => {
      const whole = temporaryFolder();
      await begin(whole, config, { health: false }).run();
      const folder = temporaryFolder();
      await begin(folder, config, { health: "every-step", lastStep: 11 }).run();
      const second = begin(folder, config, { health: "every-step", resume: true });
      await second.run();
      const weights = (at: string): Buffer => readFileSync(path.join(at, "w.safetensors"));
      assert.deepEqual(weights(folder), weights(whole));
      const start = second.events.find((event) => event.type === "start");
      assert.ok((start?.resumed?.health?.step.length ?? 0) > 0);
    });
  }

  it("tells what each step did, whole and layer by layer", async () => {
    const run = begin(temporaryFolder(), configs["plain descent on all rows"], { health: "every-step" });
    await run.run();
    const { step, values } = probes(run.events);
    assert.ok(step.every((at, i) => i === 0 || at > step[i - 1]));
    assert.deepEqual(Object.keys(values).sort(), [
      "angle",
      "decreaseRatio",
      "layers.0.deadUnits",
      "layers.0.gradientNorm",
      "layers.0.updateRatio",
      "layers.1.gradientNorm",
      "layers.1.updateRatio",
    ]);
    const report = run.events.flatMap((event) => (event.type === "report" && event.steps ? event.steps : []));
    const norms = new Map(
      report.flatMap(({ step: at, gradientNorm }) => [...at].map((s, i) => [s, gradientNorm[i]])),
    );
    for (const [i, at] of step.entries()) {
      // Plain descent goes straight down.
      assert.ok(values["angle"][i] < 0.1);
      const parts = Math.hypot(values["layers.0.gradientNorm"][i], values["layers.1.gradientNorm"][i]);
      const norm = norms.get(at) ?? NaN;
      assert.ok(Math.abs(parts - norm) < 1e-5 * norm, `${parts} for ${norm}`);
    }
    // A full batch has no noise: the ratio is that of the reported losses.
    const loss = new Map(report.flatMap(({ step: at, loss: f }) => [...at].map((s, i) => [s, f[i]])));
    const rate = 0.1;
    let compared = 0;
    for (const [i, at] of step.entries()) {
      const after = loss.get(at + 1);
      const ratio = values["decreaseRatio"][i];
      if (after === undefined || Number.isNaN(ratio)) continue;
      const predicted = rate * (norms.get(at) ?? NaN) ** 2;
      assert.ok(Math.abs(((loss.get(at) ?? NaN) - after) / predicted - ratio) < 0.02 * Math.abs(ratio));
      compared++;
    }
    assert.ok(compared > 3);
  });

  it("comes back with a stored run, from tags that TensorBoard groups", async () => {
    const folder = temporaryFolder();
    const run = begin(folder, configs["dropout and Adam"], { health: "every-step" });
    await run.run();
    const told = probes(run.events);
    const { health, steps } = await loadRun(runFolder(folder));
    assert.ok(health);
    assert.equal(steps.step.length, new Set(steps.step).size);
    for (const [i, at] of health.step.entries()) {
      const row = told.step.indexOf(at);
      for (const [key, column] of Object.entries(health.values))
        assert.deepEqual(column[i], Math.fround(told.values[key][row]));
    }
    const tags = new Set(journalOf(runFolder(folder)).flatMap(({ scalars }) => scalars.map(([tag]) => tag)));
    for (const tag of ["health/decrease_ratio", "health/angle", "health/layers.1.update_ratio"])
      assert.ok(tags.has(tag), tag);
  });
});

describe("the history of what was measured", () => {
  it("stays bounded and keeps the steps that went wrong", () => {
    const history = new HealthHistory();
    for (let step = 1; step <= 20_000; step++) {
      const wrong = step % 5000 === 77;
      history.push(step, {
        decreaseRatio: wrong ? -100 - step : step % 3 === 0 ? NaN : 0.5,
        "layers.0.updateRatio": 1e-3,
      });
    }
    const { step, values } = history.columns();
    assert.ok(step.length <= 1024);
    assert.ok(Object.values(values).every(({ length }) => length === step.length));
    for (const at of [77, 5077, 10_077, 15_077])
      assert.equal(values["decreaseRatio"][step.indexOf(at)], -100 - at);
    assert.equal(step.at(-1), 20_000);
  });

  it("knows of no value where a probe measured none", () => {
    const history = new HealthHistory();
    history.push(1, { angle: 1 });
    history.push(5, { decreaseRatio: 2 });
    history.append({ step: Float64Array.of(9), values: { angle: Float64Array.of(3) } });
    assert.deepEqual(history.columns(), {
      step: Float64Array.of(1, 5, 9),
      values: { angle: Float64Array.of(1, NaN, 3), decreaseRatio: Float64Array.of(NaN, 2, NaN) },
    });
    assert.deepEqual(thinHealth(history.columns(), 1).step, Float64Array.of(9));
  });
});

describe("the pace of looking", () => {
  /** Looks whenever it is due, a try every `stride` milliseconds, and returns the share of the time that it took. */
  function share(cost: number, stride: number, time: number): { looks: number; spent: number } {
    const pace = new ProbePace(0);
    let looks = 0;
    let now = 0;
    while (now < time) {
      if (pace.due(now, cost)) {
        now += cost;
        looks++;
        pace.looked(now, cost);
      } else now += stride;
    }
    return { looks, spent: (looks * cost) / time };
  }

  it("costs a small share of the time, whatever a look costs", () => {
    for (const cost of [0.05, 0.5, 5, 50, 500]) {
      const { looks, spent } = share(cost, 10, 180_000);
      assert.ok(spent < 0.022, `${cost} ms: ${spent}`);
      assert.ok(looks > 1);
    }
  });

  it("sees the first steps of a run of a moment, and no more a second than can be seen", () => {
    assert.ok(share(0.1, 0.1, 10).looks > 20);
    assert.ok(share(0.001, 0.01, 1000).looks < 64 + 45);
  });
});
