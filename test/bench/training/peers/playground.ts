// TensorFlow Playground's own code (github.com/tensorflow/playground, src/nn.ts, Apache-2.0), which is not part of this project: name your
// copy of that file in DOWNHILL_PLAYGROUND. It knows plain gradient descent and networks of one output.
import { readFileSync } from "node:fs";
import * as nn from "playground-nn";
import { readData } from "../workloads.mjs";
import { serve } from "./serve.mjs";

const crossEntropy = {
  error: (output: number, target: number) => -Math.log(target > 0.5 ? output : 1 - output),
  der: (output: number, target: number) => (output - target) / (output * (1 - output)),
};

void serve((workload) => {
  const { inputs, hidden, loss, activation, batch, batches, optimizer, learningRate } = workload;
  if (loss !== "binary-cross-entropy" || activation !== "tanh" || optimizer !== "sgd") {
    return Promise.reject(new Error("not what the Playground trains"));
  }
  const { x, y, layers } = readData(workload, readFileSync(workload.file));
  const ids = Array.from({ length: inputs }, (_, i) => `x${i}`);
  const network = nn.buildNetwork(
    [inputs, ...hidden, 1],
    nn.Activations.TANH,
    nn.Activations.SIGMOID,
    null,
    ids,
  );
  layers.forEach((layer: { inputs: number; weight: Float32Array; bias: Float32Array }, l: number) =>
    network[l + 1].forEach((node, unit) => {
      node.bias = layer.bias[unit];
      node.inputLinks.forEach((link, k) => (link.weight = layer.weight[unit * layer.inputs + k]));
    }),
  );
  const rows = Array.from({ length: batch * batches }, (_, i) =>
    Array.from(x.subarray(i * inputs, (i + 1) * inputs)),
  );
  const epoch = () => {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) {
      const output = nn.forwardProp(network, rows[i]);
      sum += crossEntropy.error(output, y[i]);
      nn.backProp(network, y[i], crossEntropy);
      if ((i + 1) % batch === 0) nn.updateWeights(network, learningRate, 0);
    }
    return sum / rows.length;
  };
  return Promise.resolve({ epoch });
});
