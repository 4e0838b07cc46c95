/**
 * Forward and back through the network, for a block of rows.
 *
 * Forward, each layer l turns the outputs a of the one before into z = W·a + b and a = f(z). Backward, the
 * chain rule is applied in the other direction: from dL/da of a layer follow dL/dz = dL/da · f′(z), the
 * gradients dL/dW = dL/dzᵀ·a and dL/db = Σ dL/dz over the rows, and dL/da = dL/dz · W of the layer before.
 *
 * What is computed lies in a `Block`, made once and used for every step. Its numbers are float64: only what
 * is kept from step to step is stored in the engine's own precision.
 */
import { activate, multiplyByDerivative } from "./activations";
import { drawMasks } from "./dropout";
import type { FloatArray, Loss, Network, Samples } from "./engine";
import { lossAndDelta, targetWidth } from "./losses";
import { inputCount, layerOffsets, type LayerOffsets, outputCount } from "./network";
import { backwardProduct, forwardProduct, gradientProduct } from "./products";
import type { RandomStream } from "./random";

/** A layer's numbers for every row of a block: rows × units each. */
export interface LayerBlock {
  readonly z: Float64Array;
  /** f(z). */
  readonly a: Float64Array;
  /** What the next layer reads: `a` itself, or in a layer with dropout a masked copy. */
  readonly output: Float64Array;
  /** Dropout factors; null without dropout. */
  readonly mask: Float64Array | null;
  /** dL/d output, then dL/dz. */
  readonly delta: Float64Array;
}

export interface Block {
  readonly network: Network;
  readonly loss: Loss;
  /** One per class; null: none. */
  readonly classWeights: ArrayLike<number> | null;
  readonly offsets: readonly LayerOffsets[];
  /** The most rows it can hold. */
  readonly capacity: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
  readonly layers: readonly LayerBlock[];
  readonly masks: readonly (Float64Array | null)[];
}

export function createBlock(
  network: Network,
  loss: Loss,
  classWeights: ArrayLike<number> | null,
  capacity: number,
): Block {
  const layers = network.layers.map(({ units, dropout }): LayerBlock => {
    const a = new Float64Array(capacity * units);
    return {
      z: new Float64Array(capacity * units),
      a,
      output: dropout > 0 ? new Float64Array(capacity * units) : a,
      mask: dropout > 0 ? new Float64Array(capacity * units) : null,
      delta: new Float64Array(capacity * units),
    };
  });
  return {
    network,
    loss,
    classWeights,
    offsets: layerOffsets(network),
    capacity,
    inputs: new Float64Array(capacity * inputCount(network)),
    targets: new Float64Array(capacity * targetWidth(loss, outputCount(network))),
    layers,
    masks: layers.map(({ mask }) => mask),
  };
}

/** Copies the samples order[from … to) into the block; without an order, the samples from … to themselves. */
export function gather(
  block: Block,
  samples: Samples,
  order: Uint32Array | null,
  from: number,
  to: number,
): void {
  copyRows(samples.inputs, block.inputs, inputCount(block.network), order, from, to);
  copyRows(samples.targets, block.targets, block.targets.length / block.capacity, order, from, to);
}

function copyRows(
  source: FloatArray,
  target: Float64Array,
  width: number,
  order: Uint32Array | null,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    const start = (order === null ? row : order[row]) * width;
    const out = (row - from) * width;
    for (let k = 0; k < width; k++) target[out + k] = source[start + k];
  }
}

/**
 * Forward pass of the rows in the block, to z, a and output of every layer.
 *
 * @param dropout the stream to draw masks from; null leaves every unit in
 * @param given whether the first layer's z is there already
 */
export function forward(
  block: Block,
  parameters: FloatArray,
  rows: number,
  dropout: RandomStream | null,
  given = false,
): void {
  const { network, offsets, layers } = block;
  if (dropout !== null) drawMasks(network, dropout, block.masks, rows);
  let x = block.inputs;
  for (let l = 0; l < layers.length; l++) {
    const { inputs, units, activation } = network.layers[l];
    const { z, a, output, mask } = layers[l];
    if (l > 0 || !given) {
      forwardProduct(x, parameters, offsets[l].weight, offsets[l].bias, z, rows, inputs, units);
    }
    activate(activation, z, a, rows * units);
    if (mask !== null) applyMask(a, dropout === null ? null : mask, output, rows * units);
    x = output;
  }
}

function applyMask(a: Float64Array, mask: Float64Array | null, output: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) output[i] = mask === null ? a[i] : a[i] * mask[i];
}

/**
 * Sum of the losses of the block's rows, after a forward pass; leaves the derivative of the loss by the
 * outputs, times `scale`, in the last layer's delta.
 */
export function blockLoss(block: Block, rows: number, scale: number): number {
  const { output, delta } = block.layers[block.layers.length - 1];
  const { loss, targets, classWeights } = block;
  return lossAndDelta(loss, output, targets, rows, outputCount(block.network), scale, delta, classWeights);
}

/**
 * Backward pass, after `blockLoss`: adds the block's part to the gradient. The first layer needs no
 * derivative by its inputs, which saves a third of its work.
 */
export function backward(
  block: Block,
  parameters: FloatArray,
  gradient: Float64Array,
  rows: number,
  withDropout: boolean,
): void {
  const { network, offsets, layers } = block;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { inputs, units, activation } = network.layers[l];
    const { weight, bias } = offsets[l];
    const { z, a, mask, delta } = layers[l];
    const x = l === 0 ? block.inputs : layers[l - 1].output;
    if (withDropout && mask !== null) applyMask(delta, mask, delta, rows * units);
    multiplyByDerivative(activation, z, a, delta, rows * units);
    gradientProduct(delta, x, gradient, weight, bias, rows, inputs, units);
    if (l > 0) {
      const before = layers[l - 1].delta;
      before.fill(0, 0, rows * inputs);
      backwardProduct(delta, parameters, weight, before, rows, inputs, units);
    }
  }
}
