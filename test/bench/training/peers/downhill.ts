// Our own engine: node downhill.cjs wasm|reference [threads]. kernelThread.cjs, a bundle, lies beside.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { EngineSettings, Optimizer } from "../../../../src/engine/engine";
import { createEngine } from "../../../../src/engine/createEngine";
import { describeNetwork } from "../../../../src/engine/network";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { WorkerKernelThreads } from "../../../../src/run/kernelThreads";
import { readData } from "../workloads.mjs";
import { serve } from "./serve.mjs";

const create = process.argv[2] === "reference" ? createReferenceEngine : createEngine;
const most = Number(process.argv[3] ?? 1);
let threads: WorkerKernelThreads | undefined;

void serve((workload) => {
  const { inputs, hidden, outputs, activation, loss, batch, batches, learningRate } = workload;
  const { rows, x, y, parameters } = readData(workload, readFileSync(workload.file));
  const optimizer: Optimizer =
    workload.optimizer === "sgd"
      ? { type: "sgd", learningRate, weightDecay: 0 }
      : { type: "adam", learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
  const network = describeNetwork(
    inputs,
    hidden.map((units) => ({ units, activation })),
    outputs,
  );
  const training = { count: rows, inputs: x, targets: y };
  const settings: EngineSettings = { network, loss, optimizer, batchSize: batch, seed: 1, training };
  threads?.stop();
  threads = new WorkerKernelThreads({
    file: path.join(__dirname, "kernelThread.cjs"),
    most,
    allowed: () => most,
    lost: () => process.stderr.write("A thread was lost.\n"),
  });
  const engine = create(settings, parameters, { threads });
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const rates = new Float64Array(batches).fill(learningRate);
  const epoch = () => engine.runSteps(order, rates).losses.reduce((sum, value) => sum + value / batches, 0);
  return Promise.resolve({ epoch });
});
