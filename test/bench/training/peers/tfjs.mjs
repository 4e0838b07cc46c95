// TensorFlow.js: node tfjs.mjs wasm|cpu
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readData } from "../workloads.mjs";
import { serve } from "./serve.mjs";

console.warn = () => {};
const folder = path.dirname(fileURLToPath(import.meta.url));
setWasmPaths(path.join(folder, "../node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
await tf.setBackend(process.argv[2]);
await tf.ready();

serve(async (workload) => {
  const { inputs, batch, batches, outputs, activation, loss, learningRate } = workload;
  const { x, y, layers } = readData(workload, readFileSync(workload.file));
  const weights = layers.map((layer) => ({
    weight: tf.variable(tf.transpose(tf.tensor2d(layer.weight, [layer.units, layer.inputs]))),
    bias: tf.variable(tf.tensor1d(layer.bias)),
  }));
  const optimizer =
    workload.optimizer === "sgd" ? tf.train.sgd(learningRate) : tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  const data = Array.from({ length: batches }, (_, i) => {
    const targets = y.slice(i * batch, (i + 1) * batch);
    return {
      x: tf.tensor2d(x.slice(i * batch * inputs, (i + 1) * batch * inputs), [batch, inputs]),
      y:
        loss === "categorical-cross-entropy"
          ? tf.oneHot(tf.tensor1d(Int32Array.from(targets), "int32"), outputs).toFloat()
          : tf.tensor2d(targets, [batch, 1]),
    };
  });
  const lossOf = (x, y) => {
    let a = x;
    weights.forEach(({ weight, bias }, i) => {
      a = tf.add(tf.matMul(a, weight), bias);
      if (i < weights.length - 1) a = activation === "relu" ? tf.relu(a) : tf.tanh(a);
    });
    if (loss === "mse") return tf.losses.meanSquaredError(y, a);
    if (loss === "binary-cross-entropy") return tf.losses.sigmoidCrossEntropy(y, a);
    return tf.losses.softmaxCrossEntropy(y, a);
  };
  return {
    epoch: async () => {
      let sum = 0;
      for (const { x, y } of data) {
        const value = optimizer.minimize(() => lossOf(x, y), true);
        sum += (await value.data())[0];
        value.dispose();
      }
      return sum / batches;
    },
  };
});
