/**
 * The Hessian times a vector, exactly, for the price of about two gradients and without ever forming the
 * Hessian: B. A. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).
 *
 * H·v is how the gradient changes as θ moves along v. So every formula of the forward and backward passes is
 * differentiated by that motion: with a dot for the change of a quantity, ż = W·ȧ + V·a + v_b, ȧ = f′(z)·ż,
 * and so on back again.
 */
import { multiplyByDerivative, multiplyBySecondDerivative } from "./activations";
import { type Block, createBlock } from "./backpropagation";
import type { FloatArray } from "./engine";
import { deltaAlong } from "./losses";
import { outputCount } from "./network";
import { backwardProduct, forwardProduct, gradientProduct } from "./products";

/** A block of the same shape that holds the dots: z is ż, output is ȧ, delta is the change of delta. */
export function createDots(block: Block): Block {
  return createBlock(block.network, block.loss, block.classWeights, block.capacity);
}

/** Forward: ż and ȧ of every layer, after `forward` of the block itself. The inputs do not move. */
export function forwardAlong(
  block: Block,
  dots: Block,
  parameters: FloatArray,
  vector: FloatArray,
  rows: number,
): void {
  for (let l = 0; l < block.layers.length; l++) {
    const { inputs, units, activation } = block.network.layers[l];
    const { weight, bias } = block.offsets[l];
    const { z: zDot, output: outputDot } = dots.layers[l];
    const x = l === 0 ? block.inputs : block.layers[l - 1].output;
    forwardProduct(x, vector, weight, bias, zDot, rows, inputs, units);
    if (l > 0) forwardProduct(dots.layers[l - 1].output, parameters, weight, -1, zDot, rows, inputs, units);
    for (let i = 0; i < rows * units; i++) outputDot[i] = zDot[i];
    multiplyByDerivative(activation, block.layers[l].z, block.layers[l].a, outputDot, rows * units);
  }
}

/**
 * Backward, after `forwardAlong` and `blockLoss`: adds the block's part of H·v to `product`. With g = dL/da,
 * the change of delta = g · f′(z) is ġ · f′(z) + g · f″(z) · ż.
 */
export function backwardAlong(
  block: Block,
  dots: Block,
  parameters: FloatArray,
  vector: FloatArray,
  product: Float64Array,
  rows: number,
  scale: number,
): void {
  const last = block.layers.length - 1;
  const outputs = outputCount(block.network);
  deltaAlong(
    block.loss,
    block.layers[last].output,
    dots.layers[last].output,
    block.targets,
    rows,
    outputs,
    scale,
    dots.layers[last].delta,
    block.classWeights,
  );
  for (let l = last; l >= 0; l--) {
    const { inputs, units, activation } = block.network.layers[l];
    const { weight, bias } = block.offsets[l];
    const { z, a, delta } = block.layers[l];
    const { z: bend, delta: deltaDot } = dots.layers[l];
    const count = rows * units;

    // g · f″(z) · ż, written over ż, which is not needed any more.
    for (let i = 0; i < count; i++) bend[i] *= delta[i];
    multiplyBySecondDerivative(activation, z, a, bend, count);
    multiplyByDerivative(activation, z, a, delta, count);
    multiplyByDerivative(activation, z, a, deltaDot, count);
    for (let i = 0; i < count; i++) deltaDot[i] += bend[i];

    const x = l === 0 ? block.inputs : block.layers[l - 1].output;
    gradientProduct(deltaDot, x, product, weight, bias, rows, inputs, units);
    if (l === 0) return;
    gradientProduct(delta, dots.layers[l - 1].output, product, weight, -1, rows, inputs, units);

    const before = block.layers[l - 1].delta;
    const beforeDot = dots.layers[l - 1].delta;
    before.fill(0, 0, rows * inputs);
    beforeDot.fill(0, 0, rows * inputs);
    backwardProduct(delta, parameters, weight, before, rows, inputs, units);
    backwardProduct(deltaDot, parameters, weight, beforeDot, rows, inputs, units);
    backwardProduct(delta, vector, weight, beforeDot, rows, inputs, units);
  }
}
