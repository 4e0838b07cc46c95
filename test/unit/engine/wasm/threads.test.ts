/** Steps that several threads share, with real worker threads: the same bits, no thread left behind, none waited for in vain. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Engine, EngineSettings, Optimizer, ParameterPlane } from "../../../../src/engine/engine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { epochOrder, randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import type { KernelThreads, KernelWork } from "../../../../src/engine/threads";
import { createWasmEngine, type WasmOptions } from "../../../../src/engine/wasm/wasmEngine";
import { built } from "../../cli/built";
import { checksum } from "./checksum";
import { randomSamples } from "./cases";

/** Helpers in worker threads, which a test can wait for and end. */
class TestThreads implements KernelThreads {
  readonly workers: Worker[] = [];
  stopped = false;
  now = Infinity;

  /** @param deserts the helpers take a share and leave with it */
  constructor(
    readonly most: number,
    private readonly deserts = false,
  ) {}

  allowed(): number {
    return this.stopped ? 1 : Math.min(this.most, this.now);
  }

  start(work: KernelWork, index: number): void {
    const { exports } = new WebAssembly.Instance(work.module, {
      env: { memory: work.memory, interrupted: () => 0 },
    });
    const { helpersPresent, crewOf } = exports as Record<string, (run: number, count?: number) => number>;
    const file = path.join(path.dirname(built().worker), "kernelThread.js");
    const worker = this.deserts
      ? new Worker(deserter, { eval: true, workerData: { memory: work.memory, crew: crewOf(work.run) } })
      : new Worker(file, { workerData: { work, index } });
    worker.unref();
    worker.on("error", () => undefined);
    this.workers.push(worker);
    this.present = () => helpersPresent(work.run, this.workers.length);
  }
  present: () => number = () => 0;

  stop(): void {
    this.stopped = true;
    for (const worker of this.workers) void worker.terminate();
  }

  /** Resolves when all helpers are at work. */
  async ready(): Promise<void> {
    while (this.present() < this.workers.length) await sleep(5);
  }

  async end(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** Takes the first share it sees, as `kernel/crew.ts` does, and ends. */
const deserter = `
  const { memory, crew } = require("node:worker_threads").workerData;
  const state = new BigUint64Array(memory.buffer, crew, 1);
  for (;;) {
    const seen = Atomics.load(state, 0);
    if ((seen & 0xffffn) >= ((seen >> 16n) & 0xffffn)) continue;
    if (Atomics.compareExchange(state, 0, seen, seen + 1n) === seen) break;
  }
`;

const adam: Optimizer = {
  type: "adam",
  learningRate: 0.003,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
};

const small: EngineSettings = {
  network: describeNetwork(
    70,
    [
      { units: 61, activation: "relu", dropout: 0.2 },
      { units: 43, activation: "tanh" },
    ],
    5,
  ),
  loss: "categorical-cross-entropy",
  optimizer: adam,
  batchSize: 90,
  seed: 5,
  training: randomSamples(3, 400, 70, "categorical-cross-entropy", 5),
};
/** Weights that do not stay in a core's own cache. */
const large: EngineSettings = {
  ...small,
  network: describeNetwork(
    70,
    [
      { units: 900, activation: "silu" },
      { units: 110, activation: "elu" },
    ],
    3,
  ),
  loss: "mse",
  training: randomSamples(4, 400, 70, "mse", 3),
};

function train(engine: Engine, { training, batchSize }: EngineSettings, epochs: number) {
  const losses: number[] = [];
  const norms: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const steps = Math.ceil(training.count / batchSize);
    const order = epochOrder(5, epoch, training.count, true);
    const report = engine.runSteps(order, new Float64Array(steps).fill(0.003));
    losses.push(...report.losses);
    norms.push(...report.gradientNorms);
  }
  return { losses, norms };
}

/** A plane through the parameters of an engine, five points of it, and the losses there. */
function planeLosses(engine: Engine, { network, training }: EngineSettings): Float64Array {
  const center = engine.parameters.slice();
  const [u, v] = [1, 2].map((k) => center.map((_, i) => 0.1 * Math.sin(k * (i + 1))));
  // From the reference, which threads have no part in.
  const reference = createReferenceEngine({ ...small, network, training, loss: engineLoss(network) }, center);
  const preActivations = [center, u, v].map((theta) => reference.firstPreActivations(theta, training));
  const plane = { center, u, v, preActivations } as unknown as ParameterPlane;
  const a = Float64Array.of(0, 1, -0.5, 0.25, 3);
  const b = Float64Array.of(0, -1, 0.75, 2, -3);
  return engine.lossesOnPlane(plane, a, b, training);
}

function engineLoss({ layers }: EngineSettings["network"]): EngineSettings["loss"] {
  return layers[layers.length - 1].units === 5 ? "categorical-cross-entropy" : "mse";
}

function initial({ network }: EngineSettings) {
  return initialParameters(network, "auto", randomStream(5, "weights"));
}

describe("Steps shared by threads", function () {
  this.timeout(60_000);
  before(() => built());
  const all: TestThreads[] = [];
  afterEach(() => Promise.all(all.splice(0).map((threads) => threads.end())));

  async function withThreads(settings: EngineSettings, count: number, options: WasmOptions = {}) {
    const threads = new TestThreads(count);
    all.push(threads);
    const engine = createWasmEngine(settings, initial(settings), { threads, sharedWork: 1, ...options });
    await threads.ready();
    return { engine, threads };
  }

  for (const [name, settings, pinned] of [
    ["rows of a small network", small, "005a4a7b"],
    ["panels of a large one", large, "16be4fad"],
    ["a clipped gradient", { ...large, gradientClipNorm: 0.5 }, null],
    ["a long batch in blocks", { ...small, batchSize: 400 }, null],
  ] as const) {
    it(`compute the same bits: ${name}`, async () => {
      const limits = settings.batchSize === 400 ? { wholeBatchRows: 100, longBatchRows: 96 } : {};
      const alone = createWasmEngine(settings, initial(settings), limits);
      const expected = checksum(alone, train(alone, settings, 4));
      if (pinned) assert.equal(expected, pinned);
      const rows = Uint32Array.from({ length: 300 }, (_, i) => (i * 7) % 400);
      for (const count of [2, 3]) {
        const { engine, threads } = await withThreads(settings, count, limits);
        assert.equal(threads.workers.length, count - 1);
        assert.equal(checksum(engine, train(engine, settings, 4)), expected);
        assert.deepEqual(
          engine.evaluate(engine.parameters, settings.training),
          alone.evaluate(alone.parameters, settings.training),
        );
        assert.deepEqual(
          engine.gradientAt(engine.parameters, rows),
          alone.gradientAt(alone.parameters, rows),
        );
        const before = engine.snapshot();
        const losses = planeLosses(engine, settings);
        assert.deepEqual(losses, planeLosses(alone, settings));
        assert.equal(new Set(losses).size, 5);
        assert.deepEqual(engine.snapshot(), before);
      }
    });
  }

  it("compute the losses on a plane anew when one is lost meanwhile", () => {
    const log: string[] = [];
    const threads = new TestThreads(2, true);
    all.push(threads);
    const engine = createWasmEngine(large, initial(large), {
      threads,
      sharedWork: 1,
      log: (message) => log.push(message),
    });
    const alone = createWasmEngine(large, initial(large));
    const expected = planeLosses(alone, large);
    for (let round = 0; log.length === 0 && round < 2000; round++) {
      assert.deepEqual(planeLosses(engine, large), expected);
    }
    assert.equal(log.length, 1);
    assert.ok(threads.stopped);
    assert.deepEqual(planeLosses(engine, large), expected);
    assert.deepEqual(train(engine, large, 1), train(alone, large, 1));
  });

  it("compute the same bits when threads come late, are called away and come back", async () => {
    const threads = new TestThreads(3);
    all.push(threads);
    const engine = createWasmEngine(large, initial(large), { threads });
    const alone = createWasmEngine(large, initial(large));
    // At first they are still starting.
    for (const now of [3, 2, 1, 3, 1, 2]) {
      threads.now = now;
      assert.deepEqual(train(engine, large, 1), train(alone, large, 1));
      await threads.ready();
    }
    assert.deepEqual(engine.snapshot(), alone.snapshot());
  });

  it("go on with one thread, from where the call began, when one is lost", () => {
    const log: string[] = [];
    const threads = new TestThreads(2, true);
    all.push(threads);
    const engine = createWasmEngine(large, initial(large), { threads, log: (message) => log.push(message) });
    const alone = createWasmEngine(large, initial(large));
    const { parameters } = engine;
    while (log.length === 0 && engine.step < 10_000) {
      assert.deepEqual(train(engine, large, 1), train(alone, large, 1));
    }
    assert.match(log[0], /A thread that helped to compute was lost, so the run goes on with one/);
    assert.ok(threads.stopped);
    assert.deepEqual(engine.snapshot(), alone.snapshot());
    assert.equal(engine.parameters, parameters);
  });

  it("go on with one thread when one meets a trap", async () => {
    const log: string[] = [];
    const { engine, threads } = await withThreads(large, 2, { log: (message) => log.push(message) });
    const broken = epochOrder(5, 1, 400, true).slice();
    broken[200] = 2 ** 28;
    const rates = new Float64Array(4).fill(0.003);
    const report = engine.runSteps(broken, rates);
    // Whoever met it first, in the end it is the reference that says what is wrong.
    assert.equal(report.completed, 2);
    assert.ok(report.nonFinite);
    assert.equal(engine.kernel, "reference-float32-1");
    assert.ok(threads.stopped);
    // The reference serves whoever looks at the surface, too.
    const reference = createReferenceEngine(large, engine.parameters.slice());
    assert.deepEqual(planeLosses(engine, large), planeLosses(reference, large));
  });

  it("leave a step at an interrupt without a trace", async () => {
    const { engine } = await withThreads(
      {
        ...large,
        network: describeNetwork(
          70,
          [
            { units: 3000, activation: "relu" },
            { units: 2000, activation: "relu" },
          ],
          3,
        ),
      },
      2,
    );
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const before = engine.snapshot();
    const raise = new Worker(
      `const { flag } = require("node:worker_threads").workerData;
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
       Atomics.store(flag, 0, 1);`,
      { eval: true, workerData: { flag } },
    );
    await new Promise((resolve) => raise.on("online", resolve));
    let report = engine.runSteps(
      Uint32Array.from({ length: 400 }, (_, i) => i),
      new Float64Array(5).fill(1e-3),
      flag,
    );
    while (report.nonFinite === undefined && flag[0] === 0) {
      report = engine.runSteps(
        Uint32Array.from({ length: 400 }, (_, i) => i),
        new Float64Array(5).fill(1e-3),
        flag,
      );
    }
    const steps = engine.step;
    flag[0] = 0;
    const left = engine.snapshot();
    const alone = createWasmEngine(
      {
        ...large,
        network: engine.network,
      },
      before.parameters,
    );
    for (let made = 0; made < steps; made += 5) {
      const count = Math.min(5, steps - made);
      alone.runSteps(
        Uint32Array.from({ length: 400 }, (_, i) => i),
        new Float64Array(count).fill(1e-3),
      );
    }
    assert.deepEqual(left, alone.snapshot());
    await raise.terminate();
  });

  it("sleep when there is nothing to do", async () => {
    const { engine } = await withThreads(large, 2);
    train(engine, large, 2);
    await sleep(50);
    const before = process.cpuUsage();
    await sleep(300);
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 150_000, `${user + system} µs of 300,000`);
  });

  it("are done without where memory cannot be shared", () => {
    const threads = new TestThreads(2);
    const original = WebAssembly.Memory;
    function refuse(description: WebAssembly.MemoryDescriptor) {
      if (description.shared) throw new TypeError("shared memory is not supported");
      return new original(description);
    }
    WebAssembly.Memory = refuse as unknown as typeof WebAssembly.Memory;
    try {
      const engine = createWasmEngine(large, initial(large), { threads });
      assert.equal(threads.workers.length, 0);
      assert.equal(engine.kernel, "wasm-simd-float32-2");
      train(engine, large, 1);
    } finally {
      WebAssembly.Memory = original;
    }
  });

  it("are not asked for where a step is too small", () => {
    const threads = new TestThreads(8);
    createWasmEngine({ ...small, batchSize: 8 }, initial(small), { threads });
    assert.equal(threads.workers.length, 0);
  });
});
