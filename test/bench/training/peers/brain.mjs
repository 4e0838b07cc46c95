// brain.js: sample by sample, on a squared loss of its own, so that only its speed can be compared.
import brain from "brain.js";
import { readFileSync } from "node:fs";
import { readData } from "../workloads.mjs";
import { serve } from "./serve.mjs";

serve(async (workload) => {
  const { inputs, hidden, outputs, activation, batch, batches, loss, learningRate } = workload;
  const { x, y } = readData(workload, readFileSync(workload.file));
  const network = new brain.NeuralNetwork({
    inputSize: inputs,
    hiddenLayers: hidden,
    outputSize: outputs,
    activation,
  });
  const data = Array.from({ length: batch * batches }, (_, i) => {
    const output = new Float32Array(outputs);
    if (loss === "categorical-cross-entropy") output[y[i]] = 1;
    else output[0] = y[i];
    return { input: x.subarray(i * inputs, (i + 1) * inputs), output };
  });
  const options = {
    iterations: 1,
    errorThresh: 1e-9,
    learningRate,
    praxis: workload.optimizer === "adam" ? "adam" : undefined,
  };
  return {
    epoch: () => {
      network.train(data, options);
      return null;
    },
  };
});
