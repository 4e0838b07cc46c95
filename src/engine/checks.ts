/** What every engine checks before it starts, so that a kernel can trust its sizes. */
import type { EngineSettings, FloatArray, Loss, ParameterPlane } from "./engine";
import { targetWidth } from "./losses";
import { inputCount, outputCount } from "./network";

/** @throws RangeError if the training samples or the class weights do not fit the network or the loss */
export function expectSamples({ network, loss, training, classWeights }: EngineSettings): void {
  if (classWeights) expectClassWeights(classWeights, loss, outputCount(network));
  expectLength("training inputs", training.inputs, training.count * inputCount(network));
  const width = targetWidth(loss, outputCount(network));
  expectLength("training targets", training.targets, training.count * width);
  if (loss !== "categorical-cross-entropy") return;
  const classes = outputCount(network);
  for (const target of training.targets) {
    if (!(Number.isInteger(target) && target >= 0 && target < classes)) {
      throw new RangeError(`a class index is ${target}, and the network has ${classes} outputs`);
    }
  }
}

function expectClassWeights(weights: ArrayLike<number>, loss: Loss, outputs: number): void {
  const classes = loss === "categorical-cross-entropy" ? outputs : loss === "binary-cross-entropy" ? 2 : 0;
  if (weights.length !== classes) {
    throw new RangeError(`${weights.length} class weights, and ${loss} needs ${classes}`);
  }
  for (const weight of Array.from(weights)) {
    if (!(weight > 0 && weight < Infinity)) {
      throw new RangeError(`a class weight is ${weight}, and must be a positive number`);
    }
  }
}

/** @throws RangeError if an array has another length than the network needs */
export function expectLength(what: string, array: FloatArray, expected: number): void {
  if (array.length !== expected) {
    throw new RangeError(`${what}: ${array.length} numbers, and the network needs ${expected}`);
  }
}

/** @throws RangeError if the arrays of a plane, or the coordinates of its points, do not fit together */
export function expectPlane(
  { center, u, v, preActivations }: ParameterPlane,
  a: Float64Array,
  b: Float64Array,
  parameters: number,
  firstOutputs: number,
): void {
  for (const values of [center, u, v]) expectLength("parameters of a plane", values, parameters);
  for (const z of preActivations) expectLength("pre-activations", z, firstOutputs);
  if (a.length !== b.length) throw new RangeError(`${a.length} coordinates along u, and ${b.length} along v`);
}
